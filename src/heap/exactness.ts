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
  const { slotOfNode } = columns;
  const references = inDegrees(columns.refs);
  for (const node of countedRoots) if (node > 0) references[node]! += 1;
  const count = columns.nodes.count;
  let node = new Uint32Array(1024);
  let excess = new Int32Array(1024);
  let differing = 0;
  let mortal = 0;
  for (let row = 1; row < count; row++) {
    const refcount = words[slotOfNode[row]! * 2]!;
    if (refcount >= IMMORTAL_REFCOUNT) continue;
    mortal += 1;
    const difference = refcount - references[row]!;
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

function enlarged<T extends Uint32Array | Int32Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
