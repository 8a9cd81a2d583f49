// Where the memory of a process grew, in numbers: resident bytes by kind, live Python bytes, what the allocator keeps free.

import { numberAt } from "../base/statistics/number-at.ts";
import { medianOf } from "../base/statistics/quantile.ts";
import type { ProcessSample } from "../model/sample.ts";
import type { MeasuredSeries, SeriesContext, SeriesVerdict } from "../model/verdict.ts";
import { judgeSeries } from "./judge-series.ts";
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
  readonly allocatorFreeChange: number | null;
  readonly proportionalChange: number | null;
  readonly liveChange: number | null;
  readonly garbageChange: number;
  /** Now, in bytes. */
  readonly anonBytes: number;
  readonly allocatorFreeBytes: number | null;
  readonly isCollectorOff: boolean;
  /** The allocator was followed and shows no trend, and snapshots differ by no more than its ups and downs. */
  readonly isLiveSteady: boolean;
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
  const anon = of((sample) => sample.anonBytes + sample.swapBytes);
  const live = used.values.length >= ENOUGH_READINGS ? used : liveBytes;
  const resident = of(residentBytes);
  const verdict = (series: MeasuredSeries | null): SeriesVerdict | null =>
    series === null || series.values.length === 0 ? null : judgeSeries(series, context);
  const liveVerdict = verdict(live);
  const snapshotChange = changeOf(liveBytes ?? NO_VALUES);
  return {
    resident: judgeSeries(resident, context),
    live: liveVerdict,
    garbage: verdict(garbageBytes),
    residentChange: changeOf(resident) ?? 0,
    anonChange: changeOf(anon) ?? 0,
    fileChange: changeOf(of((sample) => sample.fileBytes + sample.shmemBytes)) ?? 0,
    threadChange: changeOf(of(({ threads }) => threads)) ?? 0,
    allocatorFreeChange: changeOf(free),
    proportionalChange: changeOf(of(({ pssBytes }) => pssBytes)),
    liveChange: largerOf(changeOf(used), snapshotChange),
    garbageChange: changeOf(garbageBytes ?? NO_VALUES) ?? 0,
    anonBytes: lastOf(anon) ?? 0,
    allocatorFreeBytes: lastOf(free),
    isCollectorOff: samples.findLast(({ collector }) => collector !== null)?.collector?.isEnabled === false,
    isLiveSteady: live === used && isSteady(used, liveVerdict, snapshotChange),
  };
}

const NO_VALUES: MeasuredSeries = { timesMs: [], values: [] };

function isSteady({ values }: MeasuredSeries, verdict: SeriesVerdict | null, snapshotChange: number | null): boolean {
  const all = Array.from(values);
  return verdict?.shape === "steady" && (snapshotChange ?? 0) <= Math.max(...all) - Math.min(...all);
}

/** Swapped memory is memory: leaving it out would call a process steady while it is pushed out. */
function residentBytes(sample: ProcessSample): number {
  return sample.anonBytes + sample.fileBytes + sample.shmemBytes + sample.swapBytes;
}

function contextOf({ samples, unsettledUntilMs }: ProcessEvidence): SeriesContext {
  const load = seriesOf(samples, (sample) => sample.load);
  return { unit: "bytes", load: load.values.length < 2 ? null : load, bound: null, unsettledUntilMs, family: 1 };
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

function lastOf({ values }: MeasuredSeries): number | null {
  return values.length === 0 ? null : numberAt(values, values.length - 1);
}
