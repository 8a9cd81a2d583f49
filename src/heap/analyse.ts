// From the columns of a snapshot to what every query needs: who reaches whom, who keeps whom alive, how much.
// It does not name anything (see paths/) and picks no holders (see holders/).

import type { NodeIx } from "../base/brand.ts";
import { NO_NODE } from "../graph/ref-graph.ts";
import { findGarbage, type Garbage } from "./analysis/garbage.ts";
import { listModules, preferModuleNames, type ModuleTable } from "./analysis/modules.ts";
import { searchFromRoots, type RootedGraph } from "./analysis/roots.ts";
import { totalByType, type TypeTotals } from "./analysis/type-totals.ts";
import { weigh, type Weights } from "./analysis/weights.ts";
import type { CodeRow, LruCacheRow, Snapshot } from "./snapshot.ts";

/** A snapshot with its paths, dominators and sums. Arrays are by node unless said otherwise. */
export interface HeapAnalysis extends Weights {
  readonly snapshot: Snapshot;
  /** Shortest paths and the accepted roots. */
  readonly rooted: RootedGraph;
  readonly modules: ModuleTable;
  readonly typeTotals: TypeTotals;
  readonly garbage: Garbage;
  readonly codeOf: ReadonlyMap<number, CodeRow>;
  readonly lruOf: ReadonlyMap<number, LruCacheRow>;
}

export function analyse(snapshot: Snapshot): HeapAnalysis {
  const { refs, nodes } = snapshot;
  const found = searchPaths(snapshot);
  return completeAnalysis(
    found,
    weigh(refs, nodes.shallowBytes, nodes.oversize, { accepted: found.rooted.roots, held: NOTHING }),
  );
}

const NOTHING = new Uint32Array(0);

/** The half of an analysis that says how things are reached. */
export type FoundPaths = Pick<HeapAnalysis, "snapshot" | "rooted" | "modules" | "garbage">;

/** Shortest paths from the roots, tier by tier, through module names where there is a choice; and what nothing reaches. */
export function searchPaths(snapshot: Snapshot): FoundPaths {
  const rooted = searchFromRoots(snapshot);
  const modules = listModules(snapshot);
  preferModuleNames(snapshot, rooted, modules);
  return { snapshot, rooted, modules, garbage: findGarbage(snapshot, rooted.parent) };
}

/** Adds what needs both halves: sums by type, and look-ups by node for the few thousand code objects and caches. */
export function completeAnalysis(found: FoundPaths, weights: Weights): HeapAnalysis {
  const { snapshot } = found;
  const typeTotals = totalByType(snapshot, weights.tree, weights.retainedBytes);
  const codeOf = new Map(snapshot.codes.map((row) => [row.node as number, row]));
  const lruOf = new Map(snapshot.lruCaches.map((row) => [row.node as number, row]));
  return { ...found, ...weights, typeTotals, codeOf, lruOf };
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
