// Compares refcounts with references: equal for almost every object when the graph is right, with no truth needed.
// What is left over are references the graph does not show (static C pointers, C structs of extensions).

import { inDegrees } from "../graph/in-degrees.ts";
import type { ExcessTable } from "./snapshot.ts";
import type { Columns } from "./walk/renumber.ts";
import type { Walk } from "./walk/walk-state.ts";

export interface Exactness {
  /** Share (0..1) of mortal objects whose refcount equals their references in the graph. */
  readonly share: number;
  readonly excess: ExcessTable;
}

/**
 * Refcounts from here on are not counted references: 3.11's frozen modules start at 999,999,999
 * (Include/internal/pycore_object.h, _PyObject_IMMORTAL_REFCNT), and from 3.12 on bit 31 marks immortal objects.
 */
const IMMORTAL_REFCOUNT = 900_000_000;

/** `countedRoots`: rows that a known root outside the graph holds, once per reference. O(nodes + edges). */
export function measureExactness(walk: Walk, columns: Columns, countedRoots: readonly number[]): Exactness {
  const { words } = walk.image;
  const references = inDegrees(columns.refs);
  for (const node of countedRoots) if (node > 0) references[node]! += 1;
  const count = columns.nodes.count;
  let mortal = 0;
  let exact = 0;
  for (let node = 1; node < count; node++) {
    const refcount = words[columns.slotOfNode[node]! * 2]!;
    if (refcount >= IMMORTAL_REFCOUNT) references[node] = refcount;
    else mortal += 1;
    if (refcount === references[node]) exact += 1;
  }
  exact -= count - 1 - mortal;
  const excess = excessTable(words, columns, references, mortal - exact);
  return { share: mortal === 0 ? 1 : exact / mortal, excess };
}

function excessTable(words: Uint32Array, columns: Columns, references: Uint32Array, size: number): ExcessTable {
  const node = new Uint32Array(size);
  const excess = new Int32Array(size);
  let at = 0;
  for (let row = 1; row < columns.nodes.count; row++) {
    const difference = words[columns.slotOfNode[row]! * 2]! - references[row]!;
    if (difference === 0) continue;
    node[at] = row;
    excess[at] = difference;
    at += 1;
  }
  return { node, excess };
}
