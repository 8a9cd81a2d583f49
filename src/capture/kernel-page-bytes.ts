// How large the kernel's pages are: 4096 bytes on x86-64, up to 65,536 on arm64. Read from our own process, since all processes of one
// kernel have the same: /proc/self/auxv is pairs of 64-bit words {type, value}; AT_PAGESZ is 6 (getauxval(3)).

import { readFileSync } from "node:fs";

const PAGE_SIZE_TYPE = 6n;
const SMALLEST = 4096;

/** 4096 where it cannot be read. */
export function kernelPageBytes(): number {
  try {
    return pageBytesIn(readFileSync("/proc/self/auxv"));
  } catch {
    return SMALLEST;
  }
}

/** From the bytes of an auxv. */
export function pageBytesIn(auxv: Buffer): number {
  for (let at = 0; at + 16 <= auxv.length; at += 16) {
    if (auxv.readBigUInt64LE(at) === PAGE_SIZE_TYPE) return Math.max(SMALLEST, Number(auxv.readBigUInt64LE(at + 8)));
  }
  return SMALLEST;
}
