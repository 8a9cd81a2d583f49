// heap/read-heap.ts and heap/analyse.ts with helpers: the same snapshot and the same analysis, in less time.

import { fail, ok, type Result } from "../base/result.ts";
import { completeAnalysis, type HeapAnalysis, searchPaths } from "../heap/analyse.ts";
import { rootCandidates } from "../heap/analysis/roots.ts";
import { checkHeap, type HeapOrigin, nameHeap, type ReadOptions } from "../heap/read-heap.ts";
import type { Snapshot } from "../heap/snapshot.ts";
import type { HeapSource } from "../heap/walk/read-objects.ts";
import type { TargetError } from "../model/target-error.ts";
import type { Helper } from "./helper-threads.ts";
import { readObjectsInThreads } from "./read-objects-in-threads.ts";

/**
 * The copy must lie in shared memory. Rejects when a helper dies: the copy is unchanged then, and can be read alone.
 */
export async function readHeapInThreads(
  source: HeapSource,
  origin: HeapOrigin,
  options: ReadOptions,
  helpers: readonly Helper[],
): Promise<Result<Snapshot, TargetError>> {
  const read = await readObjectsInThreads(source, helpers, options.progress);
  if (read === null) return fail({ code: "interpreter-not-initialised", pid: origin.pid });
  return ok(nameHeap(checkHeap(read), source.interpreter, origin, options));
}

/**
 * Finds paths here while the helper weighs. The snapshot must have been read with this helper: its columns lie in shared
 * memory. It could begin before the names are read, but then the copy of the target would still be in memory, and the
 * peak would be 0.1 times the target higher. Rejects when the helper dies.
 */
export async function analyseInThreads(snapshot: Snapshot, helper: Helper): Promise<HeapAnalysis> {
  const { refs, nodes } = snapshot;
  const { shallowBytes: sizes, oversize } = nodes;
  const weighing = helper.run<"weigh">({ kind: "weigh", refs, sizes, oversize, roots: rootCandidates(snapshot) });
  // Met below, unless the search fails first.
  weighing.catch(() => {});
  const found = searchPaths(snapshot);
  const { weights } = await weighing;
  // The tree comes back with a copy of the graph's record: the arrays are the same memory.
  return completeAnalysis(found, { ...weights, tree: { ...weights.tree, graph: refs } });
}
