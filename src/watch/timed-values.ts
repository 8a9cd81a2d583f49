// A series as the judges need it: seconds, finite values, times that ascend.

import { numberAt } from "../base/statistics/number-at.ts";
import type { MeasuredSeries } from "../model/verdict.ts";

/** Both arrays have the same length; times are seconds since the watch began. */
export interface TimedValues {
  readonly times: Float64Array;
  readonly values: Float64Array;
}

/** No poller is faster; samples that are closer have the same time. */
const LEAST_STEP_MS = 0.001;

/** Leaves out what could not be measured, and what a clock put at or before its predecessor. O(n). */
export function timedValues({ timesMs, values }: MeasuredSeries): TimedValues {
  const kept: number[] = [];
  let previous = Number.NEGATIVE_INFINITY;
  for (let at = 0; at < values.length; at++) {
    const time = numberAt(timesMs, at);
    if (!Number.isFinite(numberAt(values, at)) || !(time >= previous + LEAST_STEP_MS)) continue;
    kept.push(at);
    previous = time;
  }
  return {
    times: Float64Array.from(kept, (at) => numberAt(timesMs, at) / 1000),
    values: Float64Array.from(kept, (at) => numberAt(values, at)),
  };
}

/** The part from `time` on. O(log n). */
export function since({ times, values }: TimedValues, time: number): TimedValues {
  const found = times.findIndex((other) => other >= time);
  const from = found < 0 ? times.length : found;
  return { times: times.subarray(from), values: values.subarray(from) };
}

/** Seconds from the first to the last sample. */
export function spanOf({ times }: TimedValues): number {
  return times.length < 2 ? 0 : numberAt(times, times.length - 1) - numberAt(times, 0);
}
