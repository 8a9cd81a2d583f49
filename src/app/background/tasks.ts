// Everything that a background thread can be asked. A thread keeps one heap open at a time and answers questions about it.

import { fail, ok, type Result } from "../../base/result.ts";
import { analyse, type HeapAnalysis } from "../../heap/analyse.ts";
import { settleOwners } from "../../heap/holders/ownership.ts";
import { neighbourhoodOf } from "../../heap/queries/neighbourhood.ts";
import { retentionTree } from "../../heap/queries/retention-tree.ts";
import { explainSelectorError, parseSelector } from "../../heap/queries/selector.ts";
import { withoutValues } from "../../heap/without-values.ts";
import type { CacheInventory } from "../../model/cache-inventory.ts";
import type { CacheAdviceReport } from "../../model/cache-advice.ts";
import type { Diagnosis } from "../../model/diagnosis.ts";
import type { ScanReport } from "../../model/finding.ts";
import type { DiffReport, SnapshotReport, TopReport, WhyReport } from "../../model/heap-reports.ts";
import type { HeapSummary, NeighbourhoodReport, RetentionReport } from "../../model/page-reports.ts";
import type { QueryReport } from "../../model/query-report.ts";
import type { WatchReport } from "../../model/watch-report.ts";
import { adviseCaches, type AdviceAsked } from "../caches/advise-caches.ts";
import { type CachesAsked, listCaches } from "../caches/list-caches.ts";
import { type DiagnoseAsked, diagnoseProcess } from "../diagnose/diagnose-process.ts";
import { queryDiff, queryTop, queryWhy, readQuery } from "../heap-queries.ts";
import { explainHeapError, openHeap } from "../open-heap.ts";
import { scanProject, type ScanAsked } from "../scan/scan-project.ts";
import { codeOfHelpedError, explainHelpedError } from "../snapshot/snapshot-way.ts";
import { takeSnapshot } from "../take-snapshot.ts";
import { watchFleet } from "../watch/watch-fleet.ts";
import type { WatchAsked, WatchOutcome } from "../watch/watch-session.ts";
import type { Task, TaskContext, TaskProblem } from "./task.ts";

/** What the context brings is not asked for. */
type Asked<T> = Omit<T, "progress" | "signal">;

export interface BackgroundTasks {
  readonly snapshot: Task<SnapshotAsked, SnapshotReport>;
  readonly diagnose: Task<Asked<DiagnoseAsked>, Diagnosis>;
  readonly caches: Task<Asked<CachesAsked>, CacheInventory>;
  readonly advice: Task<Asked<AdviceAsked>, CacheAdviceReport>;
  /** Tells each report. */
  readonly watch: Task<WatchAsked, WatchOutcome>;
  readonly findings: Task<Asked<ScanAsked>, ScanReport>;
  readonly comparison: Task<ComparisonAsked, DiffReport>;
  /** Opens a heap for the questions below; an earlier one is let go. */
  readonly open: Task<OpenAsked, HeapSummary>;
  readonly top: Task<{ readonly limit: number }, TopReport>;
  readonly why: Task<WhyAsked, WhyReport>;
  readonly query: Task<{ readonly query: string }, QueryReport>;
  readonly retention: Task<{ readonly leastShare: number }, RetentionReport>;
  readonly neighbourhood: Task<NeighbourhoodAsked, NeighbourhoodReport>;
}

export interface SnapshotAsked {
  readonly pid: number;
  readonly file: string;
  readonly maxPauseMs: number;
  readonly hasValues: boolean;
}

export interface OpenAsked {
  /** A snapshot file, a core file, or the digits of a process id. */
  readonly source: string;
  readonly maxPauseMs: number;
  /** Texts that the source has are told; otherwise nobody gets to see them. */
  readonly hasValues: boolean;
}

export interface ComparisonAsked extends Omit<OpenAsked, "source"> {
  /** Oldest first, at least two. */
  readonly sources: readonly { readonly name: string; readonly file: string }[];
  readonly limit: number;
}

export interface WhyAsked {
  readonly selector: string;
  /** Subjects at most, and paths of each. */
  readonly limit: number;
  readonly paths: number;
}

export interface NeighbourhoodAsked {
  readonly selector: string;
  readonly limit: number;
}

/** The tasks of one thread. */
export function createTasks(): BackgroundTasks {
  let heap: HeapAnalysis | null = null;
  const ofHeap =
    <Question, Answer>(task: (heap: HeapAnalysis, asked: Question) => Result<Answer, TaskProblem>) =>
    async (asked: Question): Promise<Result<Answer, TaskProblem>> =>
      heap === null ? fail({ code: "no-heap", message: "No heap is open." }) : task(heap, asked);
  return {
    snapshot,
    diagnose: async (asked, context) => await diagnoseProcess({ ...asked, ...context }),
    caches: async (asked, context) => await listCaches({ ...asked, ...context }),
    advice: async (asked, context) => await adviseCaches({ ...asked, ...context }),
    watch,
    findings,
    comparison,
    open: async (asked, context) => {
      heap = null;
      const opened = await open(asked, context);
      if (!opened.ok) return opened;
      heap = opened.value;
      return ok(summaryOf(heap));
    },
    top: ofHeap((open, limits) => ok(queryTop(open.snapshot, limits, open))),
    why: ofHeap((open, { selector, limit, paths }) =>
      inWords(queryWhy(open.snapshot, selector, { subjects: limit, paths }, open)),
    ),
    query: ofHeap((open, { query }) => {
      const read = readQuery(query);
      return read.ok ? ok(read.value(open.snapshot, open)) : inWords(read);
    }),
    retention: ofHeap((open, options) =>
      ok({
        schema: "deadweight/retention@1",
        liveBytes: open.snapshot.meta.liveBytes,
        root: retentionTree(open, options),
      }),
    ),
    neighbourhood: ofHeap(neighbourhood),
  };
}

async function snapshot(
  { pid, file, maxPauseMs, hasValues }: SnapshotAsked,
  { progress }: TaskContext,
): Promise<Result<SnapshotReport, TaskProblem>> {
  const taken = await takeSnapshot(String(pid), file, { maxPauseMs, values: hasValues, progress, way: "outside" });
  if (taken.ok) return taken;
  return fail({ code: codeOfHelpedError(taken.error), message: explainHelpedError(taken.error) });
}

async function watch(asked: WatchAsked, { signal, tell }: TaskContext): Promise<Result<WatchOutcome, TaskProblem>> {
  const opened = await watchFleet(asked);
  if (!opened.ok) return opened;
  await using session = opened.value;
  const end = (): void => session.end();
  signal.addEventListener("abort", end, { once: true });
  if (signal.aborted) end();
  for (const reports = session.reports(); ; ) {
    const next = await reports.next();
    if (next.done === true) return ok(next.value);
    tell(next.value satisfies WatchReport);
  }
}

async function findings(asked: Asked<ScanAsked>, { progress }: TaskContext): Promise<Result<ScanReport, TaskProblem>> {
  const scanned = await scanProject({ ...asked, progress });
  return scanned.ok ? ok(scanned.value.report) : fail({ code: "usage", message: scanned.error });
}

async function comparison(
  { sources, limit, ...how }: ComparisonAsked,
  context: TaskContext,
): Promise<Result<DiffReport, TaskProblem>> {
  const heaps = [];
  for (const { name, file } of sources) {
    const opened = await open({ ...how, source: file }, context);
    if (!opened.ok) return opened;
    heaps.push({ file: name, snapshot: opened.value.snapshot });
  }
  return ok(queryDiff(heaps, { limit }).report);
}

async function open(
  { source, maxPauseMs, hasValues }: OpenAsked,
  { progress }: TaskContext,
): Promise<Result<HeapAnalysis, TaskProblem>> {
  const opened = await openHeap(source, { maxPauseMs, values: hasValues, progress });
  if (!opened.ok) return fail({ code: opened.error.code, message: explainHeapError(opened.error) });
  const { snapshot, analysis } = opened.value;
  const shown = hasValues ? snapshot : withoutValues(snapshot);
  progress({ phase: "analysing", done: 0, total: null, unit: "objects" });
  return ok(settleOwners(analysis === null || shown !== snapshot ? analyse(shown) : analysis));
}

function summaryOf({ snapshot: { meta, nodes, refs } }: HeapAnalysis): HeapSummary {
  return {
    schema: "deadweight/heap@1",
    python: meta.python,
    pid: meta.pid,
    takenAtMs: meta.takenAtMs,
    nodes: nodes.count - 1,
    edges: refs.edgeTarget.length,
    liveBytes: meta.liveBytes,
    exactness: meta.exactness,
    warnings: meta.warnings,
  };
}

function neighbourhood(
  heap: HeapAnalysis,
  { selector, limit }: NeighbourhoodAsked,
): Result<NeighbourhoodReport, TaskProblem> {
  const parsed = parseSelector(selector);
  const found = parsed.ok ? neighbourhoodOf(heap, parsed.value, limit) : parsed;
  if (!found.ok) return fail({ code: "selector", message: explainSelectorError(found.error) });
  const { nodes, edges, matched } = found.value;
  return ok({ schema: "deadweight/neighbourhood@1", nodes, edges, matched });
}

function inWords<T>(result: Result<T, { readonly code: string; readonly sentence: string }>): Result<T, TaskProblem> {
  return result.ok ? result : fail({ code: result.error.code, message: result.error.sentence });
}
