// Where the memory of a process grew, in numbers: resident bytes by kind, live Python bytes, what the allocator keeps free.

import { numberAt } from "../base/statistics/number-at.ts";
import { medianOf } from "../base/statistics/quantile.ts";
import type { ProcessSample } from "../model/sample.ts";
import type { MeasuredSeries, SeriesContext, SeriesVerdict } from "../model/verdict.ts";
import { judgeSeries } from "./judge-series.ts";
import { isOneWay, keptRise } from "./kept-rise.ts";
import { loadSeriesOf } from "./load-series.ts";
import type { ProcessEvidence } from "./process-evidence.ts";

export interface ProcessFacts {
  /** Resident and swapped bytes. */
  readonly resident: SeriesVerdict;
  /** Live Python bytes: of the allocator where it was followed, else of the snapshots. Null when neither is known. */
  readonly live: SeriesVerdict | null;
  readonly garbage: SeriesVerdict | null;
  /** Changes from the early to the late part of the watch; null when not measured. Bytes. */
  readonly residentChange: number;
  readonly anonChange: number;
  readonly fileChange: number;
  readonly threadChange: number;
  /** Of what is free when least is in use: where use comes and goes, what it leaves is free in between. */
  readonly allocatorFreeChange: number | null;
  /** Of what the allocator has in use and free. */
  readonly allocatorChange: number | null;
  readonly proportionalChange: number | null;
  /** What stays of it; what comes and goes is left out. */
  readonly liveChange: number | null;
  readonly garbageChange: number;
  /** Now, in bytes. */
  readonly anonBytes: number;
  readonly allocatorFreeBytes: number | null;
  readonly isCollectorOff: boolean;
  /** The collector ran during the watch, and garbage is no more than it lets pile up between two full collections. */
  readonly isGarbageWaiting: boolean;
  /** The allocator was followed and shows no trend, and snapshots differ by no more than its ups and downs. */
  readonly isLiveSteady: boolean;
  /** What the allocator has in use goes up and down. */
  readonly isUseVarying: boolean;
}

/** Fewest readings of the allocator that tell more than snapshots. */
const ENOUGH_READINGS = 8;

/** Measures a process. O(n). */
export function processFacts(evidence: ProcessEvidence): ProcessFacts {
  const { samples, liveBytes, garbageBytes } = evidence;
  const context = contextOf(evidence);
  const of = (value: (sample: ProcessSample) => number | null): MeasuredSeries => seriesOf(samples, value);
  const used = of(({ allocator }) => allocator?.usedBytes ?? null);
  const free = of(({ allocator }) => allocator?.freeBytes ?? null);
  const pools = of(({ allocator }) => (allocator === null ? null : allocator.usedBytes + allocator.freeBytes));
  const anon = of((sample) => sample.anonBytes + sample.swapBytes);
  const live = used.values.length >= ENOUGH_READINGS ? used : liveBytes;
  const resident = of(residentBytes);
  const over = (value: (sample: ProcessSample) => number | null): number => changeOf(of(value)) ?? 0;
  const verdict = (series: MeasuredSeries | null): SeriesVerdict | null =>
    series === null || series.values.length === 0 ? null : judgeSeries(series, context);
  const liveVerdict = verdict(live);
  const snapshotChange = changeOf(liveBytes ?? NO_VALUES);
  const isUseVarying = used.values.length >= ENOUGH_READINGS && !isOneWay(used);
  return {
    resident: judgeSeries(resident, context),
    live: liveVerdict,
    garbage: verdict(garbageBytes),
    residentChange: changeOf(resident) ?? 0,
    anonChange: changeOf(anon) ?? 0,
    fileChange: over((sample) => sample.fileBytes + sample.shmemBytes),
    threadChange: over(({ threads }) => threads),
    allocatorChange: changeOf(pools),
    proportionalChange: changeOf(of(({ pssBytes }) => pssBytes)),
    garbageChange: changeOf(garbageBytes ?? NO_VALUES) ?? 0,
    anonBytes: lastOf(anon) ?? 0,
    allocatorFreeBytes: lastOf(free),
    isCollectorOff: isCollectorOff(samples),
    isGarbageWaiting: isCollecting(samples) && isLittle(garbageBytes, liveBytes),
    isLiveSteady: live === used && isSteady(used, liveVerdict, snapshotChange),
    isUseVarying,
    ...(isUseVarying ? varyingUse(used, pools, snapshotChange) : evenUse(used, free, snapshotChange)),
  };
}

type UseChanges = Pick<ProcessFacts, "allocatorFreeChange" | "liveChange">;

function evenUse(used: MeasuredSeries, free: MeasuredSeries, snapshotChange: number | null): UseChanges {
  return { allocatorFreeChange: changeOf(free), liveChange: largerOf(changeOf(used), snapshotChange) };
}

function varyingUse(used: MeasuredSeries, pools: MeasuredSeries, snapshotChange: number | null): UseChanges {
  const kept = keptRise(used);
  return {
    allocatorFreeChange: (changeOf(pools) ?? 0) - Math.max(0, kept ?? 0),
    liveChange: smallerOf(kept, snapshotChange, spreadOf(used)),
  };
}

const NO_VALUES: MeasuredSeries = { timesMs: [], values: [] };

function isCollectorOff(samples: readonly ProcessSample[]): boolean {
  return samples.findLast(({ collector }) => collector !== null)?.collector?.isEnabled === false;
}

/** Some collection was counted between the first sample and the last. */
function isCollecting(samples: readonly ProcessSample[]): boolean {
  const counts = samples.flatMap(({ collector }) => (collector === null ? [] : [collector.collections[0] ?? 0]));
  return (counts.at(-1) ?? 0) > (counts[0] ?? 0);
}

/** A full collection comes when a quarter as many objects have grown old as there are; their sizes differ. */
const WAITING_SHARE = 0.5;
/** The thresholds of a small program let this much pile up before. */
const BEARABLE_BYTES = 32 * 1024 * 1024;

function isLittle(garbage: MeasuredSeries | null, live: MeasuredSeries | null): boolean {
  if (garbage === null || live === null) return false;
  return (lastOf(garbage) ?? 0) <= Math.max(BEARABLE_BYTES, WAITING_SHARE * (lastOf(live) ?? 0));
}

function spreadOf({ values }: Pick<MeasuredSeries, "values">): number {
  const all = Array.from(values);
  return Math.max(...all) - Math.min(...all);
}

function isSteady({ values }: MeasuredSeries, verdict: SeriesVerdict | null, snapshotChange: number | null): boolean {
  return verdict?.shape === "steady" && (snapshotChange ?? 0) <= spreadOf({ values });
}

/** Swapped memory is memory: leaving it out would call a process steady while it is pushed out. */
function residentBytes(sample: ProcessSample): number {
  return sample.anonBytes + sample.fileBytes + sample.shmemBytes + sample.swapBytes;
}

function contextOf({ samples, unsettledUntilMs }: ProcessEvidence): SeriesContext {
  return { unit: "bytes", load: loadSeriesOf(samples), bound: null, unsettledUntilMs, family: 1 };
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

/** From the median of the first fifth to that of the last, so that one odd reading does not decide. */
function changeOf({ values }: MeasuredSeries): number | null {
  if (values.length < 2) return null;
  const all = Array.from(values);
  const part = Math.max(1, Math.floor(all.length / 5));
  return medianOf(all.slice(-part)) - medianOf(all.slice(0, part));
}

/** Large objects are outside the allocator, so the snapshots may know of more growth than it does. */
function largerOf(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b;
  return Math.max(a, b);
}

/**
 * What stays can be neither more than the floor rose by nor more than the snapshots show. A rise between snapshots beyond all ups and
 * downs of the allocator is of large objects, which it does not hold.
 */
function smallerOf(kept: number | null, snapshots: number | null, spread: number): number | null {
  if (kept === null || snapshots === null) return kept ?? snapshots;
  return snapshots > spread ? snapshots : Math.min(kept, snapshots);
}

function lastOf({ values }: MeasuredSeries): number | null {
  return values.length === 0 ? null : numberAt(values, values.length - 1);
}
