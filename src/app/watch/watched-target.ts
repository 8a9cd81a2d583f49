// One process of a watch: its sampling loop, the names of its containers, and what has been seen of it so far.

import { fail, ok, type Result } from "../../base/result.ts";
import { openProcFs } from "../../capture/proc-fs.ts";
import type { LoadReader } from "../../capture/process-signals/load-reader.ts";
import { analyse } from "../../heap/analyse.ts";
import { settleOwners } from "../../heap/holders/ownership.ts";
import { pickGauges } from "../../heap/queries/gauges.ts";
import type { Snapshot } from "../../heap/snapshot.ts";
import { explainTargetError } from "../../model/explain-target-error.ts";
import type { Gauge } from "../../model/gauge.ts";
import type { ProcessEnd } from "../../model/process-end.ts";
import type { ProcessSample } from "../../model/sample.ts";
import type { SnapshotMeta } from "../../model/snapshot-meta.ts";
import type { WatchedProcess } from "../../model/watch-report.ts";
import { createViewMemory, viewOfProcess, type ViewMemory } from "../../watch/process-view.ts";
import { createSampleLog, type SampleLog, withRare } from "../../watch/sample-log.ts";
import type { GaugeName } from "../../watch/watched-gauges.ts";
import { collectNow } from "../collect-now.ts";
import { readProcess } from "../read-target.ts";
import { nameGauges } from "./name-gauges.ts";
import { openWatch, type Watch } from "./watch-process.ts";

export interface TargetOptions {
  readonly samplesPerSecond: number;
  readonly load: LoadReader | null;
  readonly maxPauseMs: number;
  readonly signal: AbortSignal;
  /** Is given the first snapshot before it is let go. */
  readonly onFirst: (snapshot: Snapshot) => Promise<void>;
}

/** What is done with a snapshot before it is let go; fails with a sentence. */
export type UseSnapshot = (snapshot: Snapshot) => Promise<Result<string, string>>;

export interface WatchedTarget extends Disposable {
  readonly pid: number;
  /** With the pid it names the process for good. */
  readonly startTicks: number;
  /** How it ended; null while it goes on. */
  readonly end: () => ProcessEnd | null;
  /** Null before the first sample. */
  readonly view: () => WatchedProcess | null;
  /** The latest sample, with what was read rarely since it was last taken; null when there was none since. */
  readonly takeSample: () => ProcessSample | null;
  /** Its working folder; null when it cannot be read. */
  readonly folder: string | null;
  /** The gauge of a holder in `view`; null when it is followed no more. */
  readonly gaugeAt: (address: string) => Gauge | null;
  /** Stops the process for a moment and names its containers anew. Gives what `use` makes of the snapshot. */
  readonly refresh: (use: UseSnapshot) => Promise<Result<string, string>>;
  /** Resolves when the loop is over. */
  readonly done: Promise<void>;
}

/** Everything a target is made of; what changes with each snapshot is not readonly. */
interface Seen {
  readonly pid: number;
  readonly options: TargetOptions;
  readonly log: SampleLog;
  readonly memory: ViewMemory;
  meta: SnapshotMeta;
  names: readonly GaugeName[];
  isStopped: boolean;
  snapshots: number;
  /** Not taken yet. */
  pending: ProcessSample | null;
}

/** Takes the first snapshot and begins to watch. Fails with a sentence when the process cannot be read. */
export async function watchTarget(pid: number, options: TargetOptions): Promise<Result<WatchedTarget, string>> {
  const snapshot = await readSnapshot(pid, options);
  if (!snapshot.ok) return snapshot;
  const { meta, gauges, names } = namesOf(snapshot.value);
  await options.onFirst(snapshot.value);
  collectNow();
  const { samplesPerSecond: rateHz, load, signal } = options;
  const opened = openWatch(pid, gauges, { rateHz, forMs: null, load, signal });
  if (!opened.ok) return fail(explainTargetError(opened.error));
  const watch = opened.value;
  const log = createSampleLog();
  const memory = createViewMemory();
  const seen: Seen = { pid, options, log, memory, meta, names, isStopped: false, snapshots: 1, pending: null };
  return ok(targetOf(seen, watch));
}

function targetOf(seen: Seen, watch: Watch): WatchedTarget {
  const folder = openProcFs().readLink(`${seen.pid}/cwd`);
  return {
    pid: seen.pid,
    startTicks: seen.meta.processStartTicks ?? 0,
    end: () => watch.end(),
    view: () => viewOf(seen, watch),
    takeSample: () => {
      const taken = seen.pending;
      seen.pending = null;
      return taken;
    },
    folder: folder.ok ? folder.value : null,
    gaugeAt: createGaugeIndex(watch),
    refresh: (use) => refresh(seen, watch, use),
    done: sample(seen, watch),
    [Symbol.dispose]: () => watch[Symbol.dispose](),
  };
}

/** Made anew when others are followed: a snapshot does that, and nothing else. */
function createGaugeIndex(watch: Watch): WatchedTarget["gaugeAt"] {
  let of: readonly Gauge[] | null = null;
  let byAddress = new Map<number, Gauge>();
  return (address) => {
    const gauges = watch.gauges();
    if (of !== gauges) byAddress = new Map(gauges.map((each) => [each.address, each]));
    of = gauges;
    return byAddress.get(Number(address)) ?? null;
  };
}

async function sample(seen: Seen, watch: Watch): Promise<void> {
  for await (const tick of watch.ticks()) {
    seen.log.add(tick.sample);
    seen.pending = seen.pending === null ? tick.sample : withRare(tick.sample, seen.pending);
    seen.isStopped = tick.isTargetStopped;
  }
}

function viewOf(seen: Seen, watch: Watch): WatchedProcess | null {
  const { meta, log, memory, names } = seen;
  const end = watch.end();
  const isOver = end !== null && end.how !== "told" && end.how !== "time";
  return viewOfProcess(
    { pid: seen.pid, python: meta.python, command: meta.command },
    {
      state: isOver ? "ended" : seen.isStopped ? "stopped" : "running",
      samples: log.samples(),
      gauges: watch.gauges(),
      summaries: watch.summaries(),
      track: (gauge) => watch.track(gauge),
      nameOf: (gauge) => names[gauge] ?? null,
      snapshots: seen.snapshots,
      nowMs: end?.afterMs ?? watch.elapsedMs(),
    },
    memory,
  );
}

async function refresh(seen: Seen, watch: Watch, use: UseSnapshot): Promise<Result<string, string>> {
  const snapshot = await readSnapshot(seen.pid, seen.options);
  if (!snapshot.ok) return snapshot;
  const { meta, gauges, names } = namesOf(snapshot.value);
  watch.follow(gauges);
  Object.assign(seen, { meta, names, snapshots: seen.snapshots + 1 });
  const used = await use(snapshot.value);
  collectNow();
  return used;
}

async function readSnapshot(pid: number, { maxPauseMs }: TargetOptions): Promise<Result<Snapshot, string>> {
  const read = await readProcess(pid, { maxPauseMs, values: false, progress: () => undefined });
  return read.ok ? read : fail(explainTargetError(read.error));
}

interface NamedHeap {
  readonly meta: SnapshotMeta;
  readonly gauges: readonly Gauge[];
  readonly names: readonly GaugeName[];
}

/** The heap itself takes a tenth of the process's memory, so only names are kept of it. */
function namesOf(snapshot: Snapshot): NamedHeap {
  const heap = settleOwners(analyse(snapshot));
  const gauges = pickGauges(heap);
  return { meta: snapshot.meta, gauges, names: nameGauges(heap, gauges) };
}
