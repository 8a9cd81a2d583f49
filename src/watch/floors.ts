// The floor of a series: its lowest value per window. Garbage, batches and sawteeth lie above it, a leak lifts it.

import { numberAt } from "../base/statistics/number-at.ts";
import { windowFloors, type WindowFloors } from "../base/statistics/window-floors.ts";
import type { TimedValues } from "./timed-values.ts";
import { spanOf } from "./timed-values.ts";

/** Windows for a series that goes up and down: thirteen rises in a row are no accident even for one that wanders. */
export const FINE_WINDOWS = 14;
/** Fewest windows of the rule for "proved". */
export const LEAST_WINDOWS = 7;
/** From fine to coarse: coarser windows are for what comes in bursts and is not taken back. */
const COUNTS = [FINE_WINDOWS, 10, LEAST_WINDOWS] as const;
/** Falls may add up to this share of the rises in a series that has one direction. */
const ONE_DIRECTION = 0.1;

export interface SettledFloors extends WindowFloors {
  /** Steps from one floor to the next that rose. */
  readonly rises: number;
  /** Falls are rare and small: what is put in stays in. Such a series does not wander. */
  readonly hasOneDirection: boolean;
}

/** Floors of the settled part. At the finest cut in which every window rose, or at the finest of all. O(n). */
export function floorsOf(settled: TimedValues): SettledFloors {
  const hasOneDirection = goesOneWay(settled.values);
  const withRises = (floors: WindowFloors): SettledFloors => ({
    ...floors,
    rises: risesIn(floors.floors),
    hasOneDirection,
  });
  if (settled.times.length < FINE_WINDOWS) return withRises(eachSample(settled));
  const cuts = COUNTS.map((count) => windowFloors(settled.times, settled.values, count))
    .filter((cut) => cut !== null)
    .map(withRises);
  if (!hasOneDirection) return cuts[0] ?? withRises(floorsByCount(settled));
  // What goes one way is known between two samples too, so a gap in the sampling is no reason for coarser windows, with which
  // nothing could be told from chance among thousands of series.
  const byCount = withRises(floorsByCount(settled));
  return (
    [...cuts, byCount].find((cut) => isUnbroken(cut) && cut.floors.length === FINE_WINDOWS) ??
    cuts.find(isUnbroken) ??
    cuts[0] ??
    byCount
  );
}

export function isUnbroken({ floors, rises }: SettledFloors): boolean {
  return floors.length >= 2 && rises === floors.length - 1;
}

export function risesIn(floors: ArrayLike<number>): number {
  let rises = 0;
  for (let at = 1; at < floors.length; at++) if (numberAt(floors, at) > numberAt(floors, at - 1)) rises++;
  return rises;
}

function eachSample({ times, values }: TimedValues): WindowFloors {
  const width = values.length < 2 ? 0 : spanOf({ times, values }) / (values.length - 1);
  return { times, floors: values, width };
}

/** For a record with long gaps: windows of as many samples each. */
function floorsByCount(settled: TimedValues): WindowFloors {
  const places = settled.times.map((_, at) => at);
  const byPlace = windowFloors(places, settled.values, FINE_WINDOWS);
  if (byPlace === null) return eachSample(settled);
  const times = byPlace.times.map((place) => numberAt(settled.times, Math.round(place)));
  return { times, floors: byPlace.floors, width: spanOf(settled) / FINE_WINDOWS };
}

/** It rises, and what it falls is little beside that. O(n). */
export function goesOneWay(values: Float64Array): boolean {
  let [up, down] = [0, 0];
  for (let at = 1; at < values.length; at++) {
    const change = numberAt(values, at) - numberAt(values, at - 1);
    if (change > 0) up += change;
    else down -= change;
  }
  return up > 0 && down <= ONE_DIRECTION * up;
}
