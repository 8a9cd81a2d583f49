// What would be freed with a node: itself and all it dominates, summed up the dominator tree.

import type { DominatorTree } from "./dominators.ts";
import { signed } from "./ref-graph.ts";

/** In a column of sizes, read as signed: too large for 32 bits, look in the map beside it. */
const OVERSIZE = -1;
const ENTRIES_PER_CALL = 1 << 12;

/**
 * Bytes retained by each node, and by the virtual root (all reachable bytes) in the last entry; 0 for unreachable nodes.
 * `sizes` are bytes per node, 0xffffffff where the size stands in `oversize`. O(nodes) time, 8 bytes per node.
 */
export function retainedSizes(
  tree: DominatorTree,
  sizes: Uint32Array,
  oversize: ReadonlyMap<number, number>,
): Float64Array {
  const { nodeCount, edgeStart } = tree.graph;
  // The entry after the virtual root is where the leaf pass puts what it does not want.
  const memory = new Float64Array(nodeCount + 2);
  const idom = signed(tree.idom);
  const start = signed(edgeStart);
  const size = signed(sizes);
  for (let from = 0; from < nodeCount; from += ENTRIES_PER_CALL) {
    enterSizes(start, idom, size, oversize, memory, from, Math.min(from + ENTRIES_PER_CALL, nodeCount));
  }
  const containers = signed(tree.containers);
  for (let to = containers.length; to > 0; to -= ENTRIES_PER_CALL) {
    addToDominators(idom, containers, memory, Math.max(0, to - ENTRIES_PER_CALL), to);
  }
  return memory.subarray(0, nodeCount + 1);
}

/** Objects retained by each node, itself included, and by the virtual root in the last entry. As `retainedSizes`. */
export function retainedCounts(tree: DominatorTree): Uint32Array {
  const { nodeCount, edgeStart } = tree.graph;
  const memory = new Int32Array(nodeCount + 2);
  const idom = signed(tree.idom);
  const start = signed(edgeStart);
  for (let from = 0; from < nodeCount; from += ENTRIES_PER_CALL) {
    enterOnes(start, idom, memory, from, Math.min(from + ENTRIES_PER_CALL, nodeCount));
  }
  const containers = signed(tree.containers);
  for (let to = containers.length; to > 0; to -= ENTRIES_PER_CALL) {
    addCountsToDominators(idom, containers, memory, Math.max(0, to - ENTRIES_PER_CALL), to);
  }
  return new Uint32Array(memory.buffer, 0, nodeCount + 1);
}

/**
 * Enters shallow sizes and adds those of leaves to their dominators at once. Whether the next node is a leaf cannot be
 * predicted, so there is no branch on it: what is no leaf adds to the entry after the virtual root.
 */
function enterSizes(
  edgeStart: Int32Array,
  idom: Int32Array,
  sizes: Int32Array,
  oversize: ReadonlyMap<number, number>,
  retained: Float64Array,
  from: number,
  to: number,
): void {
  const nowhere = idom.length + 1;
  let start = edgeStart[from]!;
  for (let node = from; node < to; node++) {
    const end = edgeStart[node + 1]!;
    const above = idom[node]!;
    const container = (start - end) >> 31;
    start = end;
    if (above < 0) continue;
    let bytes = sizes[node]!;
    if (bytes < 0) bytes = bytes === OVERSIZE ? (oversize.get(node) ?? 0xffffffff) : bytes + 2 ** 32;
    retained[node] = retained[node]! + bytes;
    const owner = (above & ~container) | (nowhere & container);
    retained[owner] = retained[owner]! + bytes;
  }
}

/** From the last container to the first: each stands after its dominator. */
function addToDominators(
  idom: Int32Array,
  containers: Int32Array,
  retained: Float64Array,
  from: number,
  to: number,
): void {
  for (let at = to - 1; at >= from; at--) {
    const node = containers[at]!;
    const above = idom[node]!;
    retained[above] = retained[above]! + retained[node]!;
  }
}

function enterOnes(edgeStart: Int32Array, idom: Int32Array, retained: Int32Array, from: number, to: number): void {
  const nowhere = idom.length + 1;
  let start = edgeStart[from]!;
  for (let node = from; node < to; node++) {
    const end = edgeStart[node + 1]!;
    const above = idom[node]!;
    const container = (start - end) >> 31;
    start = end;
    if (above < 0) continue;
    retained[node]!++;
    retained[(above & ~container) | (nowhere & container)]!++;
  }
}

function addCountsToDominators(
  idom: Int32Array,
  containers: Int32Array,
  retained: Int32Array,
  from: number,
  to: number,
): void {
  for (let at = to - 1; at >= from; at--) {
    const node = containers[at]!;
    const above = idom[node]!;
    retained[above] = retained[above]! + retained[node]!;
  }
}
