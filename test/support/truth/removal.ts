// The slow answer for retained sizes, fast enough for a real heap: take one object away, search again from the roots,
// and add up what is no longer reached.

import type { NodeIx } from "../../../src/base/brand.ts";
import type { RefGraph } from "../../../src/graph/ref-graph.ts";

/** Bytes and objects that nothing reaches any more without `removed`, itself included. */
export function lostBytesWithout(
  graph: RefGraph,
  roots: Uint32Array,
  bytesOf: (node: NodeIx) => number,
): (removed: NodeIx) => { readonly bytes: number; readonly objects: number } {
  const all = reachedWithout(graph, roots, -1);
  return (removed) => {
    const left = reachedWithout(graph, roots, removed);
    let bytes = 0;
    let objects = 0;
    for (let node = 0; node < graph.nodeCount; node++) {
      if (all[node] === left[node]) continue;
      bytes += bytesOf(node as NodeIx);
      objects += 1;
    }
    return { bytes, objects };
  };
}

/** 1 for every node that `roots` reach on a way around `removed`. */
function reachedWithout(
  { nodeCount, edgeStart, edgeTarget }: RefGraph,
  roots: Uint32Array,
  removed: number,
): Uint8Array {
  const reached = new Uint8Array(nodeCount);
  const pending = new Uint32Array(nodeCount);
  let count = 0;
  const enter = (node: number): void => {
    if (node === removed || reached[node] === 1) return;
    reached[node] = 1;
    pending[count++] = node;
  };
  for (const root of roots) enter(root);
  while (count > 0) {
    const node = pending[--count]!;
    for (let edge = edgeStart[node]!; edge < edgeStart[node + 1]!; edge++) enter(edgeTarget[edge]!);
  }
  return reached;
}
