// Turns order of discovery into order of address: rows then ascend by address, so that an address is found by bisecting,
// two snapshots of a process are compared by merging, and neighbours in memory are neighbours in the tables.
//
// The bitmap of objects gives an object's row directly: the number of set bits before its own.

import type { NodeTable } from "../snapshot.ts";
import type { RefGraph } from "../../graph/ref-graph.ts";
import { releaseEdges, releaseObjects, type Walk } from "./walk-state.ts";

export interface Columns {
  readonly nodes: NodeTable;
  readonly refs: RefGraph;
  readonly edgeLabel: Uint16Array;
  /** Row of the object at a slot, -1 when there is none. */
  readonly nodeOfSlot: (slot: number) => number;
  /** Slot of each row, for the phases that still read the image. */
  readonly slotOfNode: Uint32Array;
}

/**
 * `collectNow` frees what was let go of: each step needs the room that the one before has used, and the copy of the
 * target is still in memory. The walk is used up.
 */
export function renumber(walk: Walk, collectNow: () => void): Columns {
  const rank = rankOf(walk.marked);
  const objects = objectColumns(walk, rank);
  releaseObjects(walk);
  collectNow();
  const edges = edgeColumns(walk, objects.order, rank);
  releaseEdges(walk);
  collectNow();
  const places = placesByAddress(walk);
  return {
    nodes: {
      count: walk.count,
      type: objects.type,
      shallowBytes: objects.bytes,
      oversize: objects.oversize,
      addressLow: places.addressLow,
      addressHigh: places.addressHigh,
    },
    refs: { nodeCount: walk.count, edgeStart: edges.start, edgeTarget: edges.target },
    edgeLabel: edges.label,
    slotOfNode: places.slot,
    nodeOfSlot: (slot) => {
      if (slot <= 0 || slot >>> 5 >= walk.marked.length) return -1;
      return ((walk.marked[slot >>> 5]! >>> (slot & 31)) & 1) === 0 ? -1 : rowAt(walk.marked, rank, slot);
    },
  };
}

/** Set bits before each word of the bitmap. */
function rankOf(marked: Uint32Array): Uint32Array {
  const rank = new Uint32Array(marked.length);
  let total = 0;
  for (let i = 0; i < marked.length; i++) {
    rank[i] = total;
    const bits = marked[i]!;
    if (bits !== 0) total += bitCount(bits);
  }
  return rank;
}

function bitCount(value: number): number {
  let x = value - ((value >>> 1) & 0x55555555);
  x = (x & 0x33333333) + ((x >>> 2) & 0x33333333);
  return Math.imul((x + (x >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

function rowAt(marked: Uint32Array, rank: Uint32Array, slot: number): number {
  return rank[slot >>> 5]! + bitCount(marked[slot >>> 5]! & ((1 << (slot & 31)) - 1));
}

interface Places {
  readonly slot: Uint32Array;
  readonly addressLow: Uint32Array;
  readonly addressHigh: readonly { readonly firstNode: number; readonly high: number }[];
}

/** Slots and addresses of all rows: the set bits of the bitmap in order, run by run. */
function placesByAddress(walk: Walk): Places {
  const slot = new Uint32Array(walk.count);
  const addressLow = new Uint32Array(walk.count);
  const addressHigh: { firstNode: number; high: number }[] = [];
  let row = 1;
  for (const run of walk.image.runs) {
    // A run may cross a multiple of 4 GiB: each part has one high word.
    const endAddress = run.address + run.pageCount * 4096;
    for (let from = run.address as number; from < endAddress; ) {
      const high = Math.floor(from / HIGH);
      const to = Math.min(endAddress, (high + 1) * HIGH);
      const firstSlot = run.firstPage * 512 + (from - run.address) / 8;
      const end = readBits(walk.marked, firstSlot, firstSlot + (to - from) / 8, from % HIGH, row, slot, addressLow);
      if (end > row && addressHigh.at(-1)?.high !== high) addressHigh.push({ firstNode: row, high });
      row = end;
      from = to;
    }
  }
  return { slot, addressLow, addressHigh };
}

const HIGH = 2 ** 32;

/** Rows of the set bits in [firstSlot, endSlot), both multiples of 32; returns the row after the last. */
function readBits(
  marked: Uint32Array,
  firstSlot: number,
  endSlot: number,
  firstLow: number,
  firstRow: number,
  slot: Uint32Array,
  addressLow: Uint32Array,
): number {
  let row = firstRow;
  for (let word = firstSlot >>> 5; word < endSlot >>> 5; word++) {
    for (let bits = marked[word]! | 0; bits !== 0; bits &= bits - 1) {
      const itsSlot = (word << 5) + (31 - Math.clz32(bits & -bits));
      slot[row] = itsSlot;
      addressLow[row] = firstLow + (itsSlot - firstSlot) * 8;
      row += 1;
    }
  }
  return row;
}

interface ObjectColumns {
  readonly type: Uint16Array;
  readonly bytes: Uint32Array;
  readonly oversize: Map<number, number>;
  /** order[row] = position in order of discovery. */
  readonly order: Uint32Array;
}

function objectColumns(walk: Walk, rank: Uint32Array): ObjectColumns {
  const { marked, objectSlot, objectRow, objectBytes, count } = walk;
  const type = new Uint16Array(count);
  const bytes = new Uint32Array(count);
  const order = new Uint32Array(count);
  const oversize = new Map<number, number>();
  for (let i = 0; i < count; i++) {
    const row = rowAt(marked, rank, objectSlot[i]!);
    type[row] = objectRow[i]!;
    bytes[row] = objectBytes[i]!;
    order[row] = i;
  }
  for (const [index, size] of walk.oversize) oversize.set(rowAt(marked, rank, objectSlot[index]!), size);
  return { type, bytes, oversize, order };
}

function edgeColumns(
  walk: Walk,
  order: Uint32Array,
  rank: Uint32Array,
): { start: Uint32Array; target: Uint32Array; label: Uint16Array } {
  const start = new Uint32Array(order.length + 1);
  const target = new Uint32Array(walk.edgeCount);
  const label = new Uint16Array(walk.edgeCount);
  let at = 0;
  for (let from = 0; from < order.length; from += 4096)
    at = copyRows(walk, order, rank, from, at, start, target, label);
  start[order.length] = at;
  return { start, target, label };
}

/** Rows [from, from + 4096): gathers their edges and turns target slots into rows. */
function copyRows(
  walk: Walk,
  order: Uint32Array,
  rank: Uint32Array,
  from: number,
  firstOut: number,
  start: Uint32Array,
  target: Uint32Array,
  label: Uint16Array,
): number {
  const { firstEdge, marked, scan } = walk;
  const slots = scan.target;
  const labels = scan.label;
  const to = Math.min(order.length, from + 4096);
  let at = firstOut;
  for (let row = from; row < to; row++) {
    const index = order[row]!;
    start[row] = at;
    const end = firstEdge[index + 1]!;
    for (let edge = firstEdge[index]!; edge < end; edge++) {
      const slot = slots[edge]!;
      const word = slot >>> 5;
      target[at] = rank[word]! + bitCount(marked[word]! & ((1 << (slot & 31)) - 1));
      label[at] = labels[edge]!;
      at += 1;
    }
  }
  return at;
}
