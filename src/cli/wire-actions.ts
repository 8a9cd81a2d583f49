// Makes the commands' actions of the use cases: failures become sentences, sources are opened one after the other.

import { fail, ok, type Result } from "../base/result.ts";
import type { DiffReport, DoctorReport, SnapshotReport, TopReport, WhyReport } from "../model/heap-reports.ts";
import type { Actions, Asked, Problem, ReadingOptions } from "./actions.ts";

interface Failure {
  readonly code: string;
}

/** The use cases as src/app offers them. */
export interface UseCases<
  Heap,
  HeapError extends Failure,
  Selector,
  SelectorError extends Failure,
  DiffError extends Failure,
> {
  readonly examineTarget: (pid: number | null) => DoctorReport;
  readonly takeSnapshot: (
    target: string,
    file: string,
    options: ReadingOptions,
  ) => Promise<Result<SnapshotReport, HeapError>>;
  readonly openHeap: (source: string, options: ReadingOptions) => Promise<Result<Heap, HeapError>>;
  readonly topOf: (heap: Heap, limits: { readonly limit: number }) => TopReport;
  readonly whyOf: (
    heap: Heap,
    selector: Selector,
    limits: { readonly limit: number; readonly paths: number },
  ) => Result<WhyReport, SelectorError>;
  readonly diffOf: (heaps: readonly Heap[], limits: { readonly limit: number }) => Result<DiffReport, DiffError>;
  readonly selectorOf: (asked: Asked) => Result<Selector, SelectorError>;
  readonly explainHeapError: (error: HeapError) => string;
  readonly explainSelectorError: (error: SelectorError) => string;
  readonly explainDiffError: (error: DiffError) => string;
}

export function wireActions<
  Heap,
  HeapError extends Failure,
  Selector,
  SelectorError extends Failure,
  DiffError extends Failure,
>(cases: UseCases<Heap, HeapError, Selector, SelectorError, DiffError>): Actions {
  const why = (
    heap: Heap,
    asked: Asked,
    limits: { readonly limit: number; readonly paths: number },
  ): Result<WhyReport, Problem> => {
    const selector = cases.selectorOf(asked);
    return inWords(selector.ok ? cases.whyOf(heap, selector.value, limits) : selector, cases.explainSelectorError);
  };
  return {
    examineTarget: async (pid) => cases.examineTarget(pid),
    takeSnapshot: async (target, file, options) =>
      inWords(await cases.takeSnapshot(target, file, options), cases.explainHeapError),
    openHeap: async (source, options) => {
      const opened = inWords(await cases.openHeap(source, options), cases.explainHeapError);
      if (!opened.ok) return opened;
      const heap = opened.value;
      return ok({ top: (limits) => cases.topOf(heap, limits), why: (asked, limits) => why(heap, asked, limits) });
    },
    diff: async (sources, options, limits) => {
      const heaps: Heap[] = [];
      for (const source of sources) {
        const opened = inWords(await cases.openHeap(source, options), cases.explainHeapError);
        if (!opened.ok) return opened;
        heaps.push(opened.value);
      }
      return inWords(cases.diffOf(heaps, limits), cases.explainDiffError);
    },
  };
}

function inWords<T, E extends Failure>(result: Result<T, E>, explain: (error: E) => string): Result<T, Problem> {
  return result.ok ? result : fail({ code: result.error.code, message: explain(result.error) });
}
