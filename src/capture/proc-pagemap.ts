// /proc/PID/pagemap: which pages of a mapping exist. One little-endian 64-bit word per page; bit 63 = present in memory,
// bit 62 = in swap (Documentation/admin-guide/mm/pagemap.rst). Both must be read: a page in swap holds objects too.
// A page that is neither was never touched: reading it through /proc/PID/mem would give the *target* a page table entry.

import { read } from "node:fs";
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

interface Piece extends AddressRange {
  readonly rangeIndex: number;
}

/** For each range the runs of existing pages, ascending. A range the kernel refuses is empty. */
export async function readPresentRuns(pagemap: OpenFile, ranges: readonly AddressRange[]): Promise<PageRun[][]> {
  const pieces = cutIntoPieces(ranges);
  const found: PageRun[][] = pieces.map(() => []);
  let next = 0;
  const lane = async (): Promise<void> => {
    const words = Buffer.alloc((PIECE_BYTES / IMAGE_PAGE_BYTES) * WORD_BYTES);
    for (let index = next++; index < pieces.length; index = next++) {
      const piece = pieces[index];
      if (piece !== undefined) found[index] = presentRuns(words, await readPiece(pagemap, words, piece), piece.start);
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
function readPiece(pagemap: OpenFile, words: Uint8Array, piece: Piece): number | Promise<number> {
  const length = ((piece.end - piece.start) / IMAGE_PAGE_BYTES) * WORD_BYTES;
  const position = (piece.start / IMAGE_PAGE_BYTES) * WORD_BYTES;
  if (piece.end - piece.start <= INLINE_BYTES) return Math.max(0, pagemap.readInto(words, 0, length, position));
  return new Promise((resolve) => {
    read(pagemap.fd, words, 0, length, position, (error, bytes) => resolve(error === null ? bytes : 0));
  });
}

/** Runs of existing pages in the first `length` bytes of `words`, which describe memory from `start` on. */
export function presentRuns(words: Uint8Array, length: number, start: Addr): PageRun[] {
  const runs: PageRun[] = [];
  const pages = Math.floor(length / WORD_BYTES);
  let runStart = -1;
  for (let page = 0; page <= pages; page++) {
    const exists = page < pages && ((words[page * WORD_BYTES + 7] ?? 0) & 0xc0) !== 0;
    if (exists && runStart < 0) runStart = page;
    if (exists || runStart < 0) continue;
    runs.push({ address: (start + runStart * IMAGE_PAGE_BYTES) as Addr, pageCount: page - runStart });
    runStart = -1;
  }
  return runs;
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
