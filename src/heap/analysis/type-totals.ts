// Objects and bytes by Python type, garbage included: what is in the heap, whoever holds it.

import type { DominatorTree } from "../../graph/dominators.ts";
import { retainedByGroup } from "../../graph/retained-by-group.ts";
import type { Snapshot } from "../snapshot.ts";

/** Columns by type row; only canonical rows have entries. */
export interface TypeTotals {
  readonly counts: Uint32Array;
  readonly shallowBytes: Float64Array;
  /** Bytes that would be freed if all objects of the type went away (see graph/retained-by-group.ts); garbage has none. */
  readonly retainedBytes: Float64Array;
}

const OVERSIZE = 0xffffffff;

export function totalByType(snapshot: Snapshot, tree: DominatorTree, retained: Float64Array): TypeTotals {
  const { nodes, types } = snapshot;
  const typeOf = canonicalTypes(snapshot);
  const counts = new Uint32Array(types.length);
  const shallowBytes = new Float64Array(types.length);
  for (let node = 1; node < nodes.count; node++) {
    const type = typeOf[node]!;
    counts[type]!++;
    shallowBytes[type] = shallowBytes[type]! + nodes.shallowBytes[node]!;
  }
  for (const [node, bytes] of nodes.oversize) shallowBytes[typeOf[node]!]! += bytes - OVERSIZE;
  return { counts, shallowBytes, retainedBytes: retainedByGroup(tree, typeOf, types.length, retained) };
}

/** Type of each node without regard to variants. */
export function canonicalTypes({ nodes, types }: Snapshot): Uint16Array {
  if (types.every((type, row) => type.canonical === row)) return nodes.type;
  const canonical = Uint16Array.from(types, (type) => type.canonical);
  const typeOf = new Uint16Array(nodes.count);
  for (let node = 0; node < nodes.count; node++) typeOf[node] = canonical[nodes.type[node]!]!;
  return typeOf;
}
