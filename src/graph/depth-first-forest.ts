// One depth-first walk over the containers (nodes with out-edges) that notes all that dominators need, so that the edges
// of the graph are read once. Leaves get no number: they only remember who points at them.
//
// Two reductions make the walk cheap, and neither changes a dominator:
// - A root is dominated by the virtual root alone, and a path that enters it from elsewhere may as well start there:
//   edges into roots are ignored.
// - The smallest source of the edges that run forward in the walk's numbering is kept in `semi` right away; only edges
//   that run backward or across must be stored for later.

import { invariant } from "../base/invariant.ts";
import { signed, type RefGraph } from "./ref-graph.ts";
import type { Scratch } from "./scratch.ts";

/** `mark` of a leaf no container has pointed at. Other leaves hold `~number` of the container seen first. */
export const UNSEEN_LEAF: number = -0x80000000;
/** `mark` of a node that only the virtual root (number 0) dominates: `~0`. */
export const UNDER_ROOT = -1;

/** Result of the walk. Numbers are positions in visiting order, from 1; number 0 is the virtual root. */
export interface DepthFirstForest {
  /** Per node: number of a visited container, 0 for an unvisited one, negative for roots and leaves (see above). */
  readonly mark: Int32Array;
  /** Number -> node; entry 0 is `nodeCount`. Filled up to `visited`. */
  readonly order: Uint32Array;
  /** Number -> number of its parent in the forest, smaller than its own. */
  readonly parent: Int32Array;
  /** Number -> smallest source of an edge from a smaller number. */
  readonly semi: Int32Array;
  /**
   * Sources of the stored edges. From the front: edges between containers whose source has the larger number, chained per
   * target by `link` from `crossHead` (entry 0 ends a chain). From the back: further edges into leaves, `link` is the leaf.
   */
  readonly source: Int32Array;
  readonly link: Int32Array;
  readonly crossHead: Int32Array;
  /** First position of the back part; the entries run to the end of the arrays. */
  readonly leafEdges: number;
  /** Numbers used, number 0 included. */
  readonly visited: number;
}

/** State of the walk in flat arrays, so that the loop can be left and entered again. */
interface Walk {
  readonly edgeStart: Int32Array;
  readonly edgeTarget: Int32Array;
  readonly mark: Int32Array;
  readonly order: Uint32Array;
  readonly parent: Int32Array;
  readonly semi: Int32Array;
  readonly source: Int32Array;
  readonly link: Int32Array;
  readonly crossHead: Int32Array;
  readonly stackNumber: Int32Array;
  readonly stackEdge: Int32Array;
  readonly stackEnd: Int32Array;
  depth: number;
  visited: number;
  crossEdges: number;
  leafEdges: number;
}

const STEPS_PER_CALL = 1 << 12;

/**
 * Walks everything `roots` reach, then what those of `furtherRoots` reach that had not been reached. O(nodes + edges)
 * time; `mark` (4 bytes per node) is written into `markMemory`.
 */
export function depthFirstForest(
  graph: RefGraph,
  roots: Uint32Array,
  furtherRoots: Uint32Array,
  markMemory: Uint32Array,
  scratch: Scratch,
): DepthFirstForest {
  invariant(graph.nodeCount < 0x7fffffff && graph.edgeTarget.length < 0x7fffffff, "node and edge ids fit 31 bits");
  const mark = signed(markMemory);
  const containers = markUnseen(signed(graph.edgeStart), mark);
  const containerRoots = markRoots(graph, roots, mark);
  const walk = startWalk(graph, mark, containers, scratch);
  walkFrom(walk, containerRoots);
  // Nothing walked so far leads to them: the result is as if they had been roots from the start.
  walkFrom(
    walk,
    markRoots(
      graph,
      furtherRoots.filter((root) => isUnseen(mark[root]!)),
      mark,
    ),
  );
  return walk;
}

function walkFrom(walk: Walk, containerRoots: Uint32Array): void {
  for (const root of containerRoots) {
    enterRoot(walk, root);
    while (walk.depth > 0) step(walk);
  }
}

function isUnseen(mark: number): boolean {
  return mark === 0 || mark === UNSEEN_LEAF;
}

function startWalk(graph: RefGraph, mark: Int32Array, containers: number, scratch: Scratch): Walk {
  const edges = graph.edgeStart[graph.nodeCount]!;
  const numbers = containers + 1;
  const order = new Uint32Array(numbers);
  order[0] = graph.nodeCount;
  return {
    edgeStart: signed(graph.edgeStart),
    edgeTarget: signed(graph.edgeTarget),
    mark,
    order,
    parent: scratch.dirty(numbers),
    semi: scratch.dirty(numbers),
    crossHead: scratch.clean(numbers),
    // Worst cases that never happen all at once: fresh memory, which is mapped only where it is used.
    source: new Int32Array(edges + 1),
    link: new Int32Array(edges + 1),
    stackNumber: new Int32Array(numbers),
    stackEdge: new Int32Array(numbers),
    stackEnd: new Int32Array(numbers),
    depth: 0,
    visited: 1,
    crossEdges: 1,
    leafEdges: edges + 1,
  };
}

/** Marks every node as unseen and counts the containers. */
function markUnseen(edgeStart: Int32Array, mark: Int32Array): number {
  let containers = 0;
  let start = edgeStart[0]!;
  for (let node = 0; node < mark.length; node++) {
    const end = edgeStart[node + 1]!;
    if (start === end) {
      mark[node] = UNSEEN_LEAF;
    } else {
      mark[node] = 0;
      containers++;
    }
    start = end;
  }
  return containers;
}

/** Marks the roots and returns those with out-edges, each once. */
function markRoots(graph: RefGraph, roots: Uint32Array, mark: Int32Array): Uint32Array {
  const containerRoots = new Uint32Array(roots.length);
  let count = 0;
  for (const root of roots) {
    invariant(root < graph.nodeCount, "roots are nodes");
    if (mark[root] === 0) containerRoots[count++] = root;
    mark[root] = UNDER_ROOT;
  }
  return containerRoots.subarray(0, count);
}

/** Numbers a root: its parent is the virtual root. Its `mark` stays UNDER_ROOT, so that edges into it are ignored. */
function enterRoot(walk: Walk, root: number): void {
  const number = walk.visited++;
  walk.order[number] = root;
  walk.parent[number] = 0;
  walk.semi[number] = 0;
  walk.stackNumber[0] = number;
  walk.stackEdge[0] = walk.edgeStart[root]!;
  walk.stackEnd[0] = walk.edgeStart[root + 1]!;
  walk.depth = 1;
}

/** Goes on with the walk for a bounded number of stack operations: short calls are compiled once and stay so. */
function step(walk: Walk): void {
  const { edgeStart, edgeTarget, mark, order, parent, semi, source, link, crossHead } = walk;
  const { stackNumber, stackEdge, stackEnd } = walk;
  let { depth, visited, crossEdges, leafEdges } = walk;
  for (let budget = STEPS_PER_CALL; budget > 0 && depth > 0; budget--) {
    const number = stackNumber[depth - 1]!;
    let edge = stackEdge[depth - 1]!;
    const end = stackEnd[depth - 1]!;
    depth--;
    while (edge < end) {
      const target = edgeTarget[edge++]!;
      const seen = mark[target]!;
      if (seen < 0) {
        if (seen === UNSEEN_LEAF) {
          mark[target] = ~number;
        } else if (seen !== UNDER_ROOT && seen !== ~number) {
          source[--leafEdges] = number;
          link[leafEdges] = target;
        }
      } else if (seen === 0) {
        if (edge < end) {
          stackEdge[depth] = edge;
          depth++;
        }
        mark[target] = visited;
        order[visited] = target;
        parent[visited] = number;
        semi[visited] = number;
        stackNumber[depth] = visited++;
        stackEdge[depth] = edgeStart[target]!;
        stackEnd[depth] = edgeStart[target + 1]!;
        depth++;
        break;
      } else if (seen > number) {
        if (number < semi[seen]!) semi[seen] = number;
      } else if (seen < number) {
        source[crossEdges] = number;
        link[crossEdges] = crossHead[seen]!;
        crossHead[seen] = crossEdges++;
      }
    }
  }
  walk.depth = depth;
  walk.visited = visited;
  walk.crossEdges = crossEdges;
  walk.leafEdges = leafEdges;
}
