// The notes of a core file: who it was, how many threads, which files were mapped where. core(5); include/linux/elfcore.h.
// Offsets below are those of 64-bit Linux (x86-64 and AArch64 agree on them).

import type { Addr } from "../base/brand.ts";
import type { FileMapping } from "./elf-mapped.ts";
import { type ElfSegment, PT_NOTE, readU64, viewOf } from "./elf-format.ts";
import { readNotes, textAt } from "./elf-notes.ts";
import type { ReadAt } from "./read-at.ts";

const NT_PRSTATUS = 1;
const NT_PRPSINFO = 3;
const NT_FILE = 0x46494c45;
/** struct elf_prstatus: pr_pid. */
const PRSTATUS_PID = 32;
/** struct elf_prpsinfo: pr_pid, pr_fname[16], pr_psargs[80]. */
const PRPSINFO_PID = 24;
const PRPSINFO_NAME = 40;
const PRPSINFO_ARGUMENTS = 56;
const PRPSINFO_BYTES = 136;
export interface CoreNotes {
  readonly pid: number | null;
  /** Up to 80 characters of the command line, split at spaces; or the program's short name. */
  readonly command: readonly string[];
  readonly threadCount: number;
  /** Ascending by address. */
  readonly mappings: readonly FileMapping[];
}

export function readCoreNotes(file: ReadAt, segments: readonly ElfSegment[]): CoreNotes {
  const notes = segments.filter((s) => s.type === PT_NOTE).flatMap((s) => readNotes(file, s));
  const ofKernel = notes.filter((note) => note.name === "CORE");
  const threads = ofKernel.filter((note) => note.type === NT_PRSTATUS);
  const info = ofKernel.find((note) => note.type === NT_PRPSINFO && note.bytes.length >= PRPSINFO_BYTES)?.bytes;
  return {
    pid: info === undefined ? int32(threads[0]?.bytes, PRSTATUS_PID) : int32(info, PRPSINFO_PID),
    command: info === undefined ? [] : commandOf(info),
    threadCount: threads.length,
    mappings: ofKernel
      .filter((note) => note.type === NT_FILE)
      .flatMap((note) => readFileNote(note.bytes))
      .sort((a, b) => a.start - b.start),
  };
}

// long count; long page_size; {long start, end, file_ofs}[count]; then `count` names, each ended by a zero byte.
// file_ofs counts in page_size units, and gcore writes 1 there, not 4096. Kernel: fs/binfmt_elf.c fill_files_note().
function readFileNote(bytes: Uint8Array): FileMapping[] {
  if (bytes.length < 16) return [];
  const view = viewOf(bytes);
  const count = readU64(view, 0);
  const unit = readU64(view, 8);
  const mappings: FileMapping[] = [];
  if (16 + count * 24 > bytes.length) return [];
  for (let i = 0, name = 16 + count * 24; i < count && name < bytes.length; i++) {
    const at = 16 + i * 24;
    const [start, end] = [readU64(view, at), readU64(view, at + 8)];
    const path = textAt(bytes, name, bytes.length - name);
    name += Buffer.byteLength(path) + 1;
    const fileOffset = readU64(view, at + 16) * unit;
    if (start < end && end <= 2 ** 53) mappings.push({ start: start as Addr, end: end as Addr, fileOffset, path });
  }
  return mappings;
}

function commandOf(info: Uint8Array): string[] {
  const words = textAt(info, PRPSINFO_ARGUMENTS, 80)
    .split(" ")
    .filter((word) => word !== "");
  const name = textAt(info, PRPSINFO_NAME, 16);
  return words.length > 0 || name === "" ? words : [name];
}

function int32(bytes: Uint8Array | undefined, at: number): number | null {
  return bytes === undefined || bytes.length < at + 4 ? null : viewOf(bytes).getInt32(at, true);
}
