// What counts for an object directly: the next step down from a holder to what it holds.

import type { NodeIx } from "../../base/brand.ts";
import { fieldTarget } from "../analysis/edges.ts";
import type { HeapAnalysis } from "../analyse.ts";

/** The objects that `node` owns (see ownership.ts); those in its `__dict__` in place of the dict. Of a module, its globals. */
export function ownedBy(heap: HeapAnalysis, node: NodeIx): readonly NodeIx[] {
  const dict = fieldTarget(heap.snapshot, node, "__dict__");
  const owned = directlyOwnedBy(heap, node);
  if (dict === null || !owned.delete(dict)) return [...owned];
  return [...owned, ...directlyOwnedBy(heap, dict)];
}

function directlyOwnedBy(heap: HeapAnalysis, node: NodeIx): Set<NodeIx> {
  const { edgeStart, edgeTarget } = heap.snapshot.refs;
  const owned = new Set<NodeIx>();
  for (let edge = edgeStart[node]!; edge < edgeStart[node + 1]!; edge++) {
    const target = edgeTarget[edge]! as NodeIx;
    if (target !== 0 && heap.rooted.parent[target] === node) owned.add(target);
  }
  return owned;
}
