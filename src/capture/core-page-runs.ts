// Tells pages with something in them from pages of zeros: zeros are neither copied nor written, so that a core with
// gigabytes of untouched memory costs neither memory nor disk.

import { IMAGE_PAGE_BYTES } from "../cpython/memory-image.ts";

/** Calls `take(start, end)` for each longest run of pages of `bytes` that hold anything. Offsets are in bytes. */
export function forEachFilledRun(bytes: Uint8Array, take: (start: number, end: number) => void): void {
  let runStart = -1;
  for (let at = 0; at < bytes.length; at += IMAGE_PAGE_BYTES) {
    const end = Math.min(at + IMAGE_PAGE_BYTES, bytes.length);
    const isZero = isAllZero(bytes, at, end);
    if (!isZero && runStart < 0) runStart = at;
    if (isZero && runStart >= 0) {
      take(runStart, at);
      runStart = -1;
    }
  }
  if (runStart >= 0) take(runStart, bytes.length);
}

function isAllZero(bytes: Uint8Array, start: number, end: number): boolean {
  const first = bytes.byteOffset + start;
  // A typed array must start at a multiple of its element size; our buffers always do.
  if (first % 4 !== 0) return bytes.subarray(start, end).every((byte) => byte === 0);
  const words = new Int32Array(bytes.buffer, first, (end - start) >>> 2);
  for (let i = 0; i < words.length; i++) {
    if (words[i] !== 0) return false;
  }
  for (let i = start + words.length * 4; i < end; i++) {
    if (bytes[i] !== 0) return false;
  }
  return true;
}
