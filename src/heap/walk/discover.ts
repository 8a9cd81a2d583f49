// Follows references until no new object appears. An object is accepted when its type is a type and its refcount is
// plausible; freed blocks fail that test, since the allocator's free list overwrites the refcount.

import { scanReferences } from "../../cpython/references.ts";
import { rowOfType } from "../../cpython/type-table.ts";
import type { Walk } from "./walk-state.ts";

/** Objects per call of the inner loop: small enough that V8 compiles the function, not a loop inside it. */
const CHUNK = 2048;
const OVERSIZE = 0xffffffff;

/** Scans everything discovered so far, and whatever that leads to. */
export function discover(walk: Walk, onChunk: (scanned: number) => void): void {
  let reported = 0;
  while (walk.scanned < walk.count) {
    scanChunk(walk, walk.scanned, Math.min(walk.count, walk.scanned + CHUNK));
    if (walk.scanned - reported >= 1_000_000) {
      reported = walk.scanned;
      onChunk(reported);
    }
  }
  walk.firstEdge[walk.count] = walk.edgeCount;
}

function scanChunk(walk: Walk, from: number, to: number): void {
  const { scan, objectSlot, objectRow, objectBytes, firstEdge } = walk;
  for (let i = from; i < to; i++) {
    const row = objectRow[i]!;
    const start = walk.edgeCount;
    firstEdge[i] = start;
    const end = scanReferences(scan, objectSlot[i]!, row, start);
    if (scan.row !== row) objectRow[i] = scan.row;
    if (scan.bytes < OVERSIZE) objectBytes[i] = scan.bytes;
    else noteOversize(walk, i, scan.bytes);
    if (end > start) walk.edgeCount = settle(walk, start, end);
  }
  walk.scanned = to;
}

function noteOversize(walk: Walk, index: number, bytes: number): void {
  walk.objectBytes[index] = OVERSIZE;
  walk.oversize.set(index, bytes);
}

/** Keeps candidates [from, to) that are objects; positional ones that are not become references to "not readable". */
function settle(walk: Walk, from: number, to: number): number {
  const { marked } = walk;
  const { target, label } = walk.scan;
  let out = from;
  for (let i = from; i < to; i++) {
    const slot = target[i]!;
    const isKnown = ((marked[slot >>> 5]! >>> (slot & 31)) & 1) !== 0;
    if (isKnown || accept(walk, slot)) {
      target[out] = slot;
      label[out] = label[i]!;
      if (slot === 0) walk.unreadable += 1;
      out += 1;
    } else if (label[i] === 0) {
      target[out] = 0;
      label[out] = 0;
      walk.unreadable += 1;
      out += 1;
    }
  }
  return out;
}

/** Marks and queues the object at `slot` when there is one. */
function accept(walk: Walk, slot: number): boolean {
  const { scan } = walk;
  const { words } = scan;
  const word = slot * 2;
  // Refcount: more than 0 and below 2^32; a free block's first word is a pointer or null.
  if (words[word + 1] !== 0 || words[word] === 0) return false;
  const typeLow = words[word + 2]!;
  const typeHigh = words[word + 3]!;
  if (typeHigh > 0xffff) return false;
  const page = scan.pageTable[(scan.highTable[typeHigh]! << 20) | (typeLow >>> 12)]!;
  if (page === 0) return false;
  const row = rowOfType(walk.types, page * 512 + ((typeLow & 4095) >>> 3));
  if (row < 0) return false;
  walk.marked[slot >>> 5]! |= 1 << (slot & 31);
  walk.objectSlot[walk.count] = slot;
  walk.objectRow[walk.count] = row;
  walk.count += 1;
  return true;
}

/** Makes sure the object at `slot` is in the graph. Returns false when there is no object. */
export function visit(walk: Walk, slot: number): boolean {
  if (slot <= 0 || slot >= walk.image.pageCount * 512) return false;
  return ((walk.marked[slot >>> 5]! >>> (slot & 31)) & 1) !== 0 || accept(walk, slot);
}
