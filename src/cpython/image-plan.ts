// Lays out a MemoryImage: which page of the copy holds which page of the target.
// Neighbouring target pages stay neighbours in the copy, so that `slot + k` means `address + 8 * k` inside a run.
// Runs are kept apart by one empty page, so that a loop which leaves its run meets zeros, not a stranger's data.

import { HIGH_WORD } from "../base/uint32.ts";
import type { Addr } from "../base/brand.ts";
import { byteWindows } from "../base/byte-windows.ts";
import { invariant } from "../base/invariant.ts";
import { IMAGE_PAGE_BYTES, type ImageRun, type MemoryImage, type OutsideReader } from "./memory-image.ts";

/** Pages of the target that follow each other. */
export interface RegionPages {
  /** Page aligned. */
  readonly address: Addr;
  readonly pageCount: number;
}

export interface ImagePlan {
  readonly runs: readonly ImageRun[];
  /** Pages of the copy, the unused page 0 and the gaps included. */
  readonly pageCount: number;
  readonly bufferBytes: number;
}

/** An image can be no larger: its 32-bit words must fit one Uint32Array of Node 20. */
export const MAX_IMAGE_BYTES: number = 2 ** 34 - IMAGE_PAGE_BYTES;

/** Plans a copy of `regions` (any order, not overlapping). Touching regions become one run. */
export function planImage(regions: readonly RegionPages[]): ImagePlan {
  const sorted = [...regions].sort((a, b) => a.address - b.address);
  const runs: { address: Addr; firstPage: number; pageCount: number }[] = [];
  let nextPage = 1;
  for (const region of sorted) {
    if (region.pageCount === 0) continue;
    const last = runs.at(-1);
    const end = last === undefined ? -1 : last.address + last.pageCount * IMAGE_PAGE_BYTES;
    invariant(region.address >= end, "image regions overlap");
    if (last !== undefined && end === region.address) {
      last.pageCount += region.pageCount;
      nextPage += region.pageCount;
      continue;
    }
    if (last !== undefined) nextPage += 1;
    runs.push({ address: region.address, firstPage: nextPage, pageCount: region.pageCount });
    nextPage += region.pageCount;
  }
  return { runs, pageCount: nextPage, bufferBytes: nextPage * IMAGE_PAGE_BYTES };
}

/** Byte offset in the copy of a target address, or -1 when the plan does not hold it. */
export function offsetInPlan(plan: ImagePlan, address: Addr): number {
  let low = 0;
  let high = plan.runs.length - 1;
  while (low <= high) {
    const middle = (low + high) >>> 1;
    const run = plan.runs[middle];
    invariant(run !== undefined, "run index in range");
    if (address < run.address) high = middle - 1;
    else if (address >= run.address + run.pageCount * IMAGE_PAGE_BYTES) low = middle + 1;
    else return run.firstPage * IMAGE_PAGE_BYTES + (address - run.address);
  }
  return -1;
}

/** Indexes a filled buffer of `plan.bufferBytes` bytes (an ArrayBuffer or SharedArrayBuffer). */
export function createImage(
  plan: ImagePlan,
  buffer: ArrayBufferLike,
  copiedBytes: number,
  outside: OutsideReader,
): MemoryImage {
  const highTable = new Uint8Array(65536);
  const tables = assignTables(plan.runs, highTable);
  const pageTable = new Uint32Array((tables + 1) * (1 << 20));
  const runEnd = new Uint32Array(plan.pageCount);
  for (const run of plan.runs) indexRun(run, highTable, pageTable, runEnd);
  return {
    words: new Uint32Array(buffer, 0, plan.bufferBytes / 4),
    bytes: byteWindows(buffer, plan.bufferBytes),
    highTable,
    pageTable,
    pageCount: plan.pageCount,
    runEnd,
    runs: plan.runs,
    copiedBytes,
    outside,
  };
}

function assignTables(runs: readonly ImageRun[], highTable: Uint8Array): number {
  let tables = 0;
  for (const run of runs) {
    const lastByte = run.address + run.pageCount * IMAGE_PAGE_BYTES - 1;
    for (let high = highWord(run.address); high <= highWord(lastByte); high++) {
      if (highTable[high] !== 0) continue;
      tables += 1;
      invariant(tables < 256, "fewer than 256 distinct high words");
      highTable[high] = tables;
    }
  }
  return tables;
}

function indexRun(run: ImageRun, highTable: Uint8Array, pageTable: Uint32Array, runEnd: Uint32Array): void {
  const lastPage = run.firstPage + run.pageCount - 1;
  for (let i = 0; i < run.pageCount; i++) {
    const address = run.address + i * IMAGE_PAGE_BYTES;
    const table = highTable[highWord(address)] ?? 0;
    pageTable[((table << 20) | ((address % HIGH_WORD) >>> 12)) >>> 0] = run.firstPage + i;
    runEnd[run.firstPage + i] = lastPage;
  }
}

function highWord(address: number): number {
  return Math.floor(address / HIGH_WORD);
}
