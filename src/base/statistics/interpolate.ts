// A quantity at a moment between two measurements.

import { numberAt } from "./number-at.ts";

/** The value at `time`, on the straight line between its neighbours; the first or last value outside. Times ascend. O(log n). */
export function interpolate(times: ArrayLike<number>, values: ArrayLike<number>, time: number): number {
  const last = times.length - 1;
  if (!(time > numberAt(times, 0))) return numberAt(values, 0);
  if (time >= numberAt(times, last)) return numberAt(values, last);
  let [low, high] = [0, last];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (numberAt(times, middle) <= time) low = middle;
    else high = middle;
  }
  const share = (time - numberAt(times, low)) / (numberAt(times, high) - numberAt(times, low));
  return numberAt(values, low) + share * (numberAt(values, high) - numberAt(values, low));
}
