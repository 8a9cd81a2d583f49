// What a diagnosis is made of: snapshots at planned moments, and between them the signals and sizes that cost nothing.

import { join } from "node:path";
import { mkdirSync } from "node:fs";
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
import type { ProcessSample } from "../../model/sample.ts";
import { collectNow } from "../collect-now.ts";
import type { HeapError } from "../open-heap.ts";
import { readProcess } from "../read-target.ts";
import { writeSnapshotFile } from "../snapshot-file/write-snapshot-file.ts";
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
}

/** What could be seen of a process that was gone before a second snapshot. */
export interface EndedTooSoon {
  readonly code: "ended-too-soon";
  readonly pid: number;
  readonly afterMs: number;
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
  const opened = openWatch(pid, gauges, { rateHz, forMs, load, rareGapMs: rareGapMs(forMs) });
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
  const run = await sampleAndRead(pid, watch, due, options);
  // 3. What the snapshots say.
  const later = run.snapshots.map(({ atMs, file, snapshot }) => ({ atMs, file, analysis: analyse(snapshot) }));
  const last = later.at(-1);
  const end = watch.end() ?? { how: "told", afterMs: watch.elapsedMs(), oomKills: null };
  if (last === undefined) return fail({ code: "ended-too-soon", pid, afterMs: end.afterMs });
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
    warnings: run.warnings,
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
}

async function sampleAndRead(pid: number, watch: Watch, due: readonly number[], options: ObserveOptions): Promise<Run> {
  const { progress, forMs } = options;
  const samples: ProcessSample[] = [];
  const snapshots: { atMs: number; file: string; snapshot: Snapshot }[] = [];
  const warnings: string[] = [];
  // Not drawn by the reader: a phase of one second would hide how long the watch still takes.
  const reading = { maxPauseMs: options.maxPauseMs, values: false, progress: () => undefined };
  const take = async (): Promise<void> => {
    const atMs = watch.elapsedMs();
    const read = await readProcess(pid, reading);
    if (!read.ok) {
      warnings.push(
        `A snapshot after ${(atMs / 1000).toFixed(0)} s failed (${read.error.code}); the others are enough.`,
      );
      return;
    }
    const kept = await keep(read.value, snapshots.length + 2, options);
    snapshots.push({ atMs, file: kept.ok ? kept.value : "", snapshot: read.value });
    if (!kept.ok) warnings.push(`A snapshot could not be kept (${kept.error.code}).`);
  };
  const between = due.slice(0, -1);
  let next = 0;
  for await (const { sample } of watch.ticks()) {
    samples.push(sample);
    progress({ phase: "watching", done: sample.atMs / 1000, total: forMs / 1000, unit: "seconds" });
    // The last is taken when the watch is over, so that it sees what the last sample saw.
    if (sample.atMs >= (between[next] ?? Number.POSITIVE_INFINITY)) {
      await take();
      next = between.filter((each) => watch.elapsedMs() >= each).length;
    }
  }
  const how = watch.end()?.how ?? "told";
  if (how === "time" || how === "told") await take();
  return { samples, snapshots, warnings };
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
