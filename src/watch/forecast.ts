// When the memory is used up, if growth goes on as it did.

import type { Forecast } from "../model/diagnosis.ts";
import type { SeriesVerdict } from "../model/verdict.ts";

/** A forecast with the bounds that follow from those of the growth. */
export interface ForecastRange extends Forecast {
  /** With the steepest growth that fits the measurements. */
  readonly soonestSeconds: number | null;
  /** With the flattest; null when that never gets there. */
  readonly latestSeconds: number | null;
}

/**
 * Seconds until `usedBytes` reaches `limitBytes`. `growth` is of the same bytes. All null without a limit or without growth: a forecast from
 * noise frightens people. 0 when the limit has been reached. O(1).
 */
export function forecastOf(usedBytes: number, limitBytes: number | null, growth: SeriesVerdict): ForecastRange {
  const never = { limitBytes, reachedInSeconds: null, soonestSeconds: null, latestSeconds: null };
  if (limitBytes === null || growth.shape !== "growing") return never;
  const left = Math.max(0, limitBytes - usedBytes);
  const secondsAt = (slope: number): number | null => (slope > 0 ? left / slope : null);
  return {
    limitBytes,
    reachedInSeconds: secondsAt(growth.slope),
    soonestSeconds: secondsAt(growth.slopeHigh),
    latestSeconds: secondsAt(growth.slopeLow),
  };
}
