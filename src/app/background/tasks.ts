// Everything that a background thread can be asked. A thread keeps one heap open at a time and answers questions about it.

import { fail, ok, type Result } from "../../base/result.ts";
import type { HeapAnalysis } from "../../heap/analyse.ts";
import type { CacheInventory } from "../../model/cache-inventory.ts";
import type { CacheAdviceReport } from "../../model/cache-advice.ts";
import type { Diagnosis } from "../../model/diagnosis.ts";
import type { ScanReport } from "../../model/finding.ts";
import type { DiffReport, SnapshotReport, TopReport, WhyReport } from "../../model/heap-reports.ts";
import type {
  HeapSummary,
  NeighbourhoodReport,
  RetentionReport,
  SourceExcerpt,
  ValueReport,
} from "../../model/page-reports.ts";
import type { QueryReport } from "../../model/query-report.ts";
import type { WatchReport } from "../../model/watch-report.ts";
import { adviseCaches, type AdviceAsked } from "../caches/advise-caches.ts";
import { type CachesAsked, listCaches } from "../caches/list-caches.ts";
import { type DiagnoseAsked, diagnoseProcess } from "../diagnose/diagnose-process.ts";
import {
  type NeighbourhoodAsked,
  neighbourhoodIn,
  type ObjectAsked,
  queryIn,
  retentionIn,
  sourceIn,
  summaryOf,
  topIn,
  valueIn,
  type WhyAsked,
  whyIn,
} from "../heap-answers.ts";
import { queryDiff } from "../heap-queries.ts";
import { openAnalysed, type OpenAsked } from "../open-analysed.ts";
import { scanProject, type ScanAsked } from "../scan/scan-project.ts";
import { codeOfHelpedError, explainHelpedError } from "../snapshot/snapshot-way.ts";
import { takeSnapshot } from "../take-snapshot.ts";
import { watchFleet } from "../watch/watch-fleet.ts";
import type { WatchAsked, WatchOutcome } from "../watch/watch-session.ts";
import type { Task, TaskContext, TaskProblem } from "./task.ts";

/** Of a diagnosis. */
const SAMPLES_PER_SECOND = 3;

/** What the context brings is not asked for. */
type Asked<T> = Omit<T, "progress" | "signal">;

export interface BackgroundTasks {
  readonly snapshot: Task<SnapshotAsked, SnapshotReport>;
  readonly diagnose: Task<DiagnosisAsked, Diagnosis>;
  readonly caches: Task<Asked<CachesAsked>, CacheInventory>;
  readonly advice: Task<Asked<AdviceAsked>, CacheAdviceReport>;
  /** Tells each report. */
  readonly watch: Task<WatchAsked, WatchOutcome>;
  readonly findings: Task<FindingsAsked, ScanReport>;
  readonly comparison: Task<ComparisonAsked, DiffReport>;
  /** Opens a heap for the questions below; an earlier one is let go. */
  readonly open: Task<OpenAsked, HeapSummary>;
  readonly top: Task<{ readonly limit: number }, TopReport>;
  readonly why: Task<WhyAsked, WhyReport>;
  readonly query: Task<{ readonly query: string }, QueryReport>;
  readonly retention: Task<{ readonly leastShare: number }, RetentionReport>;
  readonly neighbourhood: Task<NeighbourhoodAsked, NeighbourhoodReport>;
  readonly source: Task<ObjectAsked, SourceExcerpt>;
  readonly value: Task<ObjectAsked, ValueReport>;
}

export interface SnapshotAsked {
  readonly pid: number;
  readonly file: string;
  readonly maxPauseMs: number;
  readonly hasValues: boolean;
}

export interface DiagnosisAsked extends Pick<DiagnoseAsked, "forSeconds" | "maxPauseMs" | "toolVersion"> {
  readonly pid: number;
}

/** As `deadweight scan PATHS` in that folder, with its settings and its cache. */
export type FindingsAsked = Pick<ScanAsked, "folder" | "paths" | "toolVersion">;

export interface ComparisonAsked extends Omit<OpenAsked, "source"> {
  /** Oldest first, at least two. */
  readonly sources: readonly { readonly name: string; readonly file: string }[];
  readonly limit: number;
}

/** The tasks of one thread. */
export function createTasks(): BackgroundTasks {
  let heap: HeapAnalysis | null = null;
  // The page asks for the same ones with every reload, and millions of objects take a second.
  let lastTop: { readonly limit: number; readonly report: TopReport } | null = null;
  let lastTree: { readonly leastShare: number; readonly report: RetentionReport } | null = null;
  const ofHeap =
    <Question, Answer>(task: (heap: HeapAnalysis, asked: Question) => Result<Answer, TaskProblem>) =>
    async (asked: Question): Promise<Result<Answer, TaskProblem>> =>
      heap === null ? fail({ code: "no-heap", message: "No heap is open." }) : task(heap, asked);
  return {
    snapshot,
    diagnose,
    caches: async (asked, context) => await listCaches({ ...asked, ...context }),
    advice: async (asked, context) => await adviseCaches({ ...asked, ...context }),
    watch,
    findings,
    comparison,
    open: async (asked, { progress }) => {
      heap = null;
      lastTree = null;
      lastTop = null;
      const opened = await openAnalysed(asked, progress);
      if (!opened.ok) return opened;
      heap = opened.value;
      return ok(summaryOf(heap));
    },
    top: ofHeap((open, { limit }) => {
      const kept = lastTop?.limit === limit ? lastTop : { limit, report: topIn(open, { limit }) };
      lastTop = kept;
      return ok(kept.report);
    }),
    why: ofHeap(whyIn),
    query: ofHeap((open, { query }) => queryIn(open, query)),
    retention: ofHeap((open, { leastShare }) => {
      const kept =
        lastTree?.leastShare === leastShare ? lastTree : { leastShare, report: retentionIn(open, { leastShare }) };
      lastTree = kept;
      return ok(kept.report);
    }),
    neighbourhood: ofHeap(neighbourhoodIn),
    source: ofHeap(sourceIn),
    value: ofHeap(valueIn),
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

async function diagnose(
  { pid, ...asked }: DiagnosisAsked,
  context: TaskContext,
): Promise<Result<Diagnosis, TaskProblem>> {
  return await diagnoseProcess({
    ...asked,
    ...context,
    target: { kind: "pid", pid },
    samplesPerSecond: SAMPLES_PER_SECOND,
    snapshots: null,
    load: null,
    keepFolder: null,
    compareFile: null,
  });
}

async function findings(asked: FindingsAsked, { progress }: TaskContext): Promise<Result<ScanReport, TaskProblem>> {
  const scanned = await scanProject({
    ...asked,
    progress,
    stdin: null,
    config: null,
    select: null,
    ignore: null,
    confidence: null,
    baseline: null,
    baselineAction: "apply",
    fix: "none",
    isDiff: false,
    cache: { folder: null },
    threads: null,
  });
  return scanned.ok ? ok(scanned.value.report) : fail({ code: "usage", message: scanned.error });
}

async function comparison(
  { sources, limit, ...how }: ComparisonAsked,
  context: TaskContext,
): Promise<Result<DiffReport, TaskProblem>> {
  const heaps = [];
  for (const { name, file } of sources) {
    const opened = await openAnalysed({ ...how, source: file }, context.progress);
    if (!opened.ok) return opened;
    heaps.push({ file: name, snapshot: opened.value.snapshot });
  }
  return ok(queryDiff(heaps, { limit }).report);
}
