// Quantiles of a sample.

import { numberAt } from "./number-at.ts";

/**
 * The value that `share` (0..1) of the sample lies below, interpolated between neighbours (type 7 of Hyndman and Fan 1996,
 * as NumPy does it). NaN for an empty sample. O(n log n).
 */
export function quantileOf(sample: ArrayLike<number>, share: number): number {
  return quantileOfSorted(Float64Array.from(sample).sort(), share);
}

/** As `quantileOf`, for a sample in ascending order. O(1). */
export function quantileOfSorted(ascending: ArrayLike<number>, share: number): number {
  if (ascending.length === 0) return Number.NaN;
  const place = share * (ascending.length - 1);
  const below = Math.floor(place);
  const low = numberAt(ascending, below);
  const rest = place - below;
  return rest === 0 ? low : low + rest * (numberAt(ascending, below + 1) - low);
}

/** The value in the middle. */
export function medianOf(sample: ArrayLike<number>): number {
  return quantileOf(sample, 0.5);
}
