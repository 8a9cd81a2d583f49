// The half of an analysis that says what each object weighs. It needs nothing but the graph and the sizes, so that another
// thread can work on it while the main one finds names and paths.

import { dominators, type DominatorTree } from "../../graph/dominators.ts";
import type { RefGraph } from "../../graph/ref-graph.ts";
import { retainedCounts, retainedSizes } from "../../graph/retained.ts";
import type { RootCandidates } from "./roots.ts";

export interface Weights {
  /** Who keeps whom alive on its own. */
  readonly tree: DominatorTree;
  /** Bytes freed with each node; the last entry is the virtual root: everything reachable. 0 for garbage. */
  readonly retainedBytes: Float64Array;
  readonly retainedCounts: Uint32Array;
}

/** `scratch`: memory of the caller's whose content may be lost. */
export function weigh(
  refs: RefGraph,
  sizes: Uint32Array,
  oversize: ReadonlyMap<number, number>,
  roots: RootCandidates,
  scratch?: ArrayBufferLike,
): Weights {
  const tree = dominators(refs, roots.accepted, scratch, roots.held);
  return { tree, retainedBytes: retainedSizes(tree, sizes, oversize), retainedCounts: retainedCounts(tree) };
}
