// Rows of a snapshot ascend by address, so that an address is found by bisecting, two snapshots of a process are compared
// by merging, and neighbours in memory are neighbours in the tables.
//
// The bitmap of objects gives an object's row directly: the number of set bits before its own.

import { HIGH_WORD } from "../../base/uint32.ts";
import type { MemoryImage } from "../../cpython/memory-image.ts";
import type { RefGraph } from "../../graph/ref-graph.ts";
import type { NodeTable } from "../snapshot.ts";
import { WORDS_PER_BLOCK } from "./walk-state.ts";

export interface Columns {
  readonly nodes: NodeTable;
  readonly refs: RefGraph;
  readonly edgeLabel: Uint16Array;
  /** Row of the object at a slot, -1 when there is none. */
  readonly nodeOfSlot: (slot: number) => number;
  /** Slot of each row, for the phases that still read the image. */
  readonly slotOfNode: Uint32Array;
  /** Refcount minus edges that lead to the row; IMMORTAL_BALANCE more for objects whose refcount counts nothing. */
  readonly balance: Int32Array;
}

/** More than any object has references, less than what overflows. */
export const IMMORTAL_BALANCE: number = 2 ** 30;

/** The columns while they are being written; flat arrays only, which threads can share. */
export interface ColumnSpace {
  /** Pairs by word of the bitmap: the bits of 32 slots, and how many bits are set before them. */
  readonly index: Int32Array;
  /** Low half of the address at which each page of the copy begins. */
  readonly lowOfPage: Uint32Array;
  /** First edge of each block, and the number of all edges. */
  readonly firstEdgeOfBlock: Uint32Array;
  readonly slotOfNode: Uint32Array;
  readonly type: Uint16Array;
  readonly shallowBytes: Uint32Array;
  readonly addressLow: Uint32Array;
  readonly edgeStart: Uint32Array;
  readonly edgeTarget: Uint32Array;
  readonly edgeLabel: Uint16Array;
}

/** Memory for columns: plain, or shared between threads. */
export type Allocate = (bytes: number) => ArrayBufferLike;

/** Room for what was marked. `edgesOfBlock`: by walker. */
export function allocateColumns(
  image: MemoryImage,
  marked: Int32Array,
  edgesOfBlock: readonly Uint32Array[],
  allocate: Allocate,
): ColumnSpace {
  const words = (count: number): Uint32Array => new Uint32Array(allocate(count * 4));
  const index = new Int32Array(allocate(marked.length * 8));
  const count = fillIndex(marked, index);
  const firstEdgeOfBlock = words(marked.length / WORDS_PER_BLOCK + 1);
  const edges = sumEdges(edgesOfBlock, firstEdgeOfBlock);
  const edgeStart = words(count + 1);
  edgeStart[count] = edges;
  const lowOfPage = words(image.pageCount);
  for (const run of image.runs) {
    for (let i = 0; i < run.pageCount; i++) lowOfPage[run.firstPage + i] = (run.address + i * 4096) % HIGH_WORD;
  }
  return {
    index,
    lowOfPage,
    firstEdgeOfBlock,
    slotOfNode: words(count),
    type: new Uint16Array(allocate(count * 2)),
    shallowBytes: words(count),
    addressLow: words(count),
    edgeStart,
    edgeTarget: words(edges),
    edgeLabel: new Uint16Array(allocate(edges * 2)),
  };
}

/** The written columns as queries want them. */
export function finishColumns(
  image: MemoryImage,
  space: ColumnSpace,
  balance: Int32Array,
  oversize: ReadonlyMap<number, number>,
): Columns {
  const { index, slotOfNode, type, shallowBytes, addressLow, edgeStart, edgeTarget, edgeLabel } = space;
  const count = slotOfNode.length;
  return {
    nodes: { count, type, shallowBytes, oversize, addressLow, addressHigh: highParts(image, index, count) },
    refs: { nodeCount: count, edgeStart, edgeTarget },
    edgeLabel,
    slotOfNode,
    balance,
    nodeOfSlot: (slot) => {
      if (slot <= 0 || (slot >>> 5) * 2 >= index.length) return -1;
      return ((index[(slot >>> 5) * 2]! >>> (slot & 31)) & 1) === 0 ? -1 : rowAt(index, slot);
    },
  };
}

/** Returns the number of set bits. */
function fillIndex(marked: Int32Array, index: Int32Array): number {
  let total = 0;
  for (let word = 0; word < marked.length; word++) {
    const bits = marked[word]!;
    index[word * 2] = bits;
    index[word * 2 + 1] = total;
    if (bits !== 0) total += bitCount(bits);
  }
  return total;
}

function sumEdges(edgesOfBlock: readonly Uint32Array[], first: Uint32Array): number {
  let total = 0;
  for (let block = 0; block + 1 < first.length; block++) {
    first[block] = total;
    for (const edges of edgesOfBlock) total += edges[block]!;
  }
  first[first.length - 1] = total;
  return total;
}

export function bitCount(value: number): number {
  let x = value - ((value >>> 1) & 0x55555555);
  x = (x & 0x33333333) + ((x >>> 2) & 0x33333333);
  return Math.imul((x + (x >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/** Set bits before `slot`: the row of the object there, or of the next one. */
function rowAt(index: Int32Array, slot: number): number {
  const at = (slot >>> 5) * 2;
  return index[at + 1]! + bitCount(index[at]! & ((1 << (slot & 31)) - 1));
}

/** As `rowAt`, also for the slot behind the last one: where the copy fills its last block, no word of the index is left. */
function rowFrom(index: Int32Array, slot: number, count: number): number {
  return (slot >>> 5) * 2 < index.length ? rowAt(index, slot) : count;
}

/** From which row on the upper half of the address is another. A run may cross a multiple of 4 GiB. */
function highParts(
  image: MemoryImage,
  index: Int32Array,
  count: number,
): { readonly firstNode: number; readonly high: number }[] {
  const parts: { firstNode: number; high: number }[] = [];
  for (const run of image.runs) {
    const end = run.address + run.pageCount * 4096;
    for (let from = run.address as number; from < end; ) {
      const high = Math.floor(from / HIGH_WORD);
      const to = Math.min(end, (high + 1) * HIGH_WORD);
      const slot = run.firstPage * 512 + (from - run.address) / 8;
      const firstNode = rowFrom(index, slot, count);
      const isEmpty = rowFrom(index, slot + (to - from) / 8, count) === firstNode;
      if (!isEmpty && parts.at(-1)?.high !== high) parts.push({ firstNode, high });
      from = to;
    }
  }
  return parts;
}
