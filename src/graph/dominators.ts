// Who keeps a node alive on its own: `d` dominates `v` when every path from the roots to `v` runs through `d`.
//
// Semi-NCA: L. Georgiadis, "Linear-Time Algorithms for Dominators and Related Problems", PhD thesis, Princeton 2005, 2.3;
// path compression after T. Lengauer and R. E. Tarjan, TOPLAS 1(1), 1979. Only containers take part; a leaf's dominator is
// the nearest common dominator of the containers that point at it. Common dominators are found along skew-binary jump
// pointers (E. W. Myers, IPL 17(5), 1983): a step-by-step climb is quadratic on a long linked list whose payloads are
// also held by an index, which Python programs do have.

import { depthFirstForest, UNSEEN_LEAF, type DepthFirstForest } from "./depth-first-forest.ts";
import { signed, type RefGraph } from "./ref-graph.ts";
import { Scratch } from "./scratch.ts";

/** The dominator tree of what the roots reach. A virtual root, numbered `nodeCount`, points at all of them. */
export interface DominatorTree {
  readonly graph: RefGraph;
  /** Immediate dominator of each node: a node, `nodeCount` for the virtual root, NO_NODE for unreachable nodes. */
  readonly idom: Uint32Array;
  /** The reachable containers (nodes with out-edges), each after its immediate dominator. Leaves dominate nothing. */
  readonly containers: Uint32Array;
}

const ENTRIES_PER_CALL = 1 << 12;

/**
 * O(edges * log nodes) time in the worst case, linear in practice. Takes 4 bytes per node for the result, 20 per container,
 * and 8 per edge that is neither in the walk's forest nor the first into a leaf. `scratch` is memory of the caller's whose
 * content may be lost (best 16 bytes per container; the result does not live in it). Of `furtherRoots` those are roots
 * that no other root reaches: who has not searched the graph before need not know which.
 */
export function dominators(
  graph: RefGraph,
  roots: Uint32Array,
  scratch?: ArrayBufferLike,
  furtherRoots: Uint32Array = new Uint32Array(0),
): DominatorTree {
  const idom = new Uint32Array(graph.nodeCount);
  const memory = new Scratch(scratch);
  const forest = depthFirstForest(graph, roots, furtherRoots, idom, memory);
  const ancestor = memory.dirty(forest.visited);
  findSemidominators(forest, ancestor);
  const climb = { idom: forest.parent, jump: ancestor };
  findContainerDominators(forest, climb);
  findLeafDominators(forest, climb);
  nameDominators(forest, climb.idom);
  return { graph, idom, containers: forest.order.subarray(1, forest.visited) };
}

/** Dominator tree in visiting numbers, with a second, longer step upward from each entry. */
interface Climb {
  readonly idom: Int32Array;
  readonly jump: Int32Array;
}

/** Completes `forest.semi`, from the last number to the first. An entry of `crossHead` is done with when `best` needs it. */
function findSemidominators(forest: DepthFirstForest, ancestor: Int32Array): void {
  ancestor.set(forest.parent.subarray(0, forest.visited));
  const path = new Int32Array(forest.visited);
  for (let to = forest.visited; to > 1; to -= ENTRIES_PER_CALL) {
    semidominators(forest, ancestor, forest.crossHead, path, Math.max(1, to - ENTRIES_PER_CALL), to);
  }
}

/** Invariant: for numbers above the current one, `best` is the smallest semidominator up to (excluding) `ancestor`. */
function semidominators(
  { semi, source, link, crossHead }: DepthFirstForest,
  ancestor: Int32Array,
  best: Int32Array,
  path: Int32Array,
  from: number,
  to: number,
): void {
  for (let number = to - 1; number >= from; number--) {
    let smallest = semi[number]!;
    for (let at = crossHead[number]!; at !== 0 && smallest !== 0; at = link[at]!) {
      const predecessor = source[at]!;
      if (ancestor[predecessor]! > number) compress(ancestor, best, path, predecessor, number);
      if (best[predecessor]! < smallest) smallest = best[predecessor]!;
    }
    semi[number] = smallest;
    best[number] = smallest;
  }
}

/** Points `start` and all on its way straight at the first ancestor that is not above `limit`. */
function compress(ancestor: Int32Array, best: Int32Array, path: Int32Array, start: number, limit: number): void {
  let length = 0;
  let above = start;
  while (ancestor[above]! > limit) {
    path[length++] = above;
    above = ancestor[above]!;
  }
  const top = ancestor[above]!;
  let smallest = best[above]!;
  while (length > 0) {
    const at = path[--length]!;
    if (best[at]! < smallest) smallest = best[at]!;
    else best[at] = smallest;
    ancestor[at] = top;
  }
}

/** Immediate dominators of the containers, in visiting numbers, where their parents stood before. */
function findContainerDominators({ visited, semi, crossHead }: DepthFirstForest, climb: Climb): void {
  const depth = crossHead;
  climb.jump[0] = 0;
  depth[0] = 0;
  for (let from = 1; from < visited; from += ENTRIES_PER_CALL) {
    containerDominators(climb, semi, depth, from, Math.min(from + ENTRIES_PER_CALL, visited));
  }
}

function containerDominators(
  { idom, jump }: Climb,
  semi: Int32Array,
  depth: Int32Array,
  from: number,
  to: number,
): void {
  for (let number = from; number < to; number++) {
    const limit = semi[number]!;
    let above = idom[number]!;
    while (above > limit) {
      const far = jump[above]!;
      above = far >= limit ? far : idom[above]!;
    }
    idom[number] = above;
    const far = jump[above]!;
    const farther = jump[far]!;
    const aboveDepth = depth[above]!;
    depth[number] = aboveDepth + 1;
    jump[number] = aboveDepth - depth[far]! === depth[far]! - depth[farther]! ? farther : above;
  }
}

/** Lifts the first referrer of each leaf to what all its referrers have in common. */
function findLeafDominators(forest: DepthFirstForest, climb: Climb): void {
  const end = forest.source.length;
  for (let from = forest.leafEdges; from < end; from += ENTRIES_PER_CALL) {
    leafDominators(forest, climb, from, Math.min(from + ENTRIES_PER_CALL, end));
  }
}

function leafDominators(
  { mark, source, link }: DepthFirstForest,
  { idom, jump }: Climb,
  from: number,
  to: number,
): void {
  for (let at = from; at < to; at++) {
    const leaf = link[at]!;
    let one = ~mark[leaf]!;
    let other = source[at]!;
    // The larger number is never above the smaller one. Leaping as far as the smaller one misses nothing: the two
    // dominator chains lie on depth-first paths, where they meet before they could interleave.
    while (one !== other) {
      if (one < other) {
        const far = jump[other]!;
        other = far >= one ? far : idom[other]!;
      } else {
        const far = jump[one]!;
        one = far >= other ? far : idom[one]!;
      }
    }
    mark[leaf] = ~one;
  }
}

/** Turns `mark` into immediate dominators by node. Threads may split both passes by range. */
function nameDominators(forest: DepthFirstForest, idom: Int32Array): void {
  const { mark, visited } = forest;
  const order = signed(forest.order);
  for (let from = 0; from < mark.length; from += ENTRIES_PER_CALL) {
    nameLeaves(mark, order, from, Math.min(from + ENTRIES_PER_CALL, mark.length));
  }
  for (let from = 1; from < visited; from += ENTRIES_PER_CALL) {
    nameContainers(mark, order, idom, from, Math.min(from + ENTRIES_PER_CALL, visited));
  }
}

/** Names the dominators of leaves and roots; unvisited nodes get NO_NODE (-1 in the signed view). */
function nameLeaves(mark: Int32Array, order: Int32Array, from: number, to: number): void {
  for (let node = from; node < to; node++) {
    const seen = mark[node]!;
    if (seen > 0) continue;
    mark[node] = seen === 0 || seen === UNSEEN_LEAF ? -1 : order[~seen]!;
  }
}

/** By number, since parents are near each other in visiting order, and writing at random costs less than reading so. */
function nameContainers(mark: Int32Array, order: Int32Array, idom: Int32Array, from: number, to: number): void {
  for (let number = from; number < to; number++) mark[order[number]!] = order[idom[number]!]!;
}
