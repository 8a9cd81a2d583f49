// heap/read-heap.ts and heap/analyse.ts with helpers: the same snapshot and the same analysis, in less time.

import { fail, ok, type Result } from "../base/result.ts";
import { completeAnalysis, type HeapAnalysis, searchPaths } from "../heap/analyse.ts";
import { rootCandidates } from "../heap/analysis/roots.ts";
import type { Weights } from "../heap/analysis/weights.ts";
import { type CheckedHeap, checkHeap, type HeapOrigin, nameHeap, type ReadOptions } from "../heap/read-heap.ts";
import type { Snapshot } from "../heap/snapshot.ts";
import type { HeapSource } from "../heap/walk/read-objects.ts";
import type { TargetError } from "../model/target-error.ts";
import type { Helper } from "./helper-threads.ts";
import { readObjectsInThreads } from "./read-objects-in-threads.ts";

/** A heap that was read, and the weighing of it that goes on in a helper. */
export interface HeapInProgress {
  readonly snapshot: Snapshot;
  /** Finds paths here while the helper weighs; rejects when the helper dies. Null when it was not asked for. */
  readonly analyse: (() => Promise<HeapAnalysis>) | null;
}

/**
 * The copy must lie in shared memory. `isAnalysed`: weighing starts before the names are read. Rejects when a helper
 * dies: the copy is unchanged then, and can be read alone.
 */
export async function readHeapInThreads(
  source: HeapSource,
  origin: HeapOrigin,
  options: ReadOptions & { readonly isAnalysed: boolean },
  helpers: readonly Helper[],
): Promise<Result<HeapInProgress, TargetError>> {
  const read = await readObjectsInThreads(source, helpers, options.progress);
  if (read === null) return fail({ code: "interpreter-not-initialised", pid: origin.pid });
  const heap = checkHeap(read);
  const weighing = options.isAnalysed ? startWeighing(heap, helpers) : null;
  const snapshot = nameHeap(heap, source.interpreter, origin, options);
  return ok({ snapshot, analyse: weighing === null ? null : analysisOf(snapshot, weighing) });
}

/** A function of its own: what it returns must not keep the copy of the target in memory. */
function analysisOf(snapshot: Snapshot, weighing: Promise<Weights>): () => Promise<HeapAnalysis> {
  return () => finishAnalysis(snapshot, weighing);
}

function startWeighing({ read, roots, exactness }: CheckedHeap, [helper]: readonly Helper[]): Promise<Weights> {
  const { refs, nodes } = read.columns;
  const { shallowBytes: sizes, oversize } = nodes;
  const candidates = rootCandidates({ roots, excess: exactness.excess });
  if (helper === undefined) return Promise.reject(new Error("nobody is there to weigh"));
  const weighing = helper
    .run<"weigh">({ kind: "weigh", refs, sizes, oversize, roots: candidates })
    .then((done) => done.weights);
  // A failure is met where the weights are awaited.
  weighing.catch(() => {});
  return weighing;
}

async function finishAnalysis(snapshot: Snapshot, weighing: Promise<Weights>): Promise<HeapAnalysis> {
  const found = searchPaths(snapshot);
  const weights = await weighing;
  // The tree comes back with a copy of the graph's record: the arrays are the same memory.
  return completeAnalysis(found, { ...weights, tree: { ...weights.tree, graph: snapshot.refs } });
}
