// Objects and bytes by Python type, garbage included: what is in the heap, whoever holds it.

import { OVERSIZE } from "../../base/uint32.ts";
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

const NODES_PER_CALL = 1 << 12;

export function totalByType(snapshot: Snapshot, tree: DominatorTree, retained: Float64Array): TypeTotals {
  const { nodes, types } = snapshot;
  const groups = { classOf: nodes.type, groupOfClass: canonicalRows(types), groupCount: types.length };
  const counts = new Uint32Array(types.length);
  const shallowBytes = new Float64Array(types.length);
  for (let from = 1; from < nodes.count; from += NODES_PER_CALL) {
    addNodes(nodes, counts, shallowBytes, from, Math.min(from + NODES_PER_CALL, nodes.count));
  }
  for (const [node, bytes] of nodes.oversize) shallowBytes[nodes.type[node]!]! += bytes - OVERSIZE;
  addVariants(groups.groupOfClass, counts);
  addVariants(groups.groupOfClass, shallowBytes);
  return { counts, shallowBytes, retainedBytes: retainedByGroup(tree, groups, retained) };
}

function addNodes(
  { type, shallowBytes }: Snapshot["nodes"],
  counts: Uint32Array,
  sums: Float64Array,
  from: number,
  to: number,
): void {
  for (let node = from; node < to; node++) {
    const row = type[node]!;
    counts[row]!++;
    sums[row] = sums[row]! + shallowBytes[node]!;
  }
}

/** Moves what variants have to the row of their type. */
function addVariants(canonical: Uint16Array, column: Uint32Array | Float64Array): void {
  for (let row = 0; row < column.length; row++) {
    if (canonical[row] === row) continue;
    column[canonical[row]!]! += column[row]!;
    column[row] = 0;
  }
}

/** By type row: the row of the type itself. */
export function canonicalRows(types: Snapshot["types"]): Uint16Array {
  return Uint16Array.from(types, (type) => type.canonical);
}

/** Type of each node without regard to variants. */
export function canonicalTypes({ nodes, types }: Snapshot): Uint16Array {
  if (types.every((type, row) => type.canonical === row)) return nodes.type;
  const canonical = canonicalRows(types);
  const typeOf = new Uint16Array(nodes.count);
  for (let node = 0; node < nodes.count; node++) typeOf[node] = canonical[nodes.type[node]!]!;
  return typeOf;
}
