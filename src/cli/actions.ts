// What the commands need from the use cases. The real ones are wired in real-actions.ts; tests give their own.

import type { AdviceAsked } from "../app/caches/advise-caches.ts";
import type { HistoryAsked } from "../app/caches/cache-history.ts";
import type { ClearFunctionAsked } from "../app/caches/clear-function.ts";
import type { ChangeAsked } from "../app/caches/change-settings.ts";
import type { ClearAsked, UndoAsked } from "../app/caches/clear-caches.ts";
import type { CachesAsked } from "../app/caches/list-caches.ts";
import type { CollectionsAsked } from "../app/collector/watch-collections.ts";
import type { DetachOptions } from "../app/attach/detach-probe.ts";
import type { ExportAsked } from "../app/export/export-heap.ts";
import type { FollowAsked } from "../app/attach/follow-process.ts";
import type { ProcessLinesAsked } from "../app/lines/watch-process-lines.ts";
import type { LinesAsked } from "../app/lines/run-script.ts";
import type { McpOptions } from "../mcp/serve-mcp.ts";
import type { RunningServer, ServeOptions } from "../server/serve.ts";
import type { ScanAnswer, ScanAsked } from "../app/scan/scan-project.ts";
import type { TraceAsked, TraceOutcome } from "../app/trace/trace-process.ts";
import type { ReplayAsked, WatchAsked, WatchSession } from "../app/watch/watch-session.ts";
import type { VerifyAsked } from "../app/verify/verify-scenario.ts";
import type { Result } from "../base/result.ts";
import type { CacheAdviceReport } from "../model/cache-advice.ts";
import type { CacheCommandReport, CacheHistory } from "../model/cache-command.ts";
import type { CacheInventory } from "../model/cache-inventory.ts";
import type { AttachReport, DetachReport } from "../model/attach-report.ts";
import type { ExportReport } from "../model/export-report.ts";
import type { Diagnosis } from "../model/diagnosis.ts";
import type { ExplainReport } from "../model/explanation.ts";
import type { DiffReport, DoctorReport, SnapshotReport, TopReport, WhyReport } from "../model/heap-reports.ts";
import type { AllocationLinesReport } from "../model/allocation-lines-report.ts";
import type { LinesReport } from "../model/lines-report.ts";
import type { QueryReport } from "../model/query-report.ts";
import type { Progress } from "../model/progress.ts";
import type { Verification } from "../model/verification.ts";
import type { RuleCard } from "../model/rule-card.ts";
import type { CollectorReport } from "../model/collector-report.ts";
import type { RunReport } from "../model/run-report.ts";

export type { ServeOptions as ServeAsked } from "../server/serve.ts";
export type { VerifiedTarget, VerifyAsked } from "../app/verify/verify-scenario.ts";
export type { HistoryExport } from "../app/caches/cache-history.ts";
export type { ChangeAsked } from "../app/caches/change-settings.ts";
export type { Limit as CacheLimit } from "../app/caches/setting-asked.ts";
export type { CanaryWatch } from "../app/caches/watch-canary.ts";
export type { CachesAsked } from "../app/caches/list-caches.ts";
export type { ScanAnswer } from "../app/scan/scan-project.ts";
export type {
  ReplayAsked,
  WatchAsked,
  WatchSession,
  WatchTarget,
} from "../app/watch/watch-session.ts";

/** An expected failure in words: what was seen, why it matters, what to do next. */
export interface Problem {
  readonly code: string;
  readonly message: string;
}

/** How a process or core file is read. */
export interface ReadingOptions {
  readonly maxPauseMs: number;
  /** Keep string values and keys, not only structure and names. */
  readonly values: boolean;
  readonly progress: Progress;
  /** For a core file: the interpreter that wrote it. */
  readonly executable?: string;
  /** For a core file: folder that stands for "/" when its files are looked for. */
  readonly sysroot?: string;
}

/** What `why` is asked for. */
export type Asked =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "largest"; readonly count: number };

/** A heap that can be asked. */
export interface HeapQueries {
  readonly top: (limits: { readonly limit: number }) => TopReport;
  readonly why: (
    asked: Asked,
    limits: { readonly limit: number; readonly paths: number },
  ) => Result<WhyReport, Problem>;
}

/** What the command line says of a scan; the folder and stdin are the process's. */
export interface ScanOptions extends Omit<ScanAsked, "folder" | "stdin"> {
  /** What the file from stdin is called. */
  readonly stdinName: string;
}

export interface ScanRules {
  readonly cards: readonly RuleCard[];
  /** Markdown; null when the page is not installed. */
  readonly pageOf: (code: string) => string | null;
}

/** Which process `diagnose` is asked about. */
export type DiagnoseTarget =
  | { readonly kind: "pid"; readonly pid: number }
  | { readonly kind: "match"; readonly pattern: RegExp }
  | { readonly kind: "command"; readonly words: readonly string[] };

export interface DiagnoseOptions {
  readonly target: DiagnoseTarget;
  readonly forSeconds: number;
  readonly samplesPerSecond: number;
  /** Null: as many as the process can bear. */
  readonly snapshots: number | null;
  /** A command that prints a number, or URL#METRIC; null: CPU time. */
  readonly load: string | null;
  /** Null: snapshots are not kept. */
  readonly keepFolder: string | null;
  /** A diagnosis from before a fix; null: compared with nothing. */
  readonly compareFile: string | null;
  readonly maxPauseMs: number;
  readonly toolVersion: string;
  readonly progress: Progress;
  /** Ends the watch early; what was seen until then is judged. */
  readonly signal: AbortSignal;
}

export interface DiagnoseRecordingOptions extends Pick<DiagnoseOptions, "toolVersion" | "progress"> {
  readonly file: string;
  readonly pid: number | null;
}

export interface RunOptions {
  readonly words: readonly string[];
  readonly everySeconds: number;
  readonly say: (sentence: string) => void;
}

export interface Actions {
  readonly examineTarget: (pid: number | null) => Promise<DoctorReport>;
  /** `target` is a PID or a core file. */
  readonly takeSnapshot: (
    target: string,
    file: string,
    options: ReadingOptions & { readonly way: SnapshotReport["way"] },
  ) => Promise<Result<SnapshotReport, Problem>>;
  /** `source` is a snapshot file, a PID or a core file. */
  readonly openHeap: (source: string, options: ReadingOptions) => Promise<Result<HeapQueries, Problem>>;
  readonly diff: (
    sources: readonly string[],
    options: ReadingOptions,
    limits: { readonly limit: number },
  ) => Promise<Result<DiffReport, Problem>>;
  /** The query is read before the source: a slip of the pen stops no process. */
  readonly query: (source: string, text: string, options: ReadingOptions) => Promise<Result<QueryReport, Problem>>;
  /** Writes a heap in the format of another viewer. */
  readonly exportHeap: (asked: ExportAsked, options: ReadingOptions) => Promise<Result<ExportReport, Problem>>;
  readonly diagnose: (options: DiagnoseOptions) => Promise<Result<Diagnosis, Problem>>;
  /** The same page from what `watch --record` kept. `pid`: which of several processes; null: the one that grew most. */
  readonly diagnoseRecording: (options: DiagnoseRecordingOptions) => Promise<Result<Diagnosis, Problem>>;
  /** The caches of a process and its fellow workers, or of a snapshot. */
  readonly listCaches: (asked: CachesAsked) => Promise<Result<CacheInventory, Problem>>;
  /** What other bounds of the caches of a process and its fellow workers would do. */
  readonly adviseCaches: (asked: AdviceAsked) => Promise<Result<CacheAdviceReport, Problem>>;
  readonly clearCaches: (asked: ClearAsked) => Promise<Result<CacheCommandReport, Problem>>;
  /** Clears a functools.lru_cache of a program nobody prepared, in all its workers. */
  readonly clearFunction: (asked: ClearFunctionAsked) => Promise<Result<CacheCommandReport, Problem>>;
  readonly changeSettings: (asked: ChangeAsked) => Promise<Result<CacheCommandReport, Problem>>;
  readonly undoClear: (asked: UndoAsked) => Promise<Result<CacheCommandReport, Problem>>;
  readonly cacheHistory: (asked: HistoryAsked) => Promise<Result<CacheHistory, Problem>>;
  readonly verify: (asked: VerifyAsked) => Promise<Result<Verification, Problem>>;
  /** Takes the first snapshots; the session is to be disposed by the caller. */
  readonly watch: (asked: WatchAsked) => Promise<Result<WatchSession, Problem>>;
  /** Shows a recording again. */
  readonly replay: (asked: ReplayAsked) => Promise<Result<WatchSession, Problem>>;
  readonly runProgram: (options: RunOptions) => Promise<Result<RunReport, Problem>>;
  /** Listens to the collector of a process with the probe. */
  readonly watchCollections: (asked: CollectionsAsked) => Promise<Result<CollectorReport, Problem>>;
  /** Until the time is over, the process ends or the signal comes; then the probe has left. */
  readonly attach: (asked: FollowAsked) => Promise<Result<AttachReport, Problem>>;
  readonly detach: (asked: DetachOptions & { readonly pid: number }) => Promise<Result<DetachReport, Problem>>;
  readonly trace: (asked: TraceAsked) => Promise<Result<TraceOutcome, Problem>>;
  /** Runs a script to its end. */
  readonly processLines: (asked: ProcessLinesAsked) => Promise<Result<LinesReport, Problem>>;
  /** Null when the file is none of memray or tracemalloc. */
  readonly allocationFile: (file: string) => Promise<Result<AllocationLinesReport | null, Problem>>;
  readonly lines: (asked: LinesAsked) => Promise<Result<LinesReport, Problem>>;
  readonly scan: (options: ScanOptions) => Promise<Result<ScanAnswer, Problem>>;
  readonly scanRules: () => Promise<ScanRules>;
  /** A cause, a verdict or a rule; null asks for the list. */
  readonly explain: (topic: string | null) => Promise<Result<ExplainReport, Problem>>;
  readonly writeReport: (file: string, text: string) => Promise<Result<null, Problem>>;
  /** Serves an editor over stdin and stdout until it says goodbye. */
  /** Listens when it returns. */
  readonly serve: (asked: ServeOptions) => Promise<Result<RunningServer, Problem>>;
  /** Until the assistant closes its end. */
  readonly serveMcp: (options: McpOptions) => Promise<void>;
  readonly serveEditor: (toolVersion: string) => Promise<void>;
}
