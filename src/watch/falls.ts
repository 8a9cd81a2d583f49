// Falls of a series. One that is filled and emptied rises in every window too, as long as nobody sees it being emptied twice.

import { numberAt } from "../base/statistics/number-at.ts";
import type { TimedValues } from "./timed-values.ts";

export interface Falls {
  /** From a peak to the lowest value before the next peak. */
  readonly largest: number;
  /** Falls of at least half the largest. */
  readonly count: number;
  /** Seconds since the watch began, at the end of the last of these; null without one. */
  readonly lastAt: number | null;
}

/** Finds the falls of a series that are not small beside the largest. O(n). */
export function fallsOf({ times, values }: TimedValues): Falls {
  const largest = largestFall(values);
  if (largest === 0) return { largest, count: 0, lastAt: null };
  let [peak, low, count, lastAt] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, 0, 0];
  values.forEach((value, at) => {
    // Climbing half the way back ends a fall: what comes next is another one.
    if (value > peak || value - low >= largest / 2) [peak, low] = [value, value];
    if (peak - low < largest / 2 && peak - value >= largest / 2) count++;
    low = Math.min(low, value);
    if (peak - low >= largest / 2 && value === low) lastAt = numberAt(times, at);
  });
  return { largest, count, lastAt };
}

function largestFall(values: Float64Array): number {
  let [peak, largest] = [Number.NEGATIVE_INFINITY, 0];
  for (const value of values) {
    peak = Math.max(peak, value);
    largest = Math.max(largest, peak - value);
  }
  return largest;
}
