// What the ELF readers share: the numbers of the format they need and the shapes they exchange. elf(5).

import { HIGH_WORD } from "../base/uint32.ts";

/** "\x7fELF", read as a big-endian number. */
export const ELF_MAGIC = 0x7f454c46;
export const PT_LOAD = 1;
export const PT_DYNAMIC = 2;
export const PT_NOTE = 4;
/** Segment is writable. */
export const PF_W = 2;

export interface ElfSegment {
  readonly type: number;
  readonly flags: number;
  readonly offset: number;
  readonly address: number;
  readonly fileBytes: number;
  readonly memoryBytes: number;
}

export interface ElfSection {
  readonly type: number;
  readonly offset: number;
  readonly size: number;
  readonly link: number;
}

/** A DataView over exactly the bytes of `bytes`. */
export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** An unsigned 64-bit number; above 2^53 it is inexact, and every use is checked against a size first. */
export function readU64(view: DataView, at: number): number {
  return view.getUint32(at, true) + view.getUint32(at + 4, true) * HIGH_WORD;
}
