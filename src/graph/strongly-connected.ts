// Which nodes hold each other in cycles, within a subset of the graph (such as garbage that was not collected yet).
//
// D. J. Pearce, "A space-efficient algorithm for finding strongly connected components", IPL 116(1), 2016; iterative.

import type { RefGraph } from "./ref-graph.ts";

/** The subset falls into components; those of the nodes a component refers to have smaller ids than its own. */
export interface Components {
  /** Component of each member, by its position in `members`. */
  readonly component: Uint32Array;
  /** Members of each component. */
  readonly sizes: Uint32Array;
}

/** Components are numbered downward from here while the walk runs, above all the visiting indices in use. */
const FIRST = 0x7ffffffe;

/** State of the walk over positions of members. */
interface Walk {
  /** 0 = unseen; then the smallest visiting index known to be in reach; at last FIRST - component. */
  readonly low: Int32Array;
  readonly isRoot: Uint8Array;
  /** The open path from the front; from the back, finished members whose component is still open. */
  readonly path: Int32Array;
  readonly nextEdge: Int32Array;
  depth: number;
  waiting: number;
  index: number;
  component: number;
}

/** `members` are distinct nodes; edges that leave the subset are ignored. O(members + their edges), 17 bytes per member. */
export function stronglyConnected(graph: RefGraph, members: Uint32Array): Components {
  const position = positionsOf(graph, members);
  const walk: Walk = {
    low: new Int32Array(members.length),
    isRoot: new Uint8Array(members.length),
    path: new Int32Array(members.length),
    nextEdge: new Int32Array(members.length),
    depth: 0,
    waiting: members.length,
    index: 1,
    component: FIRST,
  };
  for (let start = 0; start < members.length; start++) {
    if (walk.low[start] !== 0) continue;
    open(walk, graph, members, start);
    while (walk.depth > 0) advance(walk, graph, members, position);
  }
  const component = Uint32Array.from(walk.low, (low) => FIRST - low);
  const sizes = new Uint32Array(FIRST - walk.component);
  for (const id of component) sizes[id]!++;
  return { component, sizes };
}

/** Position of each node in `members` plus one, 0 for other nodes: fresh memory is mapped only where members are. */
export function positionsOf(graph: RefGraph, members: Uint32Array): Uint32Array {
  const position = new Uint32Array(graph.nodeCount);
  for (let at = 0; at < members.length; at++) position[members[at]!] = at + 1;
  return position;
}

function open(walk: Walk, graph: RefGraph, members: Uint32Array, member: number): void {
  walk.low[member] = walk.index++;
  walk.isRoot[member] = 1;
  walk.path[walk.depth] = member;
  walk.nextEdge[walk.depth] = graph.edgeStart[members[member]!]!;
  walk.depth++;
}

/** Follows the edges of the last member on the path, up to the first that leads to an unseen one. */
function advance(walk: Walk, graph: RefGraph, members: Uint32Array, position: Uint32Array): void {
  const { low, isRoot } = walk;
  const top = walk.depth - 1;
  const member = walk.path[top]!;
  const end = graph.edgeStart[members[member]! + 1]!;
  for (let edge = walk.nextEdge[top]!; edge < end; edge++) {
    const target = position[graph.edgeTarget[edge]!]! - 1;
    if (target < 0) continue;
    if (low[target] === 0) {
      // This edge is looked at once more when its target is finished: that carries the target's `low` back.
      walk.nextEdge[top] = edge;
      open(walk, graph, members, target);
      return;
    }
    if (low[target]! < low[member]!) {
      low[member] = low[target]!;
      isRoot[member] = 0;
    }
  }
  close(walk, member);
}

/** Takes a finished member off the path; the first visited of a component takes all others of it along. */
function close(walk: Walk, member: number): void {
  const { low, path } = walk;
  walk.depth--;
  if (walk.isRoot[member] === 0) {
    path[--walk.waiting] = member;
    return;
  }
  walk.index--;
  while (walk.waiting < path.length && low[member]! <= low[path[walk.waiting]!]!) {
    low[path[walk.waiting++]!] = walk.component;
    walk.index--;
  }
  low[member] = walk.component--;
}
