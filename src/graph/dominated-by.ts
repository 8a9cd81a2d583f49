// One step down the dominator tree: what does a node hold that nothing else holds?

import type { DominatorTree } from "./dominators.ts";
import { NO_NODE } from "./ref-graph.ts";

/** What `node` immediately dominates, ascending; `nodeCount` asks for the virtual root. A scan of O(nodes), no memory. */
export function dominatedBy(tree: DominatorTree, node: number): Uint32Array {
  if (node === NO_NODE) return new Uint32Array(0);
  const found: number[] = [];
  for (let at = tree.idom.indexOf(node); at >= 0; at = tree.idom.indexOf(node, at + 1)) found.push(at);
  return Uint32Array.from(found);
}
