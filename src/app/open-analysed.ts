// Opens a heap for questions: with its analysis, and with its values only where somebody asked for them.

import { fail, ok, type Result } from "../base/result.ts";
import { analyse, type HeapAnalysis } from "../heap/analyse.ts";
import { settleOwners } from "../heap/holders/ownership.ts";
import { withoutValues } from "../heap/without-values.ts";
import type { Progress } from "../model/progress.ts";
import { explainHeapError, openHeap } from "./open-heap.ts";

export interface OpenAsked {
  /** A snapshot file, a core file, or the digits of a process id. */
  readonly source: string;
  readonly maxPauseMs: number;
  /** Texts that the source has are told; otherwise nobody gets to see them. */
  readonly hasValues: boolean;
}

/** Fails in words. */
export async function openAnalysed(
  { source, maxPauseMs, hasValues }: OpenAsked,
  progress: Progress,
): Promise<Result<HeapAnalysis, { readonly code: string; readonly message: string }>> {
  const opened = await openHeap(source, { maxPauseMs, values: hasValues, progress });
  if (!opened.ok) return fail({ code: opened.error.code, message: explainHeapError(opened.error) });
  const { snapshot, analysis } = opened.value;
  const shown = hasValues ? snapshot : withoutValues(snapshot);
  progress({ phase: "analysing", done: 0, total: null, unit: "objects" });
  return ok(settleOwners(analysis === null || shown !== snapshot ? analyse(shown) : analysis));
}
