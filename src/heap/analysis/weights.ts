// The half of an analysis that says what each object weighs. It needs nothing but the graph and the sizes, so that another
// thread can work on it while the main one finds names and paths.

import { dominators, type DominatorTree } from "../../graph/dominators.ts";
import type { RefGraph } from "../../graph/ref-graph.ts";
import { memoryForRetained, retained } from "../../graph/retained.ts";
import type { RootCandidates } from "./roots.ts";

export interface Weights {
  /** Who keeps whom alive on its own. */
  readonly tree: DominatorTree;
  /** Bytes freed with each node; the last entry is the virtual root: everything reachable. 0 for garbage. */
  readonly retainedBytes: Float64Array;
  readonly retainedCounts: Uint32Array;
}

/** Who keeps whom alive, and how much. O(nodes + edges). */
export function weigh(
  refs: RefGraph,
  sizes: Uint32Array,
  oversize: ReadonlyMap<number, number>,
  roots: RootCandidates,
): Weights {
  // Pages that are touched for the first time cost more than what is done with them: the search works where its result
  // will be summed up.
  const memory = memoryForRetained(refs.nodeCount);
  const tree = dominators(refs, roots.accepted, memory, roots.held);
  const { bytes, counts } = retained(tree, sizes, oversize, memory);
  return { tree, retainedBytes: bytes, retainedCounts: counts };
}
