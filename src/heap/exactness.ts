// Compares refcounts with references: equal for almost every object when the graph is right, with no truth needed.
// What is left over are references the graph does not show (static C pointers, C structs of extensions).

import { Kind } from "../cpython/kinds.ts";
import { ATTRIBUTE_LABEL, UNNAMED_LABEL } from "../cpython/labels.ts";
import type { ExcessTable, TypeRow } from "./snapshot.ts";
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
  let differing = 0;
  let mortal = 0;
  for (let row = 1; row < count; row++) {
    const difference = balance[row]!;
    if (difference >= IMMORTAL_BALANCE / 2) continue;
    mortal += 1;
    if (difference === 0) continue;
    if (differing === node.length) {
      node = enlarged(node, new Uint32Array(differing * 2));
      excess = enlarged(excess, new Int32Array(differing * 2));
    }
    node[differing] = row;
    excess[differing] = difference;
    differing += 1;
  }
  const share = mortal === 0 ? 1 : (mortal - differing) / mortal;
  return { share, excess: { node: node.slice(0, differing), excess: excess.slice(0, differing) } };
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

/** What the unknown words of a type's struct are worth as references. */
const Guess = { none: 0, doubtful: 1, likely: 2 } as const;

/**
 * Words of C structs that we do not know are taken for references when they lead to an object. Where an object then has
 * more references than its refcount, such guesses are wrong (memory never initialised, borrowed pointers): they are
 * turned into references to "not readable" until the counts agree. First those of types that the collector does not
 * track, such as decimal.Decimal with its unused digits: what holds objects is tracked nearly always.
 */
function dropDisprovedGuesses(walk: Walk, columns: Columns, rows: readonly TypeRow[]): void {
  const { haveGc } = walk.layout.typeFlags;
  const guesses = Uint8Array.from(rows, (row, i) => {
    const kind = walk.types.kind[i];
    const hasUnknownWords = kind === Kind.fields && row.fields.size * 8 < walk.types.basicBytes[i]! - 16;
    if (!hasUnknownWords && kind !== Kind.generator) return Guess.none;
    return (walk.types.flags[i]! & haveGc) === 0 ? Guess.doubtful : Guess.likely;
  });
  dropGuesses(columns, rows, guesses, Guess.doubtful);
  dropGuesses(columns, rows, guesses, Guess.likely);
}

function dropGuesses(columns: Columns, rows: readonly TypeRow[], guesses: Uint8Array, rank: number): void {
  const { refs, edgeLabel, nodes, balance } = columns;
  for (let node = 1; node < nodes.count; node++) {
    if (guesses[nodes.type[node]!] !== rank) continue;
    const { fields } = rows[nodes.type[node]!]!;
    const end = refs.edgeStart[node + 1]!;
    for (let edge = refs.edgeStart[node]!; edge < end; edge++) {
      const target = refs.edgeTarget[edge]!;
      if (balance[target]! >= 0 || target === 0) continue;
      const label = edgeLabel[edge]!;
      if (label < UNNAMED_LABEL || label >= ATTRIBUTE_LABEL || fields.has(label)) continue;
      refs.edgeTarget[edge] = 0;
      balance[target]! += 1;
    }
  }
}

function enlarged<T extends Uint32Array | Int32Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
