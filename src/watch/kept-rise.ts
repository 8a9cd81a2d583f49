// What a level that goes up and down has kept. Work in flight, batches and garbage are above its lowest values, and go; what a
// leak keeps is in the lowest values too.

import { numberAt } from "../base/statistics/number-at.ts";
import { medianOf } from "../base/statistics/quantile.ts";
import type { MeasuredSeries } from "../model/verdict.ts";
import { goesOneWay } from "./floors.ts";

/** Fewest values whose lowest is the floor and not one that happens to be low. */
const ENOUGH_FOR_FLOOR = 5;

/**
 * From the early part of a series to its late part: between the medians of the two where it hardly ever falls, else between their
 * lowest values. Null with fewer than two values. O(n log n).
 */
export function keptRise({ values }: MeasuredSeries): number | null {
  if (values.length < 2) return null;
  const all = Array.from(values);
  const fifth = Math.max(1, Math.floor(all.length / 5));
  if (isOneWay({ values })) return medianOf(all.slice(-fifth)) - medianOf(all.slice(0, fifth));
  const part = Math.max(fifth, Math.min(ENOUGH_FOR_FLOOR, Math.floor(all.length / 3)), 1);
  return Math.min(...all.slice(-part)) - Math.min(...all.slice(0, part));
}

/** It rises, and falls are rare and small, or it never changes: what is there stays. O(n). */
export function isOneWay({ values }: Pick<MeasuredSeries, "values">): boolean {
  const all = Float64Array.from(values);
  return goesOneWay(all) || all.every((value) => value === numberAt(all, 0));
}
