// The few nodes that give names to others, found in one pass over the type column.

import { Kind } from "../../cpython/kinds.ts";
import type { Columns } from "../walk/renumber.ts";
import type { Walk } from "../walk/walk-state.ts";

/** Rows by kind, ascending. */
export interface NamedNodes {
  readonly modules: readonly number[];
  readonly codes: readonly number[];
  readonly lruCaches: readonly number[];
  readonly functions: readonly number[];
  readonly contextVariables: readonly number[];
}

/** Functions have no kind of their own: they are plain fields to the scanner. */
const FUNCTION = 255;

export function findNamedNodes(walk: Walk, columns: Columns): NamedNodes {
  const modules: number[] = [];
  const codes: number[] = [];
  const lruCaches: number[] = [];
  const functions: number[] = [];
  const contextVariables: number[] = [];
  const wanted = new Uint8Array(65536);
  for (let row = 1; row < walk.types.names.length; row++) {
    const kind = walk.types.kind[row]!;
    if (kind === Kind.module || kind === Kind.code || kind === Kind.lruCache || kind === Kind.contextVariable)
      wanted[row] = kind;
    else if (walk.types.names[row] === "function" && walk.types.ownsType[row] === 0) wanted[row] = FUNCTION;
  }
  const { type, count } = columns.nodes;
  for (let node = 1; node < count; node++) {
    const kind = wanted[type[node]!]!;
    if (kind === 0) continue;
    if (kind === Kind.module) modules.push(node);
    else if (kind === Kind.code) codes.push(node);
    else if (kind === Kind.lruCache) lruCaches.push(node);
    else if (kind === Kind.contextVariable) contextVariables.push(node);
    else functions.push(node);
  }
  return { modules, codes, lruCaches, functions, contextVariables };
}
