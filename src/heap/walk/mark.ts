// Finds every object: marks what roots and lists lead to, until nothing new appears. Nothing is kept of an object but
// its bit; a second pass in address order (sweep.ts) reads the marked objects again and writes the columns. Reading twice
// is cheaper than keeping what was read in order of discovery and sorting it afterwards.
//
// An object is accepted when its type is a type and its refcount is plausible; freed blocks fail that test
// (cpython/refcount.ts says why).

import { scanReferences } from "../../cpython/references.ts";
import { Kind } from "../../cpython/kinds.ts";
import { mayBeObject } from "../../cpython/refcount.ts";
import { rowOfType } from "../../cpython/type-table.ts";
import { BLOCK_SHIFT, type Walk, WORDS_PER_BLOCK } from "./walk-state.ts";

/** Makes sure the object at `slot` is in the graph. Returns false when there is no object. */
export function visit(walk: Walk, slot: number): boolean {
  if (slot <= 0 || slot >= walk.image.pageCount * 512) return false;
  return ((walk.marked[slot >>> 5]! >>> (slot & 31)) & 1) !== 0 || accept(walk, slot);
}

/** Scans what `visit` has queued, and whatever that leads to. */
export function scanPending(walk: Walk): void {
  while (walk.pendingCount > 0) {
    walk.pendingCount -= 1;
    scanObject(walk, walk.pending[walk.pendingCount]!);
  }
}

/** Scans the objects of one block whose bits are set in `tracked`, and whatever they lead to. */
export function markBlock(walk: Walk, tracked: Int32Array, block: number): void {
  const endWord = (block + 1) * WORDS_PER_BLOCK;
  for (let word = block * WORDS_PER_BLOCK; word < endWord; word++) {
    for (let bits = tracked[word]!; bits !== 0; bits &= bits - 1) {
      scanObject(walk, (word << 5) + (31 - Math.clz32(bits & -bits)));
    }
    if (walk.pendingCount > 0) scanPending(walk);
  }
}

/** Marks and queues what the object at `slot` refers to, and counts the edges it will have. */
function scanObject(walk: Walk, slot: number): void {
  const row = rowOfObject(walk, slot);
  if (row < 0 || walk.types.isLeaf[row] === 1) return;
  const end = Math.min(scanReferences(walk.scan, slot, row, 0), walk.scan.target.length);
  if (end > 0) walk.edgesOfBlock[slot >>> BLOCK_SHIFT]! += countEdges(walk, end);
}

/** How many of the first `end` candidates become edges: objects, and positional ones that lead nowhere. */
function countEdges(walk: Walk, end: number): number {
  const { marked, scan } = walk;
  const { target, label } = scan;
  let edges = 0;
  for (let i = 0; i < end; i++) {
    const slot = target[i]!;
    const isObject = ((marked[slot >>> 5]! >>> (slot & 31)) & 1) !== 0 || accept(walk, slot);
    if (isObject || label[i] === 0) edges += 1;
  }
  return edges;
}

/** Marks and queues the object at `slot` when there is one. */
function accept(walk: Walk, slot: number): boolean {
  if (!mayBeObject(walk.scan.words, slot, walk.scan.offsets)) return false;
  const row = rowOfObject(walk, slot);
  if (row < 0) return false;
  if (claim(walk, slot) && walk.types.isLeaf[row] === 0) queue(walk, slot, row);
  return true;
}

/** Type row of what lies at `slot`, -1 when its type is none. */
export function rowOfObject(walk: Walk, slot: number): number {
  const { words, highTable, pageTable, offsets } = walk.scan;
  const word = (slot + offsets.type) * 2;
  const low = words[word]!;
  const high = words[word + 1]!;
  if (high > 0xffff) return -1;
  const page = pageTable[(highTable[high]! << 20) | (low >>> 12)]!;
  return page === 0 ? -1 : rowOfType(walk.types, page * 512 + ((low & 4095) >>> 3));
}

/** Sets the bit of a slot; false when it was set already, perhaps by another thread. */
export function claim(walk: Walk, slot: number): boolean {
  const { marked } = walk;
  const bit = 1 << (slot & 31);
  if (walk.isShared) return (Atomics.or(marked, slot >>> 5, bit) & bit) === 0;
  const before = marked[slot >>> 5]!;
  marked[slot >>> 5] = before | bit;
  return (before & bit) === 0;
}

function queue(walk: Walk, slot: number, row: number): void {
  walk.pending[walk.pendingCount] = slot;
  walk.pendingCount += 1;
  if (walk.types.kind[row] === Kind.type && isStaticType(walk, slot)) walk.staticTypes.push(slot);
}

function isStaticType(walk: Walk, slot: number): boolean {
  const { type, typeFlags } = walk.layout;
  return (walk.image.words[(slot + type.flags / 8) * 2]! & typeFlags.heapType) === 0;
}
