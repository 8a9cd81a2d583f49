// The linker's fingerprint of an ELF file: tells whether the file on this machine is the one a core was made with.

import { readElf } from "./elf.ts";
import { PT_NOTE } from "./elf-format.ts";
import { readNotes } from "./elf-notes.ts";
import type { ReadAt } from "./read-at.ts";

const NT_GNU_BUILD_ID = 3;

/** Hexadecimal build id; null when the file has none or is no ELF file. It lies in the first page, which cores keep. */
export function readBuildId(file: ReadAt): string | null {
  const elf = readElf(file);
  if (!elf.ok) return null;
  for (const segment of elf.value.segments) {
    if (segment.type !== PT_NOTE) continue;
    const note = readNotes(file, segment).find((n) => n.type === NT_GNU_BUILD_ID && n.name === "GNU");
    if (note !== undefined) return Buffer.from(note.bytes).toString("hex");
  }
  return null;
}
