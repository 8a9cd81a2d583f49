// The heap commands behind `top`, `why` and `diff`: snapshots in, reports out. Reading snapshots is not done here.

import { fail, ok, type Result } from "../base/result.ts";
import { analyse, type HeapAnalysis } from "../heap/analyse.ts";
import { diffOf, hasStrongGrowth, type DiffOptions } from "../heap/queries/diff.ts";
import { explainSelectorError, parseSelector } from "../heap/queries/selector.ts";
import { parseQuery } from "../heap/query/parse-query.ts";
import { explainQueryError } from "../heap/query/query-tree.ts";
import { runQuery } from "../heap/query/run-query.ts";
import { topOf, type TopOptions } from "../heap/queries/top.ts";
import { whyOf, type WhyOptions } from "../heap/queries/why.ts";
import type { Snapshot } from "../heap/snapshot.ts";
import type { DiffReport, TopReport, WhyReport } from "../model/heap-reports.ts";
import type { QueryReport } from "../model/query-report.ts";
import { immediateSignals } from "./immediate-signals.ts";

/** A selector that selects nothing, explained for the user. */
export interface SelectionFailure {
  readonly code: "selector";
  readonly sentence: string;
}

/** `analysis`: of the snapshot, when there is one already. */
export function queryTop(snapshot: Snapshot, options: TopOptions = {}, analysis?: HeapAnalysis | null): TopReport {
  using _signals = immediateSignals();
  return topOf(analysis ?? analyse(snapshot), options);
}

export function queryWhy(
  snapshot: Snapshot,
  selectorText: string,
  options: WhyOptions = {},
  analysis?: HeapAnalysis | null,
): Result<WhyReport, SelectionFailure> {
  using _signals = immediateSignals();
  const selector = parseSelector(selectorText);
  const report = selector.ok ? whyOf(analysis ?? analyse(snapshot), selector.value, options) : selector;
  return report.ok ? ok(report.value) : fail({ code: "selector", sentence: explainSelectorError(report.error) });
}

/** Answers the query for one heap. */
export type AskHeap = (snapshot: Snapshot, analysis?: HeapAnalysis | null) => QueryReport;

/** A query that can be asked: it is read before any process is, so that a slip of the pen costs nothing. */
export function readQuery(text: string): Result<AskHeap, { readonly code: "query"; readonly sentence: string }> {
  const query = parseQuery(text);
  if (!query.ok) return fail({ code: "query", sentence: explainQueryError(query.error) });
  return ok((snapshot, analysis) => {
    using _signals = immediateSignals();
    return runQuery(analysis ?? analyse(snapshot), query.value, text);
  });
}

export interface DiffOutcome {
  readonly report: DiffReport;
  /** True when the command should exit with 1. */
  readonly isFinding: boolean;
}

/** Oldest first, at least two. */
export function queryDiff(
  snapshots: readonly { readonly file: string; readonly snapshot: Snapshot }[],
  options: DiffOptions = {},
): DiffOutcome {
  using _signals = immediateSignals();
  const report = diffOf(
    snapshots.map(({ file, snapshot }) => ({ file, analysis: analyse(snapshot) })),
    options,
  );
  return { report, isFinding: hasStrongGrowth(report) };
}
