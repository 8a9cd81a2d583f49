// /proc/PID/pagemap: which pages of a mapping exist. One little-endian 64-bit word per page; bit 63 = present in memory,
// bit 62 = in swap (Documentation/admin-guide/mm/pagemap.rst). Both must be read: a page in swap holds objects too.
// A page that is neither was never touched: reading it through /proc/PID/mem would give the *target* a page table entry.

import { read } from "node:fs";
import { kernelPageBytes } from "./kernel-page-bytes.ts";
import type { Addr } from "../base/brand.ts";
import { IMAGE_PAGE_BYTES } from "../cpython/memory-image.ts";
import type { OpenFile } from "./proc-fs.ts";

/** Pages that follow each other and all exist. */
export interface PageRun {
  readonly address: Addr;
  readonly pageCount: number;
}

/** A stretch of memory to look up; page aligned. */
export interface AddressRange {
  readonly start: Addr;
  readonly end: Addr;
}

/** 64 MiB of the target: 128 KiB of pagemap, small enough to share the work between threads. */
const PIECE_BYTES = 64 << 20;
const WORD_BYTES = 8;
/** Looking up this much takes less time than handing it to another thread. */
const INLINE_BYTES = 2 << 20;
const LANES = 4;
const PRESENT_OR_SWAPPED = 0xc0;
/** Bit 58, Linux 6.15: a guard region (MADV_GUARD_INSTALL), as glibc 2.42 has below each stack. It is marked as if it were in swap. */
const GUARD = 0x04;

interface Piece extends AddressRange {
  readonly rangeIndex: number;
}

/** For each range the runs of existing pages, ascending. A range the kernel refuses is empty. */
export async function readPresentRuns(pagemap: OpenFile, ranges: readonly AddressRange[]): Promise<PageRun[][]> {
  const pageBytes = kernelPageBytes();
  const pieces = cutIntoPieces(ranges);
  const found: PageRun[][] = pieces.map(() => []);
  let next = 0;
  const lane = async (): Promise<void> => {
    const words = Buffer.alloc((PIECE_BYTES / pageBytes) * WORD_BYTES);
    for (let index = next++; index < pieces.length; index = next++) {
      const piece = pieces[index];
      if (piece === undefined) continue;
      const length = await readPiece(pagemap, words, piece, pageBytes);
      found[index] = presentRuns(words, length, piece.start, pageBytes);
    }
  };
  await Promise.all(Array.from({ length: Math.min(LANES, pieces.length) }, lane));
  return joinPieces(ranges.length, pieces, found);
}

function cutIntoPieces(ranges: readonly AddressRange[]): Piece[] {
  const pieces: Piece[] = [];
  for (const [rangeIndex, range] of ranges.entries()) {
    for (let start = range.start; start < range.end; start = (start + PIECE_BYTES) as Addr) {
      pieces.push({ rangeIndex, start, end: Math.min(start + PIECE_BYTES, range.end) as Addr });
    }
  }
  return pieces;
}

/** Bytes of pagemap read for a piece. */
function readPiece(pagemap: OpenFile, words: Uint8Array, piece: Piece, pageBytes: number): number | Promise<number> {
  const length = ((piece.end - piece.start) / pageBytes) * WORD_BYTES;
  const position = (piece.start / pageBytes) * WORD_BYTES;
  if (piece.end - piece.start <= INLINE_BYTES) return Math.max(0, pagemap.readInto(words, 0, length, position));
  return new Promise((resolve) => {
    read(pagemap.fd, words, 0, length, position, (error, bytes) => resolve(error === null ? bytes : 0));
  });
}

/**
 * Runs of existing pages in the first `length` bytes of `words`, which describe memory from `start` on. A page of the kernel
 * has `pageBytes`, a power of two of at least 4096; the runs count pages of 4096 bytes.
 */
export function presentRuns(
  words: Uint8Array,
  length: number,
  start: Addr,
  pageBytes: number = IMAGE_PAGE_BYTES,
): PageRun[] {
  const runs: PageRun[] = [];
  const pages = Math.floor(length / WORD_BYTES);
  let runStart = -1;
  for (let page = 0; page <= pages; page++) {
    const exists = page < pages && isThere(words[page * WORD_BYTES + 7] ?? 0);
    if (exists && runStart < 0) runStart = page;
    if (exists || runStart < 0) continue;
    const pageCount = (page - runStart) * (pageBytes / IMAGE_PAGE_BYTES);
    runs.push({ address: (start + runStart * pageBytes) as Addr, pageCount });
    runStart = -1;
  }
  return runs;
}

/** `top`: the highest byte of a page's word. */
function isThere(top: number): boolean {
  return (top & PRESENT_OR_SWAPPED) !== 0 && (top & GUARD) === 0;
}

function joinPieces(rangeCount: number, pieces: readonly Piece[], found: readonly PageRun[][]): PageRun[][] {
  const joined: PageRun[][] = Array.from({ length: rangeCount }, () => []);
  for (const [index, piece] of pieces.entries()) {
    const runs = joined[piece.rangeIndex];
    for (const run of found[index] ?? []) if (runs !== undefined) appendRun(runs, run);
  }
  return joined;
}

function appendRun(runs: PageRun[], run: PageRun): void {
  const last = runs.at(-1);
  const touches = last !== undefined && last.address + last.pageCount * IMAGE_PAGE_BYTES === run.address;
  if (touches) runs[runs.length - 1] = { address: last.address, pageCount: last.pageCount + run.pageCount };
  else runs.push(run);
}
