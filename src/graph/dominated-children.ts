// The dominator tree downward: what does a node hold that nothing else holds?

import type { DominatorTree } from "./dominators.ts";
import { NO_NODE, signed, type RefGraph } from "./ref-graph.ts";

/**
 * The tree as a graph of `nodeCount + 1` nodes, the last being the virtual root: the edges of a node lead to what it
 * immediately dominates, in ascending order. With `isWanted` (one byte per node, 0 = no) the others are left out.
 * Counting sort: O(nodes) time, 4 bytes per node and 4 per node kept.
 */
export function dominatedChildren(tree: DominatorTree, isWanted?: Uint8Array): RefGraph {
  const nodeCount = tree.graph.nodeCount + 1;
  const idom = signed(isWanted === undefined ? tree.idom : keepWanted(tree.idom, isWanted));
  const edgeStart = new Uint32Array(nodeCount + 1);
  const next = signed(edgeStart);
  // Counting one entry further on leaves, after the placing, each row's start where it belongs.
  for (let node = 0; node < idom.length; node++) {
    const above = idom[node]!;
    if (above >= 0 && above + 2 <= nodeCount) next[above + 2]!++;
  }
  for (let row = 2; row <= nodeCount; row++) next[row] = next[row]! + next[row - 1]!;
  const reachable = countReachable(idom);
  const edgeTarget = new Uint32Array(reachable);
  const child = signed(edgeTarget);
  for (let node = 0; node < idom.length; node++) {
    const above = idom[node]!;
    if (above >= 0) child[next[above + 1]!++] = node;
  }
  return { nodeCount, edgeStart, edgeTarget };
}

/** What `node` immediately dominates, ascending; `nodeCount` asks for the virtual root. A scan of O(nodes), no memory. */
export function dominatedBy(tree: DominatorTree, node: number): Uint32Array {
  if (node === NO_NODE) return new Uint32Array(0);
  const found: number[] = [];
  for (let at = tree.idom.indexOf(node); at >= 0; at = tree.idom.indexOf(node, at + 1)) found.push(at);
  return Uint32Array.from(found);
}

/** The dominators with NO_NODE for what is not wanted. */
function keepWanted(idom: Uint32Array, isWanted: Uint8Array): Uint32Array {
  const kept = idom.slice();
  for (let node = 0; node < kept.length; node++) {
    if (isWanted[node] === 0) kept[node] = NO_NODE;
  }
  return kept;
}

function countReachable(idom: Int32Array): number {
  let reachable = 0;
  for (let node = 0; node < idom.length; node++) reachable += 1 + (idom[node]! >> 31);
  return reachable;
}
