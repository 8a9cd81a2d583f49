// Which nodes the roots reach, and by which shortest path. Roots come in tiers: everything a tier reaches is settled
// before the next tier starts, so a path through a lower tier wins even where a higher tier has a shorter one.

import { invariant } from "../base/invariant.ts";
import { NO_NODE, signed, type RefGraph } from "./ref-graph.ts";
import { Scratch } from "./scratch.ts";

/** A forest of shortest paths. */
export interface Reach {
  /**
   * Predecessor of each node on its path. Roots of tier `t` have `nodeCount + t`, unreached nodes NO_NODE:
   * `parent[v] < nodeCount` means "held by another node".
   */
  readonly parent: Uint32Array;
  /** Nodes first reached in each tier, roots included. */
  readonly reachedPerTier: readonly number[];
}

/** Not reached yet, in the signed view of `parent`. Leaves differ so that the hot loop need not look at `edgeStart`. */
const UNSEEN_CONTAINER = -1;
const UNSEEN_LEAF = -2;
const NODES_PER_CALL = 1 << 11;

/** Search state in flat arrays, so that the loop can be left and entered again. */
interface Search {
  readonly edgeStart: Int32Array;
  readonly edgeTarget: Int32Array;
  readonly parent: Int32Array;
  /** Reached nodes with out-edges, in order of discovery. */
  readonly queue: Int32Array;
  /** Filled length of `queue`. */
  tail: number;
  leaves: number;
}

/**
 * Breadth-first search, tier after tier; a node may stand in several tiers and the lowest counts. O(nodes + edges) time,
 * 4 bytes per node for the result and 4 per container for the queue. Deterministic: roots in the order given,
 * edges in the order stored. (One thread: the order of discovery is the result.) `scratch` is memory of the caller's
 * whose content may be lost (best 4 bytes per container).
 */
export function reach(graph: RefGraph, tiers: readonly Uint32Array[], scratch?: ArrayBufferLike): Reach {
  const { nodeCount } = graph;
  invariant(nodeCount + tiers.length < 0x7fffffff, "node ids fit 31 bits");
  const parent = new Uint32Array(nodeCount);
  const search = startSearch(graph, parent, scratch);
  const reachedPerTier: number[] = [];
  let before = 0;
  for (const [tier, roots] of tiers.entries()) {
    const head = search.tail;
    enterRoots(search, roots, nodeCount + tier);
    expandAll(search, head);
    reachedPerTier.push(search.tail + search.leaves - before);
    before = search.tail + search.leaves;
  }
  if (before < nodeCount) forgetUnseenLeaves(search.parent);
  return { parent, reachedPerTier };
}

/** Tier of the root that holds `node`, or -1 when nothing does. Walks the path: O(its length). */
export function tierOf(graph: RefGraph, found: Reach, node: number): number {
  let at = node;
  while (at < graph.nodeCount) at = found.parent[at]!;
  return at === NO_NODE ? -1 : at - graph.nodeCount;
}

/** The nodes from a root to `node`, both included; empty when nothing reaches it. */
export function pathTo(graph: RefGraph, found: Reach, node: number): Uint32Array {
  if (found.parent[node] === NO_NODE) return new Uint32Array(0);
  const path: number[] = [];
  for (let at = node; at < graph.nodeCount; at = found.parent[at]!) path.push(at);
  return Uint32Array.from(path.reverse());
}

function startSearch(graph: RefGraph, parent: Uint32Array, scratch: ArrayBufferLike | undefined): Search {
  const signedParent = signed(parent);
  const edgeStart = signed(graph.edgeStart);
  const containers = markUnseen(edgeStart, signedParent);
  return {
    edgeStart,
    edgeTarget: signed(graph.edgeTarget),
    parent: signedParent,
    queue: new Scratch(scratch).dirty(containers),
    tail: 0,
    leaves: 0,
  };
}

/** Marks every node as unseen and counts the containers. */
function markUnseen(edgeStart: Int32Array, parent: Int32Array): number {
  let containers = 0;
  let start = edgeStart[0]!;
  for (let node = 0; node < parent.length; node++) {
    const end = edgeStart[node + 1]!;
    if (start === end) {
      parent[node] = UNSEEN_LEAF;
    } else {
      parent[node] = UNSEEN_CONTAINER;
      containers++;
    }
    start = end;
  }
  return containers;
}

function enterRoots(search: Search, roots: Uint32Array, mark: number): void {
  const { parent, queue } = search;
  for (const root of roots) {
    const seen = parent[root]!;
    if (seen >= 0) continue;
    parent[root] = mark;
    if (seen === UNSEEN_CONTAINER) queue[search.tail++] = root;
    else search.leaves++;
  }
}

function expandAll(search: Search, head: number): void {
  for (let at = head; at < search.tail; ) {
    const to = Math.min(at + NODES_PER_CALL, search.tail);
    expand(search, at, to);
    at = to;
  }
}

/** Visits the out-edges of `queue[from .. to)`. */
function expand(search: Search, from: number, to: number): void {
  const { edgeStart, edgeTarget, parent, queue } = search;
  let { tail, leaves } = search;
  for (let at = from; at < to; at++) {
    const node = queue[at]!;
    const end = edgeStart[node + 1]!;
    for (let edge = edgeStart[node]!; edge < end; edge++) {
      const target = edgeTarget[edge]!;
      const seen = parent[target]!;
      if (seen >= 0) continue;
      parent[target] = node;
      if (seen === UNSEEN_CONTAINER) queue[tail++] = target;
      else leaves++;
    }
  }
  search.tail = tail;
  search.leaves = leaves;
}

function forgetUnseenLeaves(parent: Int32Array): void {
  for (let node = 0; node < parent.length; node++) {
    if (parent[node] === UNSEEN_LEAF) parent[node] = UNSEEN_CONTAINER;
  }
}
