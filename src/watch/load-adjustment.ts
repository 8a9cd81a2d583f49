// Is it only the load? A container that holds what is in flight follows the work done *per second*: it falls back when the load
// does. A leak follows the work done *in all*, and never falls back. Both are fitted at once, so neither takes the other's part.

import { interpolate } from "../base/statistics/interpolate.ts";
import { leastSquares, type Regression } from "../base/statistics/least-squares.ts";
import { mannKendall } from "../base/statistics/mann-kendall.ts";
import { numberAt } from "../base/statistics/number-at.ts";
import type { MeasuredSeries } from "../model/verdict.ts";
import { timedValues, type TimedValues } from "./timed-values.ts";

export interface LoadFacts {
  /** Work per second at the start and at the end. */
  readonly rateFirst: number;
  readonly rateLast: number;
  /** Growth explained by the rate of work, and by the work done in all. */
  readonly byRate: number;
  readonly byWork: number;
  /** rate: what is left when the rate's part is taken out shows no rise. either: both explain it about as well. */
  readonly follows: "rate" | "work" | "either";
  /** The rate rises so evenly that growth by the clock would look the same. */
  readonly isLikeTime: boolean;
  /** Units per unit of work, with the rate's part taken out. */
  readonly perUnit: number;
}

const WINDOWS = 14;
/** A rate that varies less says nothing. */
const LEAST_VARIATION = 0.05;
const LEAST_EXPLAINED = 0.5;
/** Of the growth; more than this left over is no load any more. */
const MOST_LEFT = 1 / 3;
const TREND_LEVEL = 0.01;
/** Share of the variance that tells two explanations apart. */
const CLEARLY_BETTER = 0.1;

/** Cumulative work as a series that never falls: a counter that starts anew goes on where it was. Null for less than two values. */
export function cumulativeWork(load: MeasuredSeries | null): TimedValues | null {
  if (load === null) return null;
  const raw = timedValues(load);
  if (raw.times.length < 2) return null;
  let [total, previous] = [0, numberAt(raw.values, 0)];
  const values = raw.values.map((value) => {
    total += value >= previous ? value - previous : value;
    previous = value;
    return total;
  });
  return total > 0 ? { times: raw.times, values } : null;
}

/** Fits the series to the rate of work and to the work in all. Null when there is too little of either. O(n). */
export function loadFacts(series: TimedValues, work: TimedValues): LoadFacts | null {
  const windows = windowMeans(series, work);
  if (windows === null) return null;
  const { values, rates, works, middles } = windows;
  const thirds = Math.max(1, Math.floor(values.length / 3));
  const [rateFirst, rateLast] = [meanOf(rates.slice(0, thirds)), meanOf(rates.slice(-thirds))];
  const workDone = numberAt(works, works.length - 1) - numberAt(works, 0);
  const byWorkOnly = leastSquares(values, [works]);
  const perUnit = byWorkOnly?.coefficients[0] ?? 0;
  const steadyRate: LoadFacts = {
    rateFirst,
    rateLast,
    byRate: 0,
    byWork: perUnit * workDone,
    follows: "work",
    isLikeTime: false,
    perUnit,
  };
  if (byWorkOnly === null || variationOf(rates) < LEAST_VARIATION) return steadyRate;
  const [byRateOnly, both] = [leastSquares(values, [rates]), leastSquares(values, [rates, works])];
  if (byRateOnly === null || both === null) return steadyRate;
  const [perRate = 0, perWork = 0] = both.coefficients;
  const parts = { byRate: perRate * (rateLast - rateFirst), byWork: perWork * workDone };
  const left = values.map((value, at) => value - perRate * numberAt(rates, at));
  const isLittleLeft = parts.byWork < MOST_LEFT * (parts.byRate + parts.byWork) || mannKendall(left).p >= TREND_LEVEL;
  const follows = perRate > 0 && isLittleLeft ? "rate" : "work";
  return {
    ...steadyRate,
    ...parts,
    perUnit: perWork,
    follows: betterOf(follows, byRateOnly, byWorkOnly),
    isLikeTime: (leastSquares(values, [middles])?.explained ?? 0) > byRateOnly.explained - CLEARLY_BETTER,
  };
}

/** What remains after the joint fit speaks for one; that it explains more alone must agree. */
function betterOf(follows: "rate" | "work", byRate: Regression, byWork: Regression): LoadFacts["follows"] {
  if (byRate.explained < LEAST_EXPLAINED) return "work";
  if (follows === "rate" && byRate.explained >= byWork.explained) return "rate";
  return byRate.explained > byWork.explained - CLEARLY_BETTER ? "either" : "work";
}

interface WindowMeans {
  readonly values: number[];
  readonly rates: number[];
  /** Work done until the middle of the window. */
  readonly works: number[];
  readonly middles: number[];
}

/** Means, not floors: what is in flight follows the load in its mean. */
function windowMeans({ times, values }: TimedValues, work: TimedValues): WindowMeans | null {
  const start = numberAt(times, 0);
  const width = (numberAt(times, times.length - 1) - start) / WINDOWS;
  if (!(width > 0) || times.length < WINDOWS) return null;
  const workAt = (time: number): number => interpolate(work.times, work.values, time);
  const means: WindowMeans = { values: [], rates: [], works: [], middles: [] };
  for (let window = 0; window < WINDOWS; window++) {
    const [from, to] = [start + window * width, start + (window + 1) * width];
    const inside = values.filter((_, at) => numberAt(times, at) >= from && numberAt(times, at) < to);
    if (inside.length === 0) continue;
    means.values.push(meanOf(inside));
    means.rates.push((workAt(to) - workAt(from)) / width);
    means.works.push(workAt((from + to) / 2));
    means.middles.push((from + to) / 2);
  }
  return means.values.length < WINDOWS / 2 ? null : means;
}

function meanOf(values: ArrayLike<number>): number {
  return Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;
}

/** Standard deviation as a share of the mean. */
function variationOf(values: readonly number[]): number {
  const mean = meanOf(values);
  return mean === 0 ? 0 : Math.sqrt(meanOf(values.map((value) => (value - mean) ** 2))) / mean;
}
