// Watches a process from outside: its signals and the sizes of its containers, several times a second, without stopping it.
// A loop without a command line: `diagnose` and `watch` pull ticks from it and decide what to do with them.

import { setTimeout as delay } from "node:timers/promises";
import { fail, ok, type Result } from "../../base/result.ts";
import { createGaugeReader } from "../../capture/gauge-reader.ts";
import { createMemoryReader } from "../../capture/outside-reader.ts";
import { readMemoryStatus } from "../../capture/process-signals/memory-status.ts";
import type { LoadReader } from "../../capture/process-signals/load-reader.ts";
import { readRunState } from "../../capture/process-signals/run-state.ts";
import { type OpenFile, openProcFs, type ProcFs } from "../../capture/proc-fs.ts";
import { withBounds } from "../../cpython/gauge-bounds.ts";
import type { GaugeRounds } from "../../cpython/gauge-rounds.ts";
import { spotsOf } from "../../cpython/gauge-spots.ts";
import type { Gauge, GaugeSummary, GaugeTrack } from "../../model/gauge.ts";
import type { EndReason, ProcessEnd } from "../../model/process-end.ts";
import type { ProcessSample } from "../../model/sample.ts";
import type { TargetError } from "../../model/target-error.ts";
import { identifyProcess, type KnownInterpreter } from "../identify-target.ts";
import {
  carriedOver,
  createTrackStore,
  type GaugeChanges,
  recordVisits,
  summariesOf,
  trackOf,
  tracksOf,
  type TrackStore,
} from "../../cpython/gauge-tracks.ts";
import { createSampler, type Sampler } from "./process-sampler.ts";

export interface WatchOptions {
  /** Ticks per second, 0.1 to 10. */
  readonly rateHz: number;
  /** Null: until it is told to stop or the process ends. */
  readonly forMs: number | null;
  /** Share of one core that reading containers may take; the rest of a tick costs less than a millisecond. */
  readonly budgetShare?: number;
  /** How often the allocator and the descriptors are looked at; 5 s if not given. */
  readonly rareGapMs?: number;
  /** Null: CPU time stands for the work done. */
  readonly load: LoadReader | null;
  /** Ends the watch after the tick that is under way. */
  readonly signal?: AbortSignal;
}

export interface WatchTick {
  readonly sample: ProcessSample;
  /** Containers that changed since they were last looked at; indices into `gauges()`. */
  readonly changes: GaugeChanges;
  /** It stands still, stopped by a signal or a debugger. */
  readonly isTargetStopped: boolean;
}

export interface Watch extends Disposable {
  /** Those that are followed, with the bounds that could be read. */
  gauges(): readonly Gauge[];
  /** Follows others from now on; those that are the same objects keep their tracks. Indices change. */
  follow(gauges: readonly Gauge[]): void;
  /** What became of the gauges that changed so far. */
  tracks(): readonly GaugeTrack[];
  /** The same without the series: cheap enough for every look at it. */
  summaries(): readonly GaugeSummary[];
  /** Null when the gauge never changed. */
  track(gauge: number): GaugeTrack | null;
  /** Milliseconds since the watch began, by the clock of the samples. */
  elapsedMs(): number;
  /** To be gone through once. Ends by itself; how, says `end()`, and what it returns. */
  ticks(): AsyncGenerator<WatchTick, ProcessEnd, undefined>;
  /** One more sample after the last tick, with the allocator; null when the process is no more. */
  sampleAgain(): ProcessSample | null;
  /** Null while it goes on. */
  end(): ProcessEnd | null;
}

const DEFAULT_RARE_GAP_MS = 5000;
const DEFAULT_BUDGET_SHARE = 0.02;
const SLOWEST_HZ = 0.1;
const FASTEST_HZ = 10;
/** A load signal is asked at most this often, whatever the rate: each may start a program. */
const LOAD_GAP_MS = 1000;

/** Everything a watch is made of. */
interface Watching {
  readonly pid: number;
  readonly proc: ProcFs;
  readonly known: KnownInterpreter;
  readonly memoryFile: OpenFile;
  readonly memory: ReturnType<typeof createMemoryReader>;
  readonly sampler: Sampler;
  readonly options: WatchOptions;
  readonly intervalMs: number;
  readonly startMs: number;
  readonly load: LatestLoad;
  store: TrackStore;
  reader: GaugeRounds;
  end: ProcessEnd | null;
}

/** Nothing in the process is changed or stopped. Dispose it in the end: it holds /proc/PID/mem open. */
export function openWatch(pid: number, gauges: readonly Gauge[], options: WatchOptions): Result<Watch, TargetError> {
  const proc = openProcFs();
  const known = identifyProcess(pid);
  if (!known.ok) return known;
  const state = readRunState(proc, pid);
  const opened = proc.open(`${pid}/mem`);
  if (state === null || !opened.ok) {
    if (opened.ok) opened.value[Symbol.dispose]();
    return fail({ code: "exited-during-read", pid });
  }
  const memoryFile = opened.value;
  const memory = createMemoryReader(memoryFile);
  const source = {
    proc,
    root: openProcFs("/"),
    pid,
    startTimeTicks: state.startTimeTicks,
    memory,
    known: known.value,
    rareGapMs: options.rareGapMs ?? DEFAULT_RARE_GAP_MS,
  };
  const sampler = createSampler(source);
  const followed = withBounds(gauges, known.value.layout, known.value.interpreter, memory);
  const watching: Watching = {
    pid,
    proc,
    known: known.value,
    memoryFile,
    memory,
    sampler,
    options,
    intervalMs: 1000 / Math.min(FASTEST_HZ, Math.max(SLOWEST_HZ, options.rateHz)),
    startMs: performance.now(),
    load: createLatestLoad(options.load),
    store: createTrackStore(followed),
    reader: readerFor(known.value, memoryFile, memory, followed),
    end: null,
  };
  return ok(watchOf(watching));
}

function watchOf(watching: Watching): Watch {
  return {
    gauges: () => watching.store.gauges,
    follow: (gauges) => {
      const { known, memoryFile, memory } = watching;
      const followed = withBounds(gauges, known.layout, known.interpreter, memory);
      watching.store = carriedOver(watching.store, followed);
      watching.reader = readerFor(known, memoryFile, memory, followed);
    },
    tracks: () => tracksOf(watching.store),
    summaries: () => summariesOf(watching.store),
    track: (gauge) => trackOf(watching.store, gauge),
    elapsedMs: () => elapsedMs(watching),
    ticks: () => ticksOf(watching),
    sampleAgain: () => watching.sampler.sample(elapsedMs(watching), watching.load.value(), "all")?.sample ?? null,
    end: () => watching.end,
    [Symbol.dispose]: () => watching.memoryFile[Symbol.dispose](),
  };
}

function readerFor(
  { interpreter, layout }: KnownInterpreter,
  file: OpenFile,
  memory: Watching["memory"],
  gauges: readonly Gauge[],
): GaugeRounds {
  return createGaugeReader(file, spotsOf(gauges, layout, interpreter, memory), gauges.length, layout);
}

async function* ticksOf(watching: Watching): AsyncGenerator<WatchTick, ProcessEnd, undefined> {
  const { options, intervalMs } = watching;
  for (let due = 0; ; ) {
    const reached = await waitUntil(watching, due * intervalMs);
    const tick = reached === "go" ? readTick(watching) : reached;
    if (typeof tick === "string") return finish(watching, tick);
    yield tick;
    // Ticks for which there was no time are left out, not made up for.
    due = Math.max(due + 1, Math.ceil(elapsedMs(watching) / intervalMs));
    if (options.forMs !== null && due * intervalMs > options.forMs) {
      const last = await waitUntil(watching, options.forMs);
      return finish(watching, last === "go" ? "time" : last);
    }
  }
}

/** "told" when the signal came first. */
async function waitUntil(watching: Watching, atMs: number): Promise<"go" | "told"> {
  const { signal } = watching.options;
  const waitMs = atMs - elapsedMs(watching);
  try {
    if (waitMs > 0) await delay(waitMs, undefined, signal === undefined ? {} : { signal });
  } catch {
    // Node rejects a wait that is aborted; nothing else can make it fail.
  }
  return signal?.aborted === true ? "told" : "go";
}

function readTick(watching: Watching): WatchTick | EndReason {
  const atMs = elapsedMs(watching);
  watching.load.refresh(atMs);
  const sampled = watching.sampler.sample(atMs, watching.load.value());
  if (sampled === null) return "exited";
  const share = watching.options.budgetShare ?? DEFAULT_BUDGET_SHARE;
  const read = watching.reader.tick(share * watching.intervalMs);
  if (read.isGone || watching.memory.isGone()) return hasMemory(watching) ? "replaced" : "exited";
  const changes = recordVisits(watching.store, watching.reader.readings, read.visitedCount, atMs);
  return { sample: sampled.sample, changes, isTargetStopped: sampled.isStopped };
}

/** Our descriptor belongs to the old address space: a process without any is ending, one with a new one has exec'ed. */
function hasMemory({ proc, pid }: Watching): boolean {
  const status = readMemoryStatus(proc, pid);
  return status.ok && status.value.rssBytes > 0;
}

function finish(watching: Watching, how: EndReason): ProcessEnd {
  const isGone = how === "exited";
  const end = { how, afterMs: elapsedMs(watching), oomKill: isGone ? watching.sampler.oomKill() : null };
  watching.end = end;
  return end;
}

function elapsedMs({ startMs }: { readonly startMs: number }): number {
  return performance.now() - startMs;
}

/** The newest answer of a load signal, which may take longer than a tick. */
interface LatestLoad {
  /** Asks again, unless the last question is still open or young. */
  refresh(atMs: number): void;
  value(): number | null | "cpu-time";
}

function createLatestLoad(reader: LoadReader | null): LatestLoad {
  let latest: number | null = null;
  let isAsking = false;
  let askedMs = Number.NEGATIVE_INFINITY;
  return {
    refresh: (atMs) => {
      if (reader === null || isAsking || atMs - askedMs < LOAD_GAP_MS) return;
      isAsking = true;
      askedMs = atMs;
      void reader.read().then((value) => {
        latest = value;
        isAsking = false;
      });
    },
    value: () => (reader === null ? "cpu-time" : latest),
  };
}
