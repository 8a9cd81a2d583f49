// Slow and obvious answers that the graph kernels are compared with, and random graphs to compare them on.

import fc from "fast-check";
import type { RefGraph } from "../../src/graph/ref-graph.ts";
import { fromRows } from "./graph-language.ts";

/** A random graph with everything the kernels take beside it. */
export interface Sample {
  readonly graph: RefGraph;
  readonly roots: Uint32Array;
  readonly sizes: Uint32Array;
}

/** Up to 14 nodes, sparse to dense, with self loops, parallel edges, leaves, unreachable parts and repeated roots. */
export function anySample(): fc.Arbitrary<Sample> {
  return fc.integer({ min: 1, max: 14 }).chain((nodeCount) => {
    const node = fc.integer({ min: 0, max: nodeCount - 1 });
    const row = fc.oneof(
      { weight: 1, arbitrary: fc.constant([]) },
      { weight: 2, arbitrary: fc.array(node, { maxLength: 4 }) },
    );
    return fc.record({
      graph: fc.array(row, { minLength: nodeCount, maxLength: nodeCount }).map(fromRows),
      roots: fc.array(node, { maxLength: 3 }).map((ids) => Uint32Array.from(ids)),
      sizes: fc
        .array(fc.integer({ min: 0, max: 1000 }), { minLength: nodeCount, maxLength: nodeCount })
        .map((bytes) => Uint32Array.from(bytes)),
    });
  });
}

/** Targets of the out-edges of a node. */
export function targetsOf(graph: RefGraph, node: number): number[] {
  return [...graph.edgeTarget.subarray(graph.edgeStart[node], graph.edgeStart[node + 1])];
}

/** What `starts` reach without entering any node of `without`. */
export function reachable(
  graph: RefGraph,
  starts: Iterable<number>,
  without: ReadonlySet<number> = new Set(),
): Set<number> {
  const seen = new Set<number>();
  const open = [...starts].filter((start) => !without.has(start));
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (seen.has(node)) continue;
    seen.add(node);
    open.push(...targetsOf(graph, node).filter((target) => !without.has(target)));
  }
  return seen;
}

/** Nodes lost when `removed` go away, themselves included. */
export function lostWithout({ graph, roots }: Sample, removed: ReadonlySet<number>): number[] {
  const left = reachable(graph, roots, removed);
  return [...reachable(graph, roots)].filter((node) => !left.has(node));
}

/** Sum of the sizes of nodes. */
export function bytesOf(sizes: Uint32Array, nodes: Iterable<number>): number {
  let sum = 0;
  for (const node of nodes) sum += sizes[node]!;
  return sum;
}
