// The lowest value in each of several windows of equal length: what is left after garbage was collected and batches were done.

import { numberAt } from "./number-at.ts";

export interface WindowFloors {
  /** Middle of each window. */
  readonly times: Float64Array;
  readonly floors: Float64Array;
  /** Length of a window, in the unit of the times. */
  readonly width: number;
}

/**
 * Cuts the time between the first and the last sample into `count` windows. Windows go by time, since samples may be unevenly
 * spaced. Null when a window has no sample. Times must ascend. O(n).
 */
export function windowFloors(times: ArrayLike<number>, values: ArrayLike<number>, count: number): WindowFloors | null {
  const start = numberAt(times, 0);
  const width = (numberAt(times, times.length - 1) - start) / count;
  if (!(width > 0)) return null;
  const floors = new Float64Array(count).fill(Number.POSITIVE_INFINITY);
  for (let at = 0; at < times.length; at++) {
    const window = Math.min(count - 1, Math.floor((numberAt(times, at) - start) / width));
    floors[window] = Math.min(numberAt(floors, window), numberAt(values, at));
  }
  if (floors.includes(Number.POSITIVE_INFINITY)) return null;
  return { times: Float64Array.from(floors, (_, window) => start + (window + 0.5) * width), floors, width };
}
