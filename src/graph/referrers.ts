// Who refers to one node, without turning the whole graph round: a scan for the few nodes a person asks about.

import type { RefGraph } from "./ref-graph.ts";

/** Positions of the edges that lead to `node`, ascending. O(edges) time: about a nanosecond per edge. */
export function edgesTo(graph: RefGraph, node: number): Uint32Array {
  const { edgeTarget } = graph;
  const edgeCount = graph.edgeStart[graph.nodeCount]!;
  const found: number[] = [];
  for (let at = edgeTarget.indexOf(node); at >= 0 && at < edgeCount; at = edgeTarget.indexOf(node, at + 1)) {
    found.push(at);
  }
  return Uint32Array.from(found);
}

/** Nodes that refer to `node`, ascending, once per edge. */
export function referrersOf(graph: RefGraph, node: number): Uint32Array {
  return edgesTo(graph, node).map((edge) => sourceOf(graph, edge));
}

/** The node an edge belongs to, by bisection: O(log nodes). */
export function sourceOf(graph: RefGraph, edge: number): number {
  let low = 0;
  let high = graph.nodeCount;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if (graph.edgeStart[middle]! <= edge) low = middle;
    else high = middle;
  }
  return low;
}
