// The notes of an ELF file: small named records that linkers and dumpers leave. elf(5), "Notes (Nhdr)".

import { type ElfSegment, viewOf } from "./elf-format.ts";
import type { ReadAt } from "./read-at.ts";

/** Ten thousand threads with wide registers make 30 MB. */
const MAX_NOTE_BYTES = 1 << 28;

export interface Note {
  readonly type: number;
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Splits one PT_NOTE segment (or as much of it as there is). Names and contents are padded to four bytes. */
export function readNotes(file: ReadAt, segment: ElfSegment): Note[] {
  const bytes = file.read(segment.offset, Math.min(segment.fileBytes, MAX_NOTE_BYTES));
  const view = viewOf(bytes);
  const notes: Note[] = [];
  for (let at = 0; at + 12 <= bytes.length; ) {
    const nameBytes = view.getUint32(at, true);
    const size = view.getUint32(at + 4, true);
    const content = at + 12 + padded(nameBytes);
    if (content + size > bytes.length) break;
    notes.push({
      type: view.getUint32(at + 8, true),
      name: textAt(bytes, at + 12, nameBytes),
      bytes: bytes.subarray(content, content + size),
    });
    at = content + padded(size);
  }
  return notes;
}

function padded(bytes: number): number {
  return Math.ceil(bytes / 4) * 4;
}

/** The characters of a field up to its first zero byte. */
export function textAt(bytes: Uint8Array, start: number, length: number): string {
  const field = bytes.subarray(start, start + length);
  const end = field.indexOf(0);
  return Buffer.from(end < 0 ? field : field.subarray(0, end)).toString("utf8");
}
