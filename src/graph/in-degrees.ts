// How many edges point at each node. Parallel edges and self loops count each time, as a refcount would.

import { signed, type RefGraph } from "./ref-graph.ts";

/** Edges counted per call: short calls are compiled once and never replaced on the stack in the middle of a loop. */
const EDGES_PER_CALL = 1 << 15;

/** In-degree of every node. O(nodes + edges) time, 4 bytes per node. */
export function inDegrees(graph: RefGraph): Uint32Array {
  const counts = new Uint32Array(graph.nodeCount);
  inDegreesRange(graph.edgeTarget, 0, graph.edgeStart[graph.nodeCount]!, counts);
  return counts;
}

/**
 * Adds the edges at positions `[from, to)` to `counts`. Threads split the edges by position, each with `counts` of its
 * own, and add the results up; counting into shared memory without atomics loses increments.
 */
export function inDegreesRange(edgeTarget: Uint32Array, from: number, to: number, counts: Uint32Array): void {
  const target = signed(edgeTarget);
  const count = signed(counts);
  for (let at = from; at < to; at += EDGES_PER_CALL) {
    countTargets(target, at, Math.min(at + EDGES_PER_CALL, to), count);
  }
}

function countTargets(edgeTarget: Int32Array, from: number, to: number, counts: Int32Array): void {
  for (let edge = from; edge < to; edge++) counts[edgeTarget[edge]!]!++;
}
