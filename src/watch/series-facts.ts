// Everything that is measured of a series before it is judged.

import { mannKendall, mannKendallCorrected, type TrendTest } from "../base/statistics/mann-kendall.ts";
import { numberAt } from "../base/statistics/number-at.ts";
import { medianOf } from "../base/statistics/quantile.ts";
import { type FittedLine, residualsOf, theilSen } from "../base/statistics/theil-sen.ts";
import type { MeasuredSeries, SeriesContext, SeriesUnit } from "../model/verdict.ts";
import { type Falls, fallsOf } from "./falls.ts";
import { floorsOf, type SettledFloors } from "./floors.ts";
import { cumulativeWork, loadFacts, type LoadFacts } from "./load-adjustment.ts";
import { type Pace, paceOf } from "./pace.ts";
import { settledPart, type SettledPart } from "./settled-part.ts";
import { spanOf, type TimedValues, timedValues } from "./timed-values.ts";

export interface SeriesFacts extends SettledPart {
  readonly record: TimedValues;
  readonly context: SeriesContext;
  readonly unit: SeriesUnit;
  readonly floors: SettledFloors;
  readonly falls: Falls;
  /** For this series alone; the size of the family comes later. */
  readonly trend: TrendTest;
  /** Per second. */
  readonly line: FittedLine;
  readonly pace: Pace;
  readonly load: LoadFacts | null;
  /** Of the settled part. */
  readonly first: number;
  readonly last: number;
  readonly seconds: number;
  /** What it grew by at least: exact for a series of one direction, the lower bound of its line for others. */
  readonly sureRise: number;
  /** Growth that means something: smaller ones are steady. */
  readonly leastRise: number;
}

/** Measures a series. O(n), plus O(w^2 log w) for its at most 40 windows. */
export function measureSeries(series: MeasuredSeries, context: SeriesContext): SeriesFacts {
  const record = timedValues(series);
  const parts = settledPart(record, context.unsettledUntilMs);
  const { whole, settled } = parts;
  const unit = context.unit ?? "entries";
  const floors = floorsOf(settled);
  const { trend, line } = trendOf(floors);
  const work = cumulativeWork(context.load);
  const rise = settled.values.length === 0 ? 0 : lastOf(floors.floors) - numberAt(floors.floors, 0);
  return {
    ...parts,
    record,
    context,
    unit,
    floors,
    falls: fallsOf(whole),
    trend,
    line,
    pace: paceOf(whole, floors, work),
    load: work === null ? null : loadFacts(whole, work),
    first: numberAt(settled.values, 0),
    last: lastOf(settled.values),
    seconds: spanOf(settled),
    sureRise: floors.hasOneDirection ? rise : line.low * spanOf(settled),
    leastRise: leastRiseOf(settled, unit, floors.hasOneDirection),
  };
}

/** Neighbours that resemble each other widen the test, except where nothing is taken back: such a series does not wander. */
function trendOf({ times, floors, hasOneDirection }: SettledFloors): { trend: TrendTest; line: FittedLine } {
  const plain = mannKendall(floors);
  const rough = theilSen(times, floors, plain.variance);
  if (hasOneDirection) return { trend: plain, line: rough };
  const trend = mannKendallCorrected(floors, residualsOf(rough, times, floors));
  return { trend, line: theilSen(times, floors, trend.variance) };
}

const LONG_SECONDS = 600;
const SHARE_SHORT = 0.015;
const SHARE_LONG = 0.01;
const LEAST_BYTES = 1024;
/** Entries are exact: in a series of one direction each counts. */
const LEAST_EXACT = 5;
const LEAST_ENTRIES = 3;

/** Research: runtime-anchors E, "effect bound". */
function leastRiseOf(settled: TimedValues, unit: SeriesUnit, hasOneDirection: boolean): number {
  const level = settled.values.length === 0 ? 0 : Math.abs(medianOf(settled.values));
  const share = level * (spanOf(settled) >= LONG_SECONDS ? SHARE_LONG : SHARE_SHORT);
  if (unit === "bytes") return Math.max(LEAST_BYTES, share);
  // What comes and goes in balance wanders by the root of how many are there.
  return hasOneDirection ? LEAST_EXACT : Math.max(LEAST_ENTRIES, share, 2 * Math.sqrt(level));
}

function lastOf(values: Float64Array): number {
  return numberAt(values, values.length - 1);
}
