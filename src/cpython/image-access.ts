// Single reads from a MemoryImage for code that is not hot. Hot loops inline the same arithmetic.
// A slot of -1 means "not in the copy".

import { HIGH_WORD } from "../base/uint32.ts";
import type { Addr } from "../base/brand.ts";
import { bytesIn } from "../base/byte-windows.ts";
import type { MemoryImage } from "./memory-image.ts";

const decoder = new TextDecoder();

/** Slot of an address, rounded down to 8 bytes. */
export function slotOfAddress(image: MemoryImage, address: number): number {
  return slotOfHalves(image, (address % HIGH_WORD) >>> 0, Math.floor(address / HIGH_WORD));
}

/** Slot of an address given as its two halves. */
export function slotOfHalves(image: MemoryImage, low: number, high: number): number {
  if (high > 0xffff) return -1;
  const table = image.highTable[high]!;
  if (table === 0) return -1;
  const page = image.pageTable[((table << 20) | (low >>> 12)) >>> 0]!;
  return page === 0 ? -1 : page * 512 + ((low & 4095) >>> 3);
}

/** Slot that the pointer stored at `slot` leads to. */
export function follow(image: MemoryImage, slot: number): number {
  return slotOfHalves(image, image.words[slot * 2]!, image.words[slot * 2 + 1]!);
}

/** The pointer stored at `slot`, as an address. */
export function pointerAt(image: MemoryImage, slot: number): Addr {
  return (image.words[slot * 2]! + image.words[slot * 2 + 1]! * HIGH_WORD) as Addr;
}

/** Signed 64-bit integer at `slot`; exact up to 2^53. */
export function int64At(image: MemoryImage, slot: number): number {
  return image.words[slot * 2]! + (image.words[slot * 2 + 1]! | 0) * HIGH_WORD;
}

/** Signed 32-bit integer at a byte offset from `slot`; the offset is a multiple of 4. */
export function int32At(image: MemoryImage, slot: number, byteOffset: number): number {
  return image.words[slot * 2 + (byteOffset >>> 2)]! | 0;
}

/** Bytes at an address, from the copy or from outside of it; may be shorter than asked. */
export function bytesAt(image: MemoryImage, address: Addr, length: number): Uint8Array {
  const slot = slotOfAddress(image, address);
  if (slot < 0) return image.outside.read(address, length);
  const start = slot * 8 + (address % 8);
  const runEndByte = (image.runEnd[Math.floor(slot / 512)]! + 1) * 4096;
  return bytesIn(image.bytes, start, Math.min(length, runEndByte - start));
}

/** A zero-terminated string at an address; at most `limit` bytes. */
export function cStringAt(image: MemoryImage, address: Addr, limit = 256): string {
  if (address === 0) return "";
  const bytes = bytesAt(image, address, limit);
  const end = bytes.indexOf(0);
  return decoder.decode(bytes.subarray(0, end < 0 ? bytes.length : end));
}
