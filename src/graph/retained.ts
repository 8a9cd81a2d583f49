// What would be freed with a node: itself and all it dominates, summed up the dominator tree.

import { HIGH_WORD, OVERSIZE, SIGNED_OVERSIZE } from "../base/uint32.ts";
import type { DominatorTree } from "./dominators.ts";
import { signed } from "./ref-graph.ts";

/** By node, then the virtual root: everything reachable. 0 for unreachable nodes. */
export interface Retained {
  readonly bytes: Float64Array;
  /** Objects, the node itself included. */
  readonly counts: Uint32Array;
}

const ENTRIES_PER_CALL = 1 << 12;

/** Memory that `retained` needs for a graph: to be used by others before, whatever they leave in it. */
export function memoryForRetained(nodeCount: number): ArrayBuffer {
  return new ArrayBuffer((nodeCount + 2) * Float64Array.BYTES_PER_ELEMENT);
}

/**
 * Bytes and objects retained by each node. `sizes` are bytes per node, 0xffffffff where the size stands in `oversize`.
 * O(nodes) time, 12 bytes per node, 8 of them in `memory` where that is given (see `memoryForRetained`).
 */
export function retained(
  tree: DominatorTree,
  sizes: Uint32Array,
  oversize: ReadonlyMap<number, number>,
  memory?: ArrayBuffer,
): Retained {
  const { nodeCount } = tree.graph;
  // The entry after the virtual root is where the leaf pass puts what it does not want.
  const sums: Sums = {
    bytes: new Float64Array(memory ?? memoryForRetained(nodeCount)),
    counts: new Int32Array(nodeCount + 2),
  };
  if (memory !== undefined) sums.bytes.fill(0);
  for (let from = 0; from < nodeCount; from += ENTRIES_PER_CALL) {
    enterNodes(tree, sizes, oversize, sums, from, Math.min(from + ENTRIES_PER_CALL, nodeCount));
  }
  const { length } = tree.containers;
  for (let to = length; to > 0; to -= ENTRIES_PER_CALL) {
    addToDominators(tree, sums, Math.max(0, to - ENTRIES_PER_CALL), to);
  }
  return {
    bytes: sums.bytes.subarray(0, nodeCount + 1),
    counts: new Uint32Array(sums.counts.buffer, 0, nodeCount + 1),
  };
}

interface Sums {
  readonly bytes: Float64Array;
  readonly counts: Int32Array<ArrayBuffer>;
}

/**
 * Enters shallow sizes and adds those of leaves to their dominators at once. Whether the next node is a leaf cannot be
 * predicted, so there is no branch on it: what is no leaf adds to the entry after the virtual root.
 */
function enterNodes(
  tree: DominatorTree,
  sizes: Uint32Array,
  oversize: ReadonlyMap<number, number>,
  { bytes, counts }: Sums,
  from: number,
  to: number,
): void {
  const edgeStart = signed(tree.graph.edgeStart);
  const idom = signed(tree.idom);
  const size = signed(sizes);
  const nowhere = idom.length + 1;
  let start = edgeStart[from]!;
  for (let node = from; node < to; node++) {
    const end = edgeStart[node + 1]!;
    const above = idom[node]!;
    const container = (start - end) >> 31;
    start = end;
    if (above < 0) continue;
    let own = size[node]!;
    if (own < 0) own = own === SIGNED_OVERSIZE ? (oversize.get(node) ?? OVERSIZE) : own + HIGH_WORD;
    bytes[node] = bytes[node]! + own;
    counts[node]!++;
    const owner = (above & ~container) | (nowhere & container);
    bytes[owner] = bytes[owner]! + own;
    counts[owner]!++;
  }
}

/** From the last container to the first: each stands after its dominator. */
function addToDominators(tree: DominatorTree, { bytes, counts }: Sums, from: number, to: number): void {
  const idom = signed(tree.idom);
  const containers = signed(tree.containers);
  for (let at = to - 1; at >= from; at--) {
    const node = containers[at]!;
    const above = idom[node]!;
    bytes[above] = bytes[above]! + bytes[node]!;
    counts[above] = counts[above]! + counts[node]!;
  }
}
