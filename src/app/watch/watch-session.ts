// What a watch is asked for, and what it gives to whoever shows it.

import type { Result } from "../../base/result.ts";
import type { SnapshotTrigger } from "../../model/snapshot-trigger.ts";
import type { WatchReport } from "../../model/watch-report.ts";

export type WatchTarget =
  /** `alone`: without the workers beside it that run the same program. */
  | { readonly kind: "pid"; readonly pid: number; readonly alone: boolean }
  | { readonly kind: "match"; readonly pattern: RegExp };

/** Where snapshots go, and how many may lie there. */
export interface SnapshotShelf {
  readonly folder: string;
  readonly mostFiles: number;
  readonly mostBytes: number;
}

export interface RecordTarget {
  readonly file: string;
  /** How far the history goes back. */
  readonly keepSeconds: number;
  /** Between two samples; 5 s if not given. */
  readonly gapMs?: number;
}

export interface WatchAsked {
  readonly target: WatchTarget;
  readonly samplesPerSecond: number;
  readonly reportEveryMs: number;
  /** Null: until it is told to stop or nothing is left to watch. */
  readonly forSeconds: number | null;
  /** A command that prints a number, or URL#METRIC; null: CPU time. */
  readonly load: string | null;
  readonly maxPauseMs: number;
  readonly shelf: SnapshotShelf;
  readonly snapshotAt: readonly SnapshotTrigger[];
  /** History is kept there; null: nowhere. */
  readonly record: RecordTarget | null;
  /** "127.0.0.1:9464": OpenMetrics are served there. */
  readonly metrics: string | null;
  /** Base address of an OTLP/HTTP collector. */
  readonly otlp: string | null;
  readonly toolVersion: string;
}

export interface ReplayAsked {
  readonly file: string;
  /** Seconds of the recording that pass in one of ours. */
  readonly speed: number;
  readonly reportEveryMs: number;
  /** Stays at the end until it is told to end; otherwise it is over there, and waits for nobody. */
  readonly isWatched: boolean;
}

/** An expected failure in words. */
export interface WatchProblem {
  readonly code: string;
  readonly message: string;
}

/** time: it was to last so long. told: somebody ended it. gone: nothing is left to watch. */
export interface WatchOutcome {
  readonly how: "time" | "told" | "gone";
  /** What became of it, and what was saved. */
  readonly sentence: string;
}

/** A running watch. Dispose it in the end: nothing of it stays behind but files. */
export interface WatchSession extends AsyncDisposable {
  /** To be gone through once; ends by itself, or after `end()`. */
  reports(): AsyncGenerator<WatchReport, WatchOutcome, undefined>;
  /** Gives a report at once instead of at its time. */
  hurry(): void;
  /** Takes a snapshot, keeps it, and names the containers anew. Gives the file. */
  snapshot(pid: number, why: string): Promise<Result<string, WatchProblem>>;
  end(): void;
  /** What `why` opens for a process: its pid, or a snapshot that was kept; null when there is neither. */
  heapOf(pid: number): string | null;
  /** Null for a live process. */
  readonly replay: ReplayControls | null;
}

/** Of a recording that is shown again. */
export interface ReplayControls {
  /** Seconds of the recording that pass in one of ours; 0 while it stands still. */
  speed(): number;
  setSpeed(speed: number): void;
  /** By so many seconds of the recording; stays within it. */
  seek(bySeconds: number): void;
  /** Seconds into the recording, and its length. */
  position(): { readonly seconds: number; readonly totalSeconds: number };
}
