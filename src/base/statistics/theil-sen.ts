// The Theil-Sen line: the median of the slopes between all pairs. Up to 29 % of the values may be outliers.
// Bounds: Sen, "Estimates of the regression coefficient based on Kendall's tau", JASA 63 (1968).

import { normalQuantile } from "./normal.ts";
import { numberAt } from "./number-at.ts";
import { medianOf, quantileOfSorted } from "./quantile.ts";

export interface FittedLine {
  /** Units of y per unit of x; 0 when all x are equal. */
  readonly slope: number;
  readonly low: number;
  readonly high: number;
  readonly intercept: number;
}

/**
 * Fits a line. `variance` is that of Mann-Kendall's S (with its corrections); it gives the width of the bounds, which hold the
 * slope with `confidence`. With too few pairs for that confidence the bounds are the flattest and the steepest pair. O(n^2 log n).
 */
export function theilSen(
  xs: ArrayLike<number>,
  ys: ArrayLike<number>,
  variance: number,
  confidence: number = 0.99,
): FittedLine {
  const slopes = slopesOfPairs(xs, ys);
  if (slopes.length === 0) return { slope: 0, low: 0, high: 0, intercept: medianOf(ys) };
  const slope = quantileOfSorted(slopes, 0.5);
  const width = normalQuantile(1 - (1 - confidence) / 2) * Math.sqrt(Math.max(0, variance));
  const below = Math.max(0, Math.floor((slopes.length - width) / 2));
  const above = Math.min(slopes.length - 1, Math.ceil((slopes.length + width) / 2));
  const offsets = Array.from(ys, (y, at) => y - slope * numberAt(xs, at));
  return { slope, low: numberAt(slopes, below), high: numberAt(slopes, above), intercept: medianOf(offsets) };
}

/** What the line leaves unexplained. O(n). */
export function residualsOf(line: FittedLine, xs: ArrayLike<number>, ys: ArrayLike<number>): Float64Array {
  return Float64Array.from(ys, (y, at) => y - line.slope * numberAt(xs, at) - line.intercept);
}

/** Ascending. */
function slopesOfPairs(xs: ArrayLike<number>, ys: ArrayLike<number>): Float64Array {
  const slopes: number[] = [];
  for (let later = 1; later < xs.length; later++) {
    for (let earlier = 0; earlier < later; earlier++) {
      const run = numberAt(xs, later) - numberAt(xs, earlier);
      if (run !== 0) slopes.push((numberAt(ys, later) - numberAt(ys, earlier)) / run);
    }
  }
  return Float64Array.from(slopes).sort();
}
