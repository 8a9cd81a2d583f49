// The few nodes that give names to others, found in one pass over the type column.

import { Kind } from "../../cpython/kinds.ts";
import type { Columns } from "../walk/renumber.ts";
import type { Walk } from "../walk/walk-state.ts";

/** Rows by kind, ascending. */
export interface NamedNodes {
  readonly modules: readonly number[];
  readonly codes: readonly number[];
  readonly lruCaches: readonly number[];
}

export function findNamedNodes(walk: Walk, columns: Columns): NamedNodes {
  const modules: number[] = [];
  const codes: number[] = [];
  const lruCaches: number[] = [];
  const wanted = new Uint8Array(65536);
  for (let row = 1; row < walk.types.names.length; row++) {
    const kind = walk.types.kind[row]!;
    wanted[row] = kind === Kind.module || kind === Kind.code || kind === Kind.lruCache ? kind : 0;
  }
  const { type, count } = columns.nodes;
  for (let node = 1; node < count; node++) {
    const kind = wanted[type[node]!]!;
    if (kind === 0) continue;
    (kind === Kind.module ? modules : kind === Kind.code ? codes : lruCaches).push(node);
  }
  return { modules, codes, lruCaches };
}
