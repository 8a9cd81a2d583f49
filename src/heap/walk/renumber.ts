// Turns order of discovery into order of address: rows then ascend by address, so that an address is found by bisecting,
// two snapshots of a process are compared by merging, and neighbours in memory are neighbours in the tables.
//
// The bitmap of objects gives an object's row directly: the number of set bits before its own.

import type { NodeTable } from "../snapshot.ts";
import type { RefGraph } from "../../graph/ref-graph.ts";
import type { Walk } from "./walk-state.ts";

export interface Columns {
  readonly nodes: NodeTable;
  readonly refs: RefGraph;
  readonly edgeLabel: Uint16Array;
  /** Row of the object at a slot, -1 when there is none. */
  readonly nodeOfSlot: (slot: number) => number;
  /** Slot of each row, for the phases that still read the image. */
  readonly slotOfNode: Uint32Array;
}

export function renumber(walk: Walk): Columns {
  const rank = rankOf(walk.marked);
  const order = orderByAddress(walk, rank);
  const nodes = nodeColumns(walk, order);
  const slotOfNode = gather(walk.objectSlot, order);
  const edges = edgeColumns(walk, order, rank);
  return {
    nodes,
    refs: { nodeCount: walk.count, edgeStart: edges.start, edgeTarget: edges.target },
    edgeLabel: edges.label,
    slotOfNode,
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

/** order[row] = position in order of discovery. */
function orderByAddress(walk: Walk, rank: Uint32Array): Uint32Array {
  const { marked, objectSlot, count } = walk;
  const order = new Uint32Array(count);
  for (let i = 0; i < count; i++) order[rowAt(marked, rank, objectSlot[i]!)] = i;
  return order;
}

function gather(column: Uint32Array, order: Uint32Array): Uint32Array {
  const out = new Uint32Array(order.length);
  for (let row = 0; row < order.length; row++) out[row] = column[order[row]!]!;
  return out;
}

function nodeColumns(walk: Walk, order: Uint32Array): NodeTable {
  const { objectRow, objectSlot, image } = walk;
  const type = new Uint16Array(order.length);
  const addressLow = new Uint32Array(order.length);
  const addressHigh: { firstNode: number; high: number }[] = [];
  const oversize = new Map<number, number>();
  let run = 0;
  let high = -1;
  for (let row = 0; row < order.length; row++) {
    const slot = objectSlot[order[row]!]!;
    type[row] = objectRow[order[row]!]!;
    if (row === 0) continue;
    const page = (slot / 512) | 0;
    while (run + 1 < image.runs.length && image.runs[run + 1]!.firstPage <= page) run += 1;
    const start = image.runs[run]!;
    const address = start.address + (page - start.firstPage) * 4096 + (slot & 511) * 8;
    addressLow[row] = address % 4294967296;
    const itsHigh = Math.floor(address / 4294967296);
    if (itsHigh !== high) {
      high = itsHigh;
      addressHigh.push({ firstNode: row, high });
    }
  }
  for (const [index, bytes] of walk.oversize) oversize.set(order.indexOf(index), bytes);
  return { count: order.length, type, shallowBytes: gather(walk.objectBytes, order), oversize, addressLow, addressHigh };
}

function edgeColumns(walk: Walk, order: Uint32Array, rank: Uint32Array): { start: Uint32Array; target: Uint32Array; label: Uint16Array } {
  const start = new Uint32Array(order.length + 1);
  const target = new Uint32Array(walk.edgeCount);
  const label = new Uint16Array(walk.edgeCount);
  let at = 0;
  for (let from = 0; from < order.length; from += 4096) at = copyRows(walk, order, rank, from, at, start, target, label);
  start[order.length] = at;
  return { start, target, label };
}

/** Rows [from, from + 4096): gathers their edges and turns target slots into rows. */
function copyRows(
  walk: Walk, order: Uint32Array, rank: Uint32Array, from: number, firstOut: number,
  start: Uint32Array, target: Uint32Array, label: Uint16Array,
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
