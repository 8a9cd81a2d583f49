// The diagnosis: suspected places joined with the source, the process judged as a whole, and both put together.

import { formatDuration } from "../base/format-duration.ts";
import type { Diagnosis, Leak, MemorySplit } from "../model/diagnosis.ts";
import { describeEnd } from "../model/process-end.ts";
import type { ProcessSample } from "../model/sample.ts";
import type { MeasuredSeries } from "../model/verdict.ts";
import { forecastOf } from "../watch/forecast.ts";
import { judgeProcess, type ProcessJudgement } from "../watch/judge-process.ts";
import type { HolderEvidence } from "../watch/process-evidence.ts";
import { boundOfClass } from "./bound-of-class.ts";
import { withBoundsOfSource } from "./bounds-in-source.ts";
import { diagnoseHolder } from "./diagnose-holder.ts";
import { growthHistory } from "./growth-history.ts";
import {
  dismissedOf,
  type JudgedObservation,
  type JudgedPlace,
  placesConcerned,
  suspectsOf,
} from "./judge-observation.ts";
import { type KnownLeak, matchKnownLeak, upgradeAdvice } from "./known-leaks.ts";
import { nativeLeak } from "./native-leak.ts";
import type { Observation, TimedHeap } from "./observation.ts";
import type { ProcessSource } from "./process-source.ts";
import { seriesOfPlace } from "./series-of-place.ts";
import { inFlightBytes } from "./work-in-flight.ts";

export interface AssembleOptions {
  /** Null: no sources were found. */
  readonly source: ProcessSource | null;
  /** Of data/known-leaks.json. */
  readonly known: readonly KnownLeak[];
  readonly workers: readonly number[];
  /** Sentences from before the observation. */
  readonly notices: readonly string[];
}

export function assembleDiagnosis(given: JudgedObservation, options: AssembleOptions): Diagnosis {
  const judged = withBoundsOfSource(given, options.source);
  const { observation } = judged;
  const { heaps, samples, last, end } = observation;
  const { meta } = last.analysis.snapshot;
  const suspects = suspectsOf(judged);
  // 1. Whose fault.
  const asked = placesConcerned(judged).map((place) => withKnown(leakOf(place, judged, options.source), options));
  // 2. The process as a whole.
  const process = judgeWhole(judged, options.source);
  // A place that is no suspect for itself is one when the process grows and nothing else has taken what it grew by.
  const blamed = new Set(process.holders.map(({ path }) => path));
  const found = suspects.length > 0 ? asked : asked.filter(({ holder }) => blamed.has(holder.path));
  const native = process.verdict === "native" ? [nativeLeakOf(judged, process)] : [];
  const leaks = [...found.map((leak) => withProcess(leak, process)).toSorted(bySurety), ...native];
  // 3. Both together.
  const forecast = forecastOf(samples.at(-1)?.rssBytes ?? 0, limitOf(samples), process.resident);
  return {
    schema: "deadweight/diagnosis@1",
    target: {
      pid: observation.pid,
      python: meta.python,
      command: meta.command,
      folder: observation.folder,
      workers: options.workers,
    },
    ...overall(process, leaks),
    leaks,
    dismissed: dismissedOf(judged, suspects).map(({ growth, series }) => ({ holder: growth.holder, growth: series })),
    memory: memoryOf(samples, meta.liveBytes),
    forecast: { limitBytes: forecast.limitBytes, reachedInSeconds: forecast.reachedInSeconds },
    window: {
      seconds: end.afterMs / 1000,
      samples: samples.length,
      snapshots: heaps.length,
      pauseMs: heaps.map(({ analysis }) => analysis.snapshot.meta.pauseMs ?? 0),
      cpuSeconds: Math.max(0, (samples.at(-1)?.cpuSeconds ?? 0) - (samples[0]?.cpuSeconds ?? 0)),
    },
    comparison: null,
    warnings: [
      ...options.notices,
      ...observation.warnings,
      ...(options.source?.warnings ?? []),
      ...endWarning(observation),
    ],
  };
}

function leakOf(place: JudgedPlace, judged: JudgedObservation, source: ProcessSource | null): Leak {
  const { growth, series, bound } = place;
  const { observation, comparison, seconds, heapGrowthBytes, isGarbageStaying } = judged;
  return diagnoseHolder({
    growth,
    series,
    history: growthHistory(seriesOfPlace(place, observation, heapGrowthBytes)),
    first: comparison.sameProcess ? comparison.first : null,
    last: comparison.last,
    seconds,
    source,
    bound,
    heapGrowthBytes,
    isGarbageStaying,
  });
}

/** A leak that its authors know: their fix goes before ours. */
function withKnown(leak: Leak, { known: entries, source }: AssembleOptions): Leak {
  const known =
    source === null
      ? null
      : matchKnownLeak({ holder: leak.holder, leakedType: leak.leaked.type }, entries, source.installed);
  if (known === null) return leak;
  return { ...leak, known, fix: { text: upgradeAdvice(known), patch: leak.fix?.patch ?? null } };
}

function judgeWhole(judged: JudgedObservation, source: ProcessSource | null): ProcessJudgement {
  const { observation, places, comparison } = judged;
  const lasting = places.filter(({ isInFlight }) => !isInFlight).map(({ growth }) => growth.holder.path);
  const passing = inFlightBytes(comparison, new Set(lasting));
  return judgeProcess({
    samples: observation.samples,
    liveBytes: overHeaps(observation, ({ analysis }, at) => analysis.snapshot.meta.liveBytes - (passing[at] ?? 0)),
    garbageBytes: overHeaps(observation, ({ analysis }) => analysis.garbage.shallowBytes),
    holders: places.map((place) => evidenceOf(place, judged, source)),
    unsettledUntilMs: judged.unsettledUntilMs,
  });
}

function overHeaps({ heaps }: Observation, valueOf: (heap: TimedHeap, at: number) => number): MeasuredSeries {
  return { timesMs: heaps.map(({ atMs }) => atMs), values: heaps.map(valueOf) };
}

function evidenceOf(
  { growth, series, bound, isInFlight, isLimitedInSource }: JudgedPlace,
  { heapGrowthBytes, isGarbageStaying }: JudgedObservation,
  source: ProcessSource | null,
): HolderEvidence {
  const isLimited = isLimitedInSource || (source !== null && boundOfClass(source, growth.holder.type) !== null);
  return {
    path: growth.holder.path,
    growth: series,
    grownBytes: growth.heldGrowthBytes,
    shareOfGrowth: growth.heldGrowthBytes / Math.max(1, heapGrowthBytes),
    isUnbounded: bound === null && !isLimited,
    survivesCollection: growth.holder.kind !== "garbage-cycle" || isGarbageStaying,
    isInFlight,
  };
}

/**
 * A place that is proved to grow without end is a leak even where the process is too noisy, or the place still too small, to show it:
 * descriptors run out long before memory does.
 */
function overall(process: ProcessJudgement, leaks: readonly Leak[]): Pick<Diagnosis, "verdict" | "because"> {
  const { verdict, because } = process;
  const sureties = new Set(leaks.map(({ confidence }) => confidence));
  if (verdict === "native") return { verdict, because };
  if (sureties.has("proved")) return { verdict: "leak", because };
  // What is suspected of a place goes before what the noise of the process hides; it does not overrule an explanation.
  const isSuspect = sureties.has("likely") && (verdict === "steady" || verdict === "growing");
  return { verdict: isSuspect ? "suspect" : verdict, because };
}

/** What the process as a whole rules out holds for each of its leaks. */
function withProcess(leak: Leak, process: ProcessJudgement): Leak {
  const known = new Set(leak.ruledOut.map(({ what }) => what));
  return { ...leak, ruledOut: [...leak.ruledOut, ...process.ruledOut.filter(({ what }) => !known.has(what))] };
}

function nativeLeakOf({ observation, seconds }: JudgedObservation, { resident }: ProcessJudgement): Leak {
  const { samples, last, extensions } = observation;
  const { nativeBytes } = memoryOf(samples, last.analysis.snapshot.meta.liveBytes);
  return nativeLeak({ series: resident, grownBytes: resident.last - resident.first, nativeBytes, extensions, seconds });
}

const SURETY = { proved: 0, likely: 1, possible: 2 } as const;

function bySurety(a: Leak, b: Leak): number {
  return SURETY[a.confidence] - SURETY[b.confidence] || b.leaked.heldBytes - a.leaked.heldBytes;
}

function limitOf(samples: readonly ProcessSample[]): number | null {
  return samples.findLast(({ group }) => group !== null)?.group?.limitBytes ?? null;
}

function memoryOf(samples: readonly ProcessSample[], liveBytes: number): MemorySplit {
  const last = samples.at(-1);
  const allocator = samples.findLast((each) => each.allocator !== null)?.allocator ?? null;
  const rssBytes = last?.rssBytes ?? 0;
  const sharedBytes = Math.min(rssBytes, (last?.fileBytes ?? 0) + (last?.shmemBytes ?? 0));
  const allocatorFreeBytes = Math.round(allocator?.freeBytes ?? 0);
  const pythonLiveBytes = Math.min(liveBytes, rssBytes);
  const nativeBytes = Math.max(0, rssBytes - sharedBytes - pythonLiveBytes - allocatorFreeBytes);
  return { rssBytes, pythonLiveBytes, allocatorFreeBytes, nativeBytes, sharedBytes };
}

function endWarning({ end }: Observation): readonly string[] {
  switch (end.how) {
    case "exited":
    case "replaced": {
      const what = describeEnd("The process", `after ${formatDuration(end.afterMs)}`, end);
      return [`${what}; what had been seen until then is judged.`];
    }
    case "time":
    case "told":
      return [];
  }
}
