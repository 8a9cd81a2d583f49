// From the columns of a snapshot to what every query needs: who reaches whom, who keeps whom alive, how much.
// It does not name anything (see paths/) and picks no holders (see holders/).

import type { NodeIx } from "../base/brand.ts";
import { dominators, type DominatorTree } from "../graph/dominators.ts";
import { NO_NODE } from "../graph/ref-graph.ts";
import { retainedCounts, retainedSizes } from "../graph/retained.ts";
import { findGarbage, type Garbage } from "./analysis/garbage.ts";
import { listModules, preferModuleNames, type ModuleTable } from "./analysis/modules.ts";
import { searchFromRoots, type RootedGraph } from "./analysis/roots.ts";
import { canonicalTypes, totalByType, type TypeTotals } from "./analysis/type-totals.ts";
import type { CodeRow, LruCacheRow, Snapshot } from "./snapshot.ts";

/** A snapshot with its paths, dominators and sums. Arrays are by node unless said otherwise. */
export interface HeapAnalysis {
  readonly snapshot: Snapshot;
  /** Shortest paths and the accepted roots. */
  readonly rooted: RootedGraph;
  readonly modules: ModuleTable;
  readonly tree: DominatorTree;
  /** Bytes freed with each node; the last entry is the virtual root: everything reachable. 0 for garbage. */
  readonly retainedBytes: Float64Array;
  readonly retainedCounts: Uint32Array;
  readonly typeTotals: TypeTotals;
  readonly garbage: Garbage;
  readonly codeOf: ReadonlyMap<number, CodeRow>;
  readonly lruOf: ReadonlyMap<number, LruCacheRow>;
}

export function analyse(snapshot: Snapshot): HeapAnalysis {
  // 1. Shortest paths from the roots, tier by tier, through module names where there is a choice.
  const rooted = searchFromRoots(snapshot);
  const modules = listModules(snapshot);
  preferModuleNames(snapshot, rooted, modules);
  // 2. Who keeps whom alive on its own.
  const tree = dominators(snapshot.refs, rooted.roots);
  // 3. What would be freed with each object.
  const retainedBytes = retainedSizes(tree, snapshot.nodes.shallowBytes, snapshot.nodes.oversize);
  const counts = retainedCounts(tree);
  // 4. Sums by type, and what nothing reaches.
  const typeTotals = totalByType(snapshot, tree, retainedBytes);
  const garbage = findGarbage(snapshot, rooted.parent, canonicalTypes(snapshot));
  // 5. Look-ups by node for the few thousand code objects and caches.
  const codeOf = new Map(snapshot.codes.map((row) => [row.node as number, row]));
  const lruOf = new Map(snapshot.lruCaches.map((row) => [row.node as number, row]));
  return { snapshot, rooted, modules, tree, retainedBytes, retainedCounts: counts, typeTotals, garbage, codeOf, lruOf };
}

/** True when nothing reaches the node. Row 0 is no object and no garbage. */
export function isGarbage(analysis: HeapAnalysis, node: NodeIx): boolean {
  return node !== 0 && analysis.rooted.parent[node] === NO_NODE;
}

/** The node one step nearer to the root, or null for roots and garbage. */
export function parentOf(analysis: HeapAnalysis, node: NodeIx): NodeIx | null {
  const parent = analysis.rooted.parent[node]!;
  return parent < analysis.snapshot.refs.nodeCount ? (parent as NodeIx) : null;
}

/** The immediate dominator, or null under the virtual root and for garbage. */
export function dominatorOf(analysis: HeapAnalysis, node: NodeIx): NodeIx | null {
  const above = analysis.tree.idom[node]!;
  return above < analysis.snapshot.refs.nodeCount ? (above as NodeIx) : null;
}
