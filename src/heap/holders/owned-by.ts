// What counts for an object directly: the next step down from a holder to what it holds.

import type { NodeIx } from "../../base/brand.ts";
import { fieldTarget } from "../analysis/edges.ts";
import type { HeapAnalysis } from "../analyse.ts";

/** The objects that `node` owns (see ownership.ts); those in its `__dict__` in place of the dict. Of a module, its globals. */
export function ownedBy(heap: HeapAnalysis, node: NodeIx): readonly NodeIx[] {
  const dict = fieldTarget(heap.snapshot, node, "__dict__");
  const owned = directlyOwnedBy(heap, node);
  if (dict === null || !owned.includes(dict)) return owned;
  return [...owned.filter((each) => each !== dict), ...directlyOwnedBy(heap, dict)];
}

/** Each once, in the order of the references. */
function directlyOwnedBy(heap: HeapAnalysis, node: NodeIx): readonly NodeIx[] {
  const { edgeStart, edgeTarget } = heap.snapshot.refs;
  const { parent } = heap.rooted;
  const owned: NodeIx[] = [];
  for (let edge = edgeStart[node]!; edge < edgeStart[node + 1]!; edge++) {
    const target = edgeTarget[edge]! as NodeIx;
    if (target !== 0 && parent[target] === node) owned.push(target);
  }
  return hasRepeats(owned) ? [...new Set(owned)] : owned;
}

/** A set of a million objects takes three times as long as sorting them, and most containers hold nothing twice. */
function hasRepeats(nodes: readonly NodeIx[]): boolean {
  const sorted = Uint32Array.from(nodes).sort();
  for (let at = 1; at < sorted.length; at++) if (sorted[at] === sorted[at - 1]) return true;
  return false;
}
