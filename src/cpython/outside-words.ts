// Single words of a running process, read through an OutsideReader: for facts that are asked once, not for loops.

import type { Addr } from "../base/brand.ts";
import { HIGH_WORD } from "../base/uint32.ts";
import type { OutsideReader } from "./memory-image.ts";

/** The 8 bytes at `address` as an unsigned number, null when they cannot be read. Exact up to 2^53. */
export function wordAt(memory: OutsideReader, address: number): number | null {
  const bytes = memory.read(address as Addr, 8);
  if (bytes.length < 8) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, 8);
  return view.getUint32(0, true) + view.getUint32(4, true) * HIGH_WORD;
}

/** The 4 bytes at `address` as a signed number, null when they cannot be read. */
export function int32At(memory: OutsideReader, address: number): number | null {
  const bytes = memory.read(address as Addr, 4);
  return bytes.length < 4 ? null : new DataView(bytes.buffer, bytes.byteOffset, 4).getInt32(0, true);
}
