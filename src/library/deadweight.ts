// What Node programs import: a heap that is opened once and asked in code what the commands ask.
//
//   import { openSnapshot } from "deadweight";
//   const heap = await openSnapshot("before.dwsnap");
//   for (const { holder, heldBytes } of heap.top({ limit: 5 }).byHolder) console.log(holder.path, heldBytes);

import {
  neighbourhoodIn,
  type QuestionProblem,
  queryIn,
  retentionIn,
  summaryOf,
  topIn,
  whyIn,
} from "../app/heap-answers.ts";
import { openAnalysed } from "../app/open-analysed.ts";
import type { Result } from "../base/result.ts";
import type { TopReport, WhyReport } from "../model/heap-reports.ts";
import type { HeapSummary, NeighbourhoodReport, RetentionReport } from "../model/page-reports.ts";
import type { Progress } from "../model/progress.ts";
import type { QueryReport } from "../model/query-report.ts";

export type {
  GarbageUsage,
  HolderUsage,
  ModuleUsage,
  PathGroup,
  RetainingPath,
  TopReport,
  TypeUsage,
  WhyReport,
  WhySubject,
} from "../model/heap-reports.ts";
export type { Holder, HolderKind, PathStep } from "../model/holder.ts";
export type {
  HeapSummary,
  Neighbour,
  NeighbourEdge,
  NeighbourhoodReport,
  RetentionReport,
  RetentionRow,
} from "../model/page-reports.ts";
export type { Progress, ProgressStep } from "../model/progress.ts";
export type { QueryGroup, QueryReport, QueryRow } from "../model/query-report.ts";

export interface OpenSnapshotOptions {
  /** Texts of strings and keys that the source has are told; otherwise they are left out. */
  readonly values?: boolean;
  /** A process never stands still longer; 5000 if not given. Files do not care. */
  readonly maxPauseMs?: number;
  readonly progress?: Progress;
}

/** A heap in memory: about as large as the objects it describes. It is gone when nobody refers to it. */
export interface OpenSnapshot {
  readonly summary: HeapSummary;
  /** What holds the memory; O(objects) the first time. */
  top(options?: { readonly limit?: number }): TopReport;
  /** What holds an object (`0x7f...`), a holder (`app.sessions.REGISTRY`) or the objects of a type (`app.models.Session`). */
  why(selector: string, options?: { readonly limit?: number; readonly paths?: number }): WhyReport;
  /** `dict where entries > 10k order by retained limit 20`: docs/query.md is the grammar. */
  query(text: string): QueryReport;
  /** The heap by what would be freed with what. */
  retention(options?: { readonly leastShare?: number }): RetentionReport;
  /** What stands around an object. */
  neighbourhood(selector: string, options?: { readonly limit?: number }): NeighbourhoodReport;
}

/** What cannot be done: `code` for programs (docs/formats lists them), `message` for people. */
export class DeadweightError extends Error {
  override readonly name = "DeadweightError";
  readonly code: string;

  constructor({ code, message }: { readonly code: string; readonly message: string }) {
    super(message);
    this.code = code;
  }
}

const DEFAULT_MAX_PAUSE_MS = 5000;

/**
 * Opens a snapshot file, a core file or, by its process id in digits, a running process, which stands still for the time of one
 * copy. Rejects with a `DeadweightError`, and so throw the questions.
 */
export async function openSnapshot(source: string, options: OpenSnapshotOptions = {}): Promise<OpenSnapshot> {
  const { values = false, maxPauseMs = DEFAULT_MAX_PAUSE_MS, progress = () => {} } = options;
  const heap = valueOf(await openAnalysed({ source, maxPauseMs, hasValues: values }, progress));
  return {
    summary: summaryOf(heap),
    top: ({ limit = 20 } = {}) => topIn(heap, { limit }),
    why: (selector, { limit = 5, paths = 3 } = {}) => valueOf(whyIn(heap, { selector, limit, paths })),
    query: (text) => valueOf(queryIn(heap, text)),
    retention: (how = {}) => retentionIn(heap, how),
    neighbourhood: (selector, { limit = 60 } = {}) => valueOf(neighbourhoodIn(heap, { selector, limit })),
  };
}

function valueOf<T>(result: Result<T, QuestionProblem | { readonly code: string; readonly message: string }>): T {
  if (result.ok) return result.value;
  throw new DeadweightError(result.error);
}
