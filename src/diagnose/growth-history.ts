// A measured series with as many points as a drawing has use for.

import type { GrowthHistory, GrowthPoint } from "../model/diagnosis.ts";
import type { PlaceSeries } from "./series-of-place.ts";

const MOST_POINTS = 120;

/** The last point of each of up to MOST_POINTS parts, and the first point of all. Null without points. */
export function growthHistory({ series: { timesMs, values }, unit }: PlaceSeries): GrowthHistory | null {
  const count = Math.min(timesMs.length, values.length);
  if (count === 0) return null;
  const parts = Math.min(count, MOST_POINTS);
  const point = (at: number): GrowthPoint => ({ atSeconds: (timesMs[at] ?? 0) / 1000, value: values[at] ?? 0 });
  const points = Array.from({ length: parts }, (_, part) => point(Math.ceil(((part + 1) * count) / parts) - 1));
  return { unit, points: parts < count ? [point(0), ...points] : points };
}
