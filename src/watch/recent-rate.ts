// How fast something grows at the moment.

import { interpolate } from "../base/statistics/interpolate.ts";
import { numberAt } from "../base/statistics/number-at.ts";
import type { MeasuredSeries } from "../model/verdict.ts";

const RECENT_MS = 60_000;
const LEAST_MS = 500;

/** Units per second over the last minute, or since the series began; 0 while that is shorter than half a second. O(n). */
export function recentRate({ timesMs, values }: MeasuredSeries, nowMs: number): number {
  const last = timesMs.length - 1;
  if (last < 1) return 0;
  const fromMs = Math.max(numberAt(timesMs, 0), nowMs - RECENT_MS);
  const spanMs = Math.max(nowMs, numberAt(timesMs, last)) - fromMs;
  if (spanMs < LEAST_MS) return 0;
  const before = interpolate(timesMs, values, fromMs);
  return ((numberAt(values, last) - before) / spanMs) * 1000;
}
