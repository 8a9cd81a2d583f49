// Who counts for whom. Beyond the trunk every object has one owner: the one before it on the shortest path, which is also the
// path that names it. What an object holds is itself and what it owns, all the way down: everything that it alone keeps
// alive (each path to that runs through it), and of what several keep alive together (two dicts over the same sessions)
// the part that is reached through it first. So every byte is counted once, and a holder has one size in every report.

import type { NodeIx } from "../../base/brand.ts";
import { NO_NODE, type RefGraph } from "../../graph/ref-graph.ts";
import type { PathCosts } from "../../graph/shortest-paths.ts";
import { shallowBytesOf } from "../analysis/edges.ts";
import type { HeapAnalysis } from "../analyse.ts";
import type { PatternIndex } from "../paths/patterns.ts";
import { markTrunk } from "./trunk.ts";

/** A heap in which it is settled what each object holds. Arrays are by node; garbage holds 0. */
export interface OwnedHeap extends HeapAnalysis {
  /** 1 for program structure; see trunk.ts. */
  readonly trunk: Uint8Array;
  /** Bytes of the node and of all it owns, directly or not; of the trunk, what it retains. */
  readonly heldBytes: Float64Array;
  readonly heldCounts: Uint32Array;
  readonly late: LateColumns;
}

/** Made when the first question needs them, and kept for the next: each costs a pass over all references. */
export interface LateColumns {
  /** Of the queries that ask for paths; 4 bytes per object and per reference. */
  tellingReferrers: RefGraph | null;
  /** 8 bytes per object, touched only where a path was looked for. */
  pathCosts: PathCosts | null;
  inDegrees: Uint32Array | null;
  /** Of the paths of many objects at once; 8 bytes per object. */
  patterns: PatternIndex | null;
  /** Which module each object counts for; 4 bytes per object. */
  modules: { readonly names: readonly string[]; readonly groupOf: Uint32Array } | null;
}

const ENTRIES_PER_CALL = 1 << 12;

/** O(nodes) time; 12 bytes per node kept, 4 more while it works. A heap where it is settled already is returned as it is. */
export function settleOwners(analysis: HeapAnalysis): OwnedHeap {
  if (isOwned(analysis)) return analysis;
  const trunk = markTrunk(analysis);
  const { nodeCount } = analysis.snapshot.refs;
  const heldBytes = new Float64Array(nodeCount);
  const heldCounts = new Uint32Array(nodeCount);
  const pending = new Uint32Array(nodeCount);
  for (let from = 1; from < nodeCount; from += ENTRIES_PER_CALL)
    enterOwn(analysis, trunk, heldBytes, heldCounts, pending, from, Math.min(from + ENTRIES_PER_CALL, nodeCount));
  for (let from = 1; from < nodeCount; from += ENTRIES_PER_CALL)
    addToOwners(
      analysis.rooted.parent,
      trunk,
      heldBytes,
      heldCounts,
      pending,
      from,
      Math.min(from + ENTRIES_PER_CALL, nodeCount),
    );
  return {
    ...analysis,
    trunk,
    heldBytes,
    heldCounts,
    late: { tellingReferrers: null, pathCosts: null, inDegrees: null, patterns: null, modules: null },
  };
}

function isOwned(analysis: HeapAnalysis): analysis is OwnedHeap {
  return "heldBytes" in analysis;
}

/** Each node's own bytes, and in `pending` how many count for it directly. */
function enterOwn(
  { snapshot, rooted: { parent }, retainedBytes, retainedCounts }: HeapAnalysis,
  trunk: Uint8Array,
  heldBytes: Float64Array,
  heldCounts: Uint32Array,
  pending: Uint32Array,
  from: number,
  to: number,
): void {
  for (let node = from; node < to; node++) {
    if (trunk[node] === 1) {
      heldBytes[node] = retainedBytes[node]!;
      heldCounts[node] = retainedCounts[node]!;
    } else if (parent[node] !== NO_NODE) {
      heldBytes[node] = shallowBytesOf(snapshot, node as NodeIx);
      heldCounts[node] = 1;
      const owner = ownerRow(parent, trunk, node);
      if (owner !== NO_NODE) pending[owner]!++;
    }
  }
}

/** Who `node` counts for, or null: for the trunk and what hangs on it directly, for roots and for garbage. */
export function ownerOf(heap: OwnedHeap, node: NodeIx): NodeIx | null {
  const owner = ownerRow(heap.rooted.parent, heap.trunk, node);
  return owner === NO_NODE ? null : (owner as NodeIx);
}

/** The part of what `node` holds that other places hold too: it would stay without it. */
export function sharedBytesOf({ heldBytes, retainedBytes }: OwnedHeap, node: NodeIx): number {
  return heldBytes[node]! - retainedBytes[node]!;
}

/** Owners lie nearer to the root than what they own, so they form trees. */
function ownerRow(parent: Uint32Array, trunk: Uint8Array, node: number): number {
  const before = parent[node]!;
  return trunk[node] === 0 && before < parent.length && trunk[before] === 0 ? before : NO_NODE;
}

/** From the leaves of the trees to their roots; a node is passed on when all that count for it have arrived (`pending`). */
function addToOwners(
  parent: Uint32Array,
  trunk: Uint8Array,
  heldBytes: Float64Array,
  heldCounts: Uint32Array,
  pending: Uint32Array,
  from: number,
  to: number,
): void {
  for (let node = from; node < to; node++) {
    for (let at = node; pending[at] === 0; ) {
      pending[at] = NO_NODE;
      const owner = ownerRow(parent, trunk, at);
      if (owner === NO_NODE) break;
      heldBytes[owner] = heldBytes[owner]! + heldBytes[at]!;
      heldCounts[owner] = heldCounts[owner]! + heldCounts[at]!;
      pending[owner]!--;
      at = owner;
    }
  }
}
