// One process as `watch` shows it, from what was measured: live, or read back from a recording.

import type { ProcessVerdict } from "../model/diagnosis.ts";
import type { ProcessSample } from "../model/sample.ts";
import type { MeasuredSeries, SeriesVerdict } from "../model/verdict.ts";
import type { WatchedForecast, WatchedMemory, WatchedProcess, WatchedState } from "../model/watch-report.ts";
import { forecastOf } from "./forecast.ts";
import { estimatedHolders, estimateSentence } from "./estimated-holders.ts";
import { judgeProcess, type ProcessJudgement } from "./judge-process.ts";
import { loadSeriesOf } from "./load-series.ts";
import { recentRate } from "./recent-rate.ts";
import { type GaugeName, type VerdictMemory, watchedCaches, watchedHolders } from "./watched-gauges.ts";
import type { Gauge, GaugeSummary, GaugeTrack } from "../model/gauge.ts";

/** Who it is. */
export interface WatchedIdentity {
  readonly pid: number;
  readonly python: string;
  readonly command: readonly string[];
}

/** What was measured until now. */
export interface Measured {
  readonly state: WatchedState;
  /** Oldest first; at least one. */
  readonly samples: readonly ProcessSample[];
  readonly gauges: readonly Gauge[];
  readonly summaries: readonly GaugeSummary[];
  readonly track: (gauge: number) => GaugeTrack | null;
  readonly nameOf: (gauge: number) => GaugeName | null;
  readonly snapshots: number;
  /** On the clock of the samples. */
  readonly nowMs: number;
}

/** What was judged before, so that it is not judged again at every look. Belongs to one process. */
export interface ViewMemory {
  readonly gauges: VerdictMemory;
  process: JudgedWhole | null;
}

interface JudgedWhole {
  readonly judgedMs: number;
  readonly verdict: ProcessVerdict;
  readonly because: readonly string[];
  readonly forecast: WatchedForecast;
}

export function createViewMemory(): ViewMemory {
  return { gauges: new Map(), process: null };
}

const JUDGED_AGAIN_MS = 5000;

/** Null before the first sample. */
export function viewOfProcess(
  identity: WatchedIdentity,
  measured: Measured,
  memory: ViewMemory,
): WatchedProcess | null {
  const { samples, nowMs } = measured;
  const [first, last] = [samples[0], samples.at(-1)];
  if (first === undefined || last === undefined) return null;
  const followed = { ...measured, load: loadSeriesOf(samples) };
  const cpu = seriesOf(samples, ({ cpuSeconds }) => cpuSeconds);
  const holders = watchedHolders(followed, memory.gauges);
  const { verdict, because, forecast } = judgedWhole(measured, memory);
  return {
    ...identity,
    state: measured.state,
    seconds: (nowMs - first.atMs) / 1000,
    memory: memoryOf(samples, last),
    group: groupOf(samples),
    verdict,
    because,
    forecast,
    threads: last.threads,
    descriptors: latest(samples, ({ descriptors }) => descriptors),
    cpuShare: cpu.values.length < 2 ? null : recentRate(cpu, last.atMs),
    collector: collectorOf(samples),
    followed: measured.gauges.length,
    holders,
    caches: watchedCaches(followed),
    snapshots: measured.snapshots,
  };
}

function judgedWhole(measured: Measured, memory: ViewMemory): JudgedWhole {
  const { samples, nowMs } = measured;
  const known = memory.process;
  if (known !== null && nowMs >= known.judgedMs && nowMs - known.judgedMs < JUDGED_AGAIN_MS) return known;
  const holders = estimatedHolders(measured, memory.gauges);
  const evidence = { samples, liveBytes: null, garbageBytes: null, holders, unsettledUntilMs: 0 };
  const { resident, ...judged } = judgeProcess(evidence);
  const { verdict, because } = withoutSources(judged, resident);
  const group = latest(samples, (sample) => sample.group);
  const used = samples.at(-1)?.rssBytes ?? 0;
  // The limit is of the whole group: what others use of it, and what cannot be taken back, is not there for this process.
  const others = group === null ? 0 : Math.max(0, group.usageBytes - group.inactiveFileBytes - used);
  const limit = group === null || group.limitBytes === null ? null : group.limitBytes;
  const range = forecastOf(used + others, limit, resident);
  const { limitBytes, reachedInSeconds, soonestSeconds, latestSeconds } = range;
  const forecast = { limitBytes, reachedInSeconds, soonestSeconds, latestSeconds };
  memory.process = { judgedMs: nowMs, verdict, because, forecast };
  return memory.process;
}

/** A leak is more than growth: that nothing takes out again only the sources tell, and they are not read here. */
function withoutSources(
  { verdict, because, holders }: Pick<ProcessJudgement, "verdict" | "because" | "holders">,
  resident: SeriesVerdict,
): Pick<JudgedWhole, "verdict" | "because"> {
  const [top] = holders;
  if (top === undefined) return { verdict, because: resident.because };
  if (verdict !== "leak" && verdict !== "suspect") return { verdict, because };
  return { verdict: "suspect", because: [estimateSentence(top), ...resident.because] };
}

function memoryOf(samples: readonly ProcessSample[], last: ProcessSample): WatchedMemory {
  const { rssBytes, anonBytes, fileBytes, shmemBytes, swapBytes } = last;
  const allocator = latest(samples, (sample) => sample.allocator);
  return {
    rssBytes,
    anonBytes,
    fileBytes,
    shmemBytes,
    swapBytes,
    pssBytes: latest(samples, ({ pssBytes }) => pssBytes),
    pythonBytes: rounded(allocator?.usedBytes),
    allocatorFreeBytes: rounded(allocator?.freeBytes),
  };
}

function rounded(bytes: number | undefined): number | null {
  return bytes === undefined ? null : Math.round(bytes);
}

function groupOf(samples: readonly ProcessSample[]): WatchedProcess["group"] {
  const group = latest(samples, (sample) => sample.group);
  if (group === null) return null;
  const { usageBytes, inactiveFileBytes, limitBytes, pressureSome10 } = group;
  return { usageBytes, reclaimableBytes: inactiveFileBytes, limitBytes, pressurePercent: pressureSome10 };
}

function collectorOf(samples: readonly ProcessSample[]): WatchedProcess["collector"] {
  const collector = latest(samples, (sample) => sample.collector);
  if (collector === null) return null;
  const { isEnabled, collections, uncollectable, pending } = collector;
  return { isEnabled, collections, uncollectable: uncollectable.reduce((sum, each) => sum + each, 0), pending };
}

function latest<T>(samples: readonly ProcessSample[], valueOf: (sample: ProcessSample) => T | null): T | null {
  for (let at = samples.length - 1; at >= 0; at--) {
    const sample = samples[at];
    const value = sample === undefined ? null : valueOf(sample);
    if (value !== null) return value;
  }
  return null;
}

function seriesOf(
  samples: readonly ProcessSample[],
  valueOf: (sample: ProcessSample) => number | null,
): MeasuredSeries {
  const [timesMs, values]: [number[], number[]] = [[], []];
  for (const sample of samples) {
    const value = valueOf(sample);
    if (value === null) continue;
    timesMs.push(sample.atMs);
    values.push(value);
  }
  return { timesMs, values };
}
