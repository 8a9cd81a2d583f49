// Compares refcounts with references: equal for almost every object when the graph is right, with no truth needed.
// What is left over are references the graph does not show (static C pointers, C structs of extensions).

import { Kind } from "../cpython/kinds.ts";
import { dropDisprovedGuesses } from "./disproved-guesses.ts";
import { type ExcessTable, IMMORTAL_EXCESS, type TypeRow } from "./snapshot.ts";
import { type Columns, IMMORTAL_BALANCE } from "./walk/renumber.ts";
import type { Walk } from "./walk/walk-state.ts";

export interface Exactness {
  /** Share (0..1) of mortal objects whose refcount equals their references in the graph. */
  readonly share: number;
  readonly excess: ExcessTable;
}

/** `countedRoots`: rows that a known root outside the graph holds, once per reference. O(nodes + edges). */
export function measureExactness(
  walk: Walk,
  columns: Columns,
  rows: readonly TypeRow[],
  countedRoots: readonly number[],
): Exactness {
  const { balance } = columns;
  for (const node of countedRoots) if (node > 0) balance[node]! -= 1;
  countListLinks(walk, columns);
  dropDisprovedGuesses(walk, columns, rows);
  const count = columns.nodes.count;
  let node = new Uint32Array(1024);
  let excess = new Int32Array(1024);
  let listed = 0;
  let immortal = 0;
  for (let row = 1; row < count; row++) {
    const difference = balance[row]!;
    if (difference === 0) continue;
    if (listed === node.length) {
      node = enlarged(node, new Uint32Array(listed * 2));
      excess = enlarged(excess, new Int32Array(listed * 2));
    }
    const isImmortal = difference >= IMMORTAL_BALANCE / 2;
    if (isImmortal) immortal += 1;
    node[listed] = row;
    excess[listed] = isImmortal ? IMMORTAL_EXCESS : difference;
    listed += 1;
  }
  const mortal = count - 1 - immortal;
  const share = mortal === 0 ? 1 : (count - 1 - listed) / mortal;
  return { share, excess: { node: node.slice(0, listed), excess: excess.slice(0, listed) } };
}

/** Modules/_functoolsmodule.c: the list of an lru_cache owns each of its links, besides the dict of the cache. */
function countListLinks(walk: Walk, columns: Columns): void {
  const isLink = new Uint8Array(65536);
  for (let row = 1; row < walk.types.names.length; row++) isLink[row] = walk.types.kind[row] === Kind.lruLink ? 1 : 0;
  if (!isLink.includes(1)) return;
  const { balance } = columns;
  const { type, count } = columns.nodes;
  for (let node = 1; node < count; node++) if (isLink[type[node]!] === 1) balance[node]! -= 1;
}

function enlarged<T extends Uint32Array | Int32Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
