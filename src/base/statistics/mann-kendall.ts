// The Mann-Kendall test: does a series rise? It looks only at which of two values is larger, so outliers do no harm.
// Neighbours that resemble each other make plain Mann-Kendall cry wolf; the variance is corrected for that after Hamed and Rao,
// "A modified Mann-Kendall trend test for autocorrelated data", Journal of Hydrology 204 (1998), equations 8 and 13.

import { normalUpperTail } from "./normal.ts";
import { numberAt } from "./number-at.ts";
import { ranksOf, tieSizesOf } from "./ranks.ts";

export interface TrendTest {
  /** Pairs that rise minus pairs that fall. */
  readonly s: number;
  /** Variance of `s` without a trend: for ties, and for autocorrelation if it was asked for. */
  readonly variance: number;
  /** Chance of such a rise, or a clearer one, without a trend (one-sided). */
  readonly p: number;
}

/** Beyond this the exact distribution is as good as normal. */
const EXACT_UP_TO = 40;

/**
 * Tests whether `values`, in order of time, rise. Exact for up to 40 values without ties, by the normal approximation with
 * continuity correction otherwise. O(n^2).
 */
export function mannKendall(values: ArrayLike<number>): TrendTest {
  const s = risingMinusFalling(values);
  const ties = tieSizesOf(values);
  const variance = varianceWithTies(values.length, ties);
  const isExact = ties.length === 0 && values.length <= EXACT_UP_TO;
  return { s, variance, p: isExact ? exactChance(values.length, s) : chanceOf(s, variance) };
}

/**
 * As `mannKendall`, with the variance widened where the residuals resemble their neighbours. `residuals` are `values` without
 * their trend. Both must be evenly spaced in time. Never narrowed: floors that alternate are no reason to be surer.
 */
export function mannKendallCorrected(values: ArrayLike<number>, residuals: ArrayLike<number>): TrendTest {
  const plain = mannKendall(values);
  const widening = hamedRao(residuals);
  if (widening <= 1) return plain;
  const variance = plain.variance * widening;
  return { s: plain.s, variance, p: chanceOf(plain.s, variance) };
}

function risingMinusFalling(values: ArrayLike<number>): number {
  let s = 0;
  for (let later = 1; later < values.length; later++) {
    const value = numberAt(values, later);
    for (let earlier = 0; earlier < later; earlier++) s += Math.sign(value - numberAt(values, earlier));
  }
  return s;
}

function varianceWithTies(n: number, ties: readonly number[]): number {
  const term = (count: number): number => count * (count - 1) * (2 * count + 5);
  return ties.reduce((sum, size) => sum - term(size), term(n)) / 18;
}

function chanceOf(s: number, variance: number): number {
  if (variance <= 0) return 1;
  // s moves in steps of two; the correction takes half a step off.
  return normalUpperTail((s - Math.sign(s)) / Math.sqrt(variance));
}

/** Share of all orders of `n` different values with at least this `s`. Counts orders by inversions; O(n^3). */
function exactChance(n: number, s: number): number {
  const pairs = (n * (n - 1)) / 2;
  // s = pairs - 2 * inversions.
  const mostInversions = Math.floor((pairs - s) / 2);
  let shares = Float64Array.of(1);
  for (let size = 2; size <= n; size++) shares = withOneMore(shares, size);
  return Math.min(
    1,
    shares.subarray(0, mostInversions + 1).reduce((sum, share) => sum + share, 0),
  );
}

/** Shares of orders by inversions, after a value was put into each of `size` places with equal chance. */
function withOneMore(shares: Float64Array, size: number): Float64Array<ArrayBuffer> {
  const next = new Float64Array(shares.length + size - 1);
  shares.forEach((share, inversions) => {
    for (let added = 0; added < size; added++)
      next[inversions + added] = numberAt(next, inversions + added) + share / size;
  });
  return next;
}

/** By how much autocorrelation widens the variance of `s`: n / n* of Hamed and Rao, over the significant lags only. */
function hamedRao(residuals: ArrayLike<number>): number {
  const n = residuals.length;
  if (n < 4) return 1;
  const ranks = ranksOf(residuals);
  const mean = (n + 1) / 2;
  const square = ranks.reduce((sum, rank) => sum + (rank - mean) ** 2, 0);
  if (square === 0) return 1;
  const threshold = SIGNIFICANT / Math.sqrt(n);
  let sum = 0;
  for (let lag = 1; lag < n - 2; lag++) {
    let product = 0;
    for (let at = lag; at < n; at++) product += (numberAt(ranks, at) - mean) * (numberAt(ranks, at - lag) - mean);
    const correlation = product / square;
    if (Math.abs(correlation) > threshold) sum += (n - lag) * (n - lag - 1) * (n - lag - 2) * correlation;
  }
  return 1 + (2 * sum) / (n * (n - 1) * (n - 2));
}

/** Two-sided 95 %. */
const SIGNIFICANT = 1.96;
