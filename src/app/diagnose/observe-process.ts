// What a diagnosis is made of: snapshots at planned moments, and between them the signals and sizes that cost nothing.

import { join } from "node:path";
import { mkdirSync } from "node:fs";
import { formatDuration } from "../../base/format-duration.ts";
import { formatPercent } from "../../base/format-percent.ts";
import { fail, ok, type Result } from "../../base/result.ts";
import { loadedExtensions } from "../../capture/extension-modules.ts";
import { openProcFs } from "../../capture/proc-fs.ts";
import type { LoadReader } from "../../capture/process-signals/load-reader.ts";
import type { Observation } from "../../diagnose/observation.ts";
import { planSnapshots } from "../../diagnose/plan-snapshots.ts";
import { analyse } from "../../heap/analyse.ts";
import { settleOwners } from "../../heap/holders/ownership.ts";
import { pickGauges } from "../../heap/queries/gauges.ts";
import type { Snapshot } from "../../heap/snapshot.ts";
import type { Progress } from "../../model/progress.ts";
import type { EndReason, ProcessEnd } from "../../model/process-end.ts";
import type { ProcessSample } from "../../model/sample.ts";
import { collectNow } from "../collect-now.ts";
import { explainHeapError, type HeapError } from "../open-heap.ts";
import { readProcess, type ReadTargetOptions } from "../read-target.ts";
import { writeSnapshotFile } from "../snapshot-file/write-snapshot-file.ts";
import { takenAt } from "./taken-at.ts";
import { openWatch, type Watch } from "../watch/watch-process.ts";

export interface ObserveOptions {
  readonly forMs: number;
  readonly rateHz: number;
  /** Null: as many as the process can bear. */
  readonly snapshots: number | null;
  readonly load: LoadReader | null;
  readonly keepFolder: string | null;
  readonly maxPauseMs: number;
  readonly progress: Progress;
  /** Somebody wants the answer now: the last snapshot is taken and what was seen is judged. */
  readonly signal: AbortSignal;
}

/** What could be seen of a process that was gone before a second snapshot. */
export interface EndedTooSoon extends ProcessEnd {
  readonly code: "ended-too-soon";
  readonly pid: number;
  /** The file of the first snapshot; null when it was not kept. */
  readonly keptFile: string | null;
}

/** Fails when the process cannot be read at first; what goes wrong later ends the observation early and is a warning. */
export async function observeProcess(
  pid: number,
  options: ObserveOptions,
): Promise<Result<Observation, HeapError | EndedTooSoon>> {
  const startedMs = performance.now();
  const reading = { maxPauseMs: options.maxPauseMs, values: false, progress: options.progress };
  // 1. The first snapshot says what there is to follow.
  const first = await readProcess(pid, reading);
  if (!first.ok) return first;
  const readingMs = performance.now() - startedMs;
  const kept = await keep(first.value, 1, options);
  if (!kept.ok) return kept;
  const analysis = analyse(first.value);
  const gauges = pickGauges(settleOwners(analysis));
  const { rateHz, forMs, load } = options;
  const opened = openWatch(pid, gauges, { rateHz, forMs, load, rareGapMs: rareGapMs(forMs), signal: options.signal });
  if (!opened.ok) return opened;
  using watch = opened.value;
  const due = planSnapshots({
    windowMs: options.forMs,
    objects: first.value.nodes.count,
    pauseMs: first.value.meta.pauseMs ?? 0,
    readingMs,
    asked: options.snapshots,
  });
  const surroundings = surroundingsOf(pid);
  // 2. Signals and sizes, and further snapshots when they are due. Nothing is analysed meanwhile: that would cost samples.
  const plan = { due, beganAtMs: first.value.meta.takenAtMs };
  const run = await sampleAndRead(pid, watch, plan, options);
  // 3. What the snapshots say.
  const later = run.snapshots.map(({ atMs, file, snapshot }) => ({ atMs, file, analysis: analyse(snapshot) }));
  const last = later.at(-1);
  const end = watch.end() ?? ({ how: "told", afterMs: watch.elapsedMs(), oomKill: null } as const);
  if (last === undefined) {
    const keptFile = options.keepFolder === null ? null : kept.value;
    return run.failure ?? fail({ code: "ended-too-soon", pid, ...end, keptFile });
  }
  const begin = { atMs: 0, file: kept.value, analysis };
  collectNow();
  return ok({
    pid,
    ...surroundings,
    first: begin,
    heaps: [begin, ...later],
    last,
    gauges: watch.gauges(),
    tracks: watch.tracks(),
    samples: run.samples,
    end,
    warnings: [...run.warnings, ...stoppedWarning(run.stoppedShare), ...interruptedWarning(end, forMs)],
  });
}

/** Often enough for a trend in a short watch; never so often that it costs. */
function rareGapMs(forMs: number): number {
  return Math.min(10_000, Math.max(1000, forMs / 40));
}

/** Asked while the process is there. */
function surroundingsOf(pid: number): Pick<Observation, "folder" | "extensions"> {
  const proc = openProcFs();
  const folder = proc.readLink(`${pid}/cwd`);
  return { folder: folder.ok ? folder.value : null, extensions: loadedExtensions(proc, pid) };
}

interface Run {
  readonly samples: readonly ProcessSample[];
  readonly snapshots: readonly { readonly atMs: number; readonly file: string; readonly snapshot: Snapshot }[];
  readonly warnings: readonly string[];
  /** Of the last snapshot that could not be taken of a process that is there. */
  readonly failure: Result<never, HeapError> | null;
  /** Of the samples: how many found it stopped by a signal or a debugger. */
  readonly stoppedShare: number;
}

/** A process that stands still shows nothing; a moment of it is nothing either. */
const NOTABLE_STOPPED_SHARE = 0.05;

function stoppedWarning(share: number): readonly string[] {
  if (share < NOTABLE_STOPPED_SHARE) return [];
  return [
    `The process stood still for ${formatPercent(share)} of the time, stopped by a signal (SIGSTOP) or a debugger: what should have grown then did not.`,
  ];
}

function interruptedWarning({ how, afterMs }: { how: EndReason; afterMs: number }, forMs: number): readonly string[] {
  if (how !== "told") return [];
  return [
    `It was interrupted after ${formatDuration(afterMs)} of ${formatDuration(forMs)}; what had been seen until then is judged. Longer watching proves more.`,
  ];
}

interface Plan {
  /** Moments of snapshots, in milliseconds of the watch. */
  readonly due: readonly number[];
  /** When the first snapshot was taken, by the clock of the machine. */
  readonly beganAtMs: number;
}

async function sampleAndRead(
  pid: number,
  watch: Watch,
  { due, beganAtMs }: Plan,
  options: ObserveOptions,
): Promise<Run> {
  const { progress, forMs } = options;
  const samples: ProcessSample[] = [];
  const snapshots: { atMs: number; file: string; snapshot: Snapshot }[] = [];
  const warnings: string[] = [];
  const reading = quietReading(options.maxPauseMs);
  let keeping = options;
  let failure: Run["failure"] = null;
  let stopped = 0;
  const take = async (): Promise<void> => {
    const atMs = watch.elapsedMs();
    const read = await readProcess(pid, reading);
    if (!read.ok) {
      failure = read;
      warnings.push(
        `The snapshot after ${formatDuration(atMs)} failed and is left out: ${explainHeapError(read.error)}`,
      );
      return;
    }
    const snapshot = takenAt(read.value, beganAtMs + atMs);
    const kept = await keep(snapshot, snapshots.length + 2, keeping);
    const file = kept.ok ? kept.value : `snapshot ${snapshots.length + 2}`;
    snapshots.push({ atMs, file, snapshot });
    if (kept.ok) return;
    // The diagnosis needs no files; those that are whole stay.
    keeping = { ...options, keepFolder: null };
    warnings.push(
      `Of the snapshots the first ${snapshots.length} ${snapshots.length === 1 ? "is" : "are"} kept: ${explainHeapError(kept.error)}`,
    );
  };
  const between = due.slice(0, -1);
  let next = 0;
  for await (const { sample, isTargetStopped } of watch.ticks()) {
    samples.push(sample);
    if (isTargetStopped) stopped += 1;
    progress({ phase: "watching", done: sample.atMs / 1000, total: forMs / 1000, unit: "seconds" });
    // The last is taken when the watch is over, so that it sees what the last sample saw.
    if (sample.atMs >= (between[next] ?? Number.POSITIVE_INFINITY)) {
      await take();
      next = between.filter((each) => watch.elapsedMs() >= each).length;
    }
  }
  const how = watch.end()?.how ?? "told";
  if (how === "time" || how === "told") {
    await take();
    // What the last snapshot does not find any more the last sample must not show either: a collection may have run since.
    const after = watch.sampleAgain();
    if (after !== null) samples.push(after);
  }
  return { samples, snapshots, warnings, failure, stoppedShare: stopped / Math.max(1, samples.length) };
}

/** Not drawn by the reader: a phase of one second would hide how long the watch still takes. */
function quietReading(maxPauseMs: number): ReadTargetOptions {
  return { maxPauseMs, values: false, progress: () => undefined, hearsSignalsLater: true };
}

/** The name of the snapshot, and its file when snapshots are kept. */
async function keep(
  snapshot: Snapshot,
  number: number,
  { keepFolder, progress }: ObserveOptions,
): Promise<Result<string, HeapError>> {
  const name = `deadweight-${snapshot.meta.pid ?? 0}-${number.toString().padStart(2, "0")}.dwsnap`;
  if (keepFolder === null) return ok(`snapshot ${number}`);
  try {
    mkdirSync(keepFolder, { recursive: true });
  } catch (error) {
    return fail({
      code: "not-writable",
      file: keepFolder,
      detail: error instanceof Error ? error.message : String(error),
    });
  }
  const file = join(keepFolder, name);
  const written = await writeSnapshotFile(snapshot, file, { progress });
  return written.ok ? ok(file) : written;
}
