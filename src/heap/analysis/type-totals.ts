// Objects and bytes by Python type, garbage included: what is in the heap, whoever holds it.

import type { DominatorTree } from "../../graph/dominators.ts";
import { retainedByGroup } from "../../graph/retained.ts";
import type { Snapshot } from "../snapshot.ts";

/** Columns by type row; only canonical rows have entries. */
export interface TypeTotals {
  readonly counts: Uint32Array;
  readonly shallowBytes: Float64Array;
  /** Bytes that would be freed if all objects of the type went away. */
  readonly retainedBytes: Float64Array;
}

export function totalByType(snapshot: Snapshot, tree: DominatorTree): TypeTotals {
  const { nodes, types } = snapshot;
  const canonical = Uint32Array.from(types, (type) => type.canonical);
  const typeOf = new Uint32Array(nodes.count);
  const counts = new Uint32Array(types.length);
  const shallowBytes = new Float64Array(types.length);
  for (let node = 1; node < nodes.count; node++) {
    const type = canonical[nodes.type[node]!]!;
    typeOf[node] = type;
    counts[type]!++;
    shallowBytes[type] = shallowBytes[type]! + nodes.shallowBytes[node]!;
  }
  for (const [node, bytes] of nodes.oversize) shallowBytes[typeOf[node]!]! += bytes - 0xffffffff;
  const retainedBytes = retainedByGroup(tree, typeOf, types.length, nodes.shallowBytes, nodes.oversize);
  return { counts, shallowBytes, retainedBytes };
}
