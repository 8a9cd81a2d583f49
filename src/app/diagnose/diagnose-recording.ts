// `diagnose --recording`: the observation is made of what a watch kept, over hours or days, and judged like any other.

import { existsSync } from "node:fs";
import { basename } from "node:path";
import { countOf } from "../../base/format-count.ts";
import { fail, ok, type Result } from "../../base/result.ts";
import { loadedExtensions } from "../../capture/extension-modules.ts";
import { openProcFs } from "../../capture/proc-fs.ts";
import { readStat } from "../../capture/proc-stat.ts";
import { judgeObservation } from "../../diagnose/judge-observation.ts";
import type { Observation, TimedHeap } from "../../diagnose/observation.ts";
import { analyse } from "../../heap/analyse.ts";
import type { Diagnosis } from "../../model/diagnosis.ts";
import { explainSnapshotFileError } from "../../model/explain-snapshot-file-error.ts";
import type { GaugeTrack } from "../../model/gauge.ts";
import type { ProcessEnd } from "../../model/process-end.ts";
import type { Progress } from "../../model/progress.ts";
import { readSnapshotFile } from "../snapshot-file/read-snapshot-file.ts";
import { readHistory, type RecordedProcess, type Recording } from "../watch/record/read-history.ts";
import type { DiagnoseProblem } from "./diagnose-process.ts";
import { joinSources } from "./join-sources.ts";

export interface DiagnoseRecordingAsked {
  readonly file: string;
  /** Null: the process that grew most. */
  readonly pid: number | null;
  readonly toolVersion: string;
  readonly progress: Progress;
}

/** Beyond that the ones in the middle say little more, and each takes a hundred bytes per object. */
const MOST_HEAPS = 7;

export async function diagnoseRecording(asked: DiagnoseRecordingAsked): Promise<Result<Diagnosis, DiagnoseProblem>> {
  const read = await readHistory(asked.file);
  if (!read.ok) return read;
  const chosen = choose(read.value, asked);
  if (!chosen.ok) return fail({ code: "no-target", message: chosen.error });
  const process = chosen.value;
  const heaps = await readHeaps(read.value, process, asked);
  const [first, last] = [heaps.heaps[0], heaps.heaps.at(-1)];
  if (first === undefined || last === undefined || first === last)
    return fail({ code: "too-few-snapshots", message: tooFew(asked.file, process.pid, heaps) });
  const isRunning = runsStill(process);
  asked.progress({ phase: "comparing", done: 0, total: null, unit: "steps" });
  const observation: Observation = {
    pid: process.pid,
    folder: process.folder,
    extensions: isRunning ? loadedExtensions(openProcFs(), process.pid) : [],
    first,
    heaps: heaps.heaps,
    last,
    gauges: process.holders.map(({ gauge }) => gauge),
    tracks: process.holders.map(trackOf),
    samples: process.samples,
    end: endOf(process, isRunning),
    warnings: heaps.warnings,
  };
  const notices = [recordedNotice(asked.file, process)];
  return ok(await joinSources(judgeObservation(observation), { workers: [process.pid], notices, ...asked }));
}

function choose({ processes }: Recording, { pid, file }: DiagnoseRecordingAsked): Result<RecordedProcess, string> {
  const candidates = pid === null ? processes : processes.filter((each) => each.pid === pid);
  const [first] = candidates.toSorted((a, b) => grownBytes(b) - grownBytes(a));
  if (first !== undefined) return ok(first);
  const known = processes.map((each) => each.pid).join(", ");
  return fail(
    pid === null
      ? `The recording ${file} is empty.`
      : `Process ${pid} is not in the recording ${file}; it has ${known}.`,
  );
}

function grownBytes({ samples }: RecordedProcess): number {
  return (samples.at(-1)?.anonBytes ?? 0) - (samples[0]?.anonBytes ?? 0);
}

interface ReadHeaps {
  /** Oldest first, on the recording's clock. */
  readonly heaps: readonly TimedHeap[];
  readonly warnings: readonly string[];
  /** Files that the recording names and that are there no more. */
  readonly missing: number;
}

async function readHeaps(
  { snapshots, begunMs }: Recording,
  { pid, startTicks }: RecordedProcess,
  { progress }: DiagnoseRecordingAsked,
): Promise<ReadHeaps> {
  const named = snapshots.filter((each) => each.pid === pid);
  const present = named.filter(({ file }) => existsSync(file));
  const heaps: TimedHeap[] = [];
  const warnings: string[] = [];
  for (const { file } of spread(present, MOST_HEAPS)) {
    const read = await readSnapshotFile(file, { progress });
    if (!read.ok) {
      warnings.push(explainSnapshotFileError(read.error));
      continue;
    }
    const { meta } = read.value;
    // The number of a process is given again.
    if (meta.processStartTicks !== startTicks) continue;
    heaps.push({ atMs: Math.max(0, meta.takenAtMs - begunMs), file: basename(file), analysis: analyse(read.value) });
  }
  return { heaps: heaps.toSorted((a, b) => a.atMs - b.atMs), warnings, missing: named.length - present.length };
}

/** `most` of them, evenly, with the first and the last. */
function spread<T>(all: readonly T[], most: number): readonly T[] {
  if (all.length <= most) return all;
  return Array.from({ length: most }, (_, at) => Math.round((at * (all.length - 1)) / (most - 1))).flatMap(
    (at) => all[at] ?? [],
  );
}

function tooFew(file: string, pid: number, { heaps, missing }: ReadHeaps): string {
  const gone = missing === 0 ? "" : `, and ${countOf(missing, "file")} it names ${missing === 1 ? "is" : "are"} gone`;
  return `The recording ${file} has ${countOf(heaps.length, "readable snapshot")} of process ${pid}${gone}; growth is named from two. End the watch with q or Ctrl-C, which takes a last one, or let it take them: --snapshot-at growth`;
}

/** Its sources are read through /proc then. */
function runsStill({ pid, startTicks }: RecordedProcess): boolean {
  const stat = readStat(openProcFs(), pid);
  return stat.ok && stat.value.startTimeTicks === startTicks;
}

function trackOf({ series }: RecordedProcess["holders"][number], gauge: number): GaugeTrack {
  return { gauge, state: "alive", series, hits: null, misses: null };
}

function endOf(process: RecordedProcess, isRunning: boolean): ProcessEnd {
  const { end } = process;
  const afterMs = spanMs(process);
  if (end !== null) return { how: end.how, oomKill: end.oomKill, afterMs };
  return { how: isRunning ? "told" : "exited", oomKill: null, afterMs };
}

function spanMs({ samples }: RecordedProcess): number {
  return (samples.at(-1)?.atMs ?? 0) - (samples[0]?.atMs ?? 0);
}

function recordedNotice(file: string, { samples }: RecordedProcess): string {
  return `Judged from the recording ${basename(file)}: ${countOf(samples.length, "sample")}; what changed between them is not known.`;
}
