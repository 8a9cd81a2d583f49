// From counts to a miss-ratio curve: what share of the calls would have been misses with a cache of another size, and how sure that is.
//
// The cache's own counters say the ratio at its bound exactly. Only the difference to it is estimated, as a share of the hits (below) or of
// the misses (above) of the intervals that can tell: what the followed part of the time has in common with the rest cancels out.

import { numberAt } from "../base/statistics/number-at.ts";
import type { CurvePoint } from "../model/cache-advice.ts";
import { addedCounts, type MissTally, type SizeCounts } from "./miss-tally.ts";

/** Fewer calls than this tell nothing about a size. */
export const FEWEST_CALLS = 200;
/**
 * Nor do so few of the calls: which intervals can tell of a small size is no matter of chance, for short ones are those that a look happened to
 * cut out of a burst.
 */
const LEAST_SEEN = 0.1;
/** A point that is less sure than this is left out. */
const WIDEST_BAND = 0.05;
/** About two standard errors. */
const ERRORS = 2;

/** Points whose band is narrow enough, by ascending size; the bound is among them unless there were too few calls. */
export function curveOf(tally: MissTally): CurvePoint[] {
  const calls = sum(tally.blocks.map((block) => block.calls));
  const misses = sum(tally.blocks.map((block) => block.misses));
  if (calls < FEWEST_CALLS) return [];
  const kept = keptShare(tally, misses);
  const points = tally.sizes.flatMap((size, at) => pointAt(tally, size, at, { calls, misses, kept }) ?? []);
  return falling(points, tally.bound);
}

/** Of the keys that were used and lay within the bound, the share that were hits: all of them, unless entries end by time. */
function keptShare({ endsByTime, blocks }: MissTally, misses: number): number {
  const within = sum(blocks.map((block) => block.within));
  if (!endsByTime || within === 0) return 1;
  const ended = misses - sum(blocks.map((block) => block.beyond));
  return Math.min(1, Math.max(0, 1 - ended / within));
}

interface Counted {
  readonly calls: number;
  readonly misses: number;
  readonly kept: number;
}

function pointAt(tally: MissTally, size: number, at: number, { calls, misses, kept }: Counted): CurvePoint | null {
  const atBound = misses / calls;
  if (size === tally.bound) return { size, missRatio: atBound, band: 0 };
  const { blocks } = tally;
  const isBelow = size < tally.bound;
  const asked = {
    size,
    at,
    atBound,
    isBelow,
    kept,
    fewestSeen: isBelow ? Math.max(FEWEST_CALLS, LEAST_SEEN * calls) : FEWEST_CALLS,
  };
  const certain = pointFrom(
    blocks.map((block) => block.certain),
    asked,
    false,
  );
  if (asked.isBelow) return certain;
  // Where no new key comes any more, an order that is not known as deep as the size tells as much.
  const all = pointFrom(
    blocks.map((block) => addedCounts(block.certain, block.doubtful)),
    asked,
    true,
  );
  return certain === null || (all !== null && all.band < certain.band) ? all : certain;
}

interface AskedPoint {
  readonly size: number;
  readonly at: number;
  readonly atBound: number;
  readonly isBelow: boolean;
  /** Share of the keys within the bound that were hits. */
  readonly kept: number;
  readonly fewestSeen: number;
}

/** `isDoubtful`: each key that was not known may have been a hit. */
function pointFrom(counts: readonly SizeCounts[], asked: AskedPoint, isDoubtful: boolean): CurvePoint | null {
  const { size, at, atBound, isBelow, kept, fewestSeen } = asked;
  const known = counts.filter(({ seen }) => numberAt(seen, at) > 0);
  const seen = sum(known.map((each) => numberAt(each.seen, at)));
  if (seen < fewestSeen) return null;
  const base = known.map((each) => numberAt(each.base, at));
  const turned = known.map((each) => numberAt(each.turned, at) * (isBelow ? kept : 1));
  // Hits that a smaller cache would not have had; misses that a larger one would not have had.
  const share = isBelow ? 1 - atBound : atBound;
  const baseSum = sum(base);
  // With no hit a smaller cache has none, with no miss a larger one has none: that is certain.
  if (baseSum === 0) return { size, missRatio: atBound, band: share === 0 ? 0 : ERRORS / Math.sqrt(seen) };
  const ratio = Math.min(1, sum(turned) / baseSum);
  const doubt = isDoubtful ? sum(known.map((each) => numberAt(each.unknown, at))) / baseSum : 0;
  const band = share * (ERRORS * errorOf(base, turned, ratio) + doubt);
  const missRatio = isBelow ? atBound + share * ratio : atBound - share * ratio;
  return band <= WIDEST_BAND ? { size, missRatio, band } : null;
}

/** Standard error of a ratio of sums, from how far the blocks disagree; never less than what chance alone would do to so few. */
function errorOf(base: readonly number[], turned: readonly number[], ratio: number): number {
  const total = sum(base);
  const squares = sum(base.map((each, at) => (numberAt(turned, at) - ratio * each) ** 2));
  const between = base.length < 2 ? 0 : Math.sqrt((squares * base.length) / (base.length - 1));
  const counted = sum(turned);
  const chance = Math.sqrt(Math.max(1, counted * Math.max(0, 1 - ratio)));
  return Math.max(between, chance) / total;
}

/** A larger LRU cache has every hit of a smaller one (inclusion), so a curve that rises is noise. From the bound outwards. */
function falling(points: readonly CurvePoint[], bound: number): CurvePoint[] {
  const made: CurvePoint[] = [];
  for (const point of points.filter(({ size }) => size <= bound).toReversed())
    made.unshift({ ...point, missRatio: Math.max(point.missRatio, made[0]?.missRatio ?? 0) });
  for (const point of points.filter(({ size }) => size > bound))
    made.push({ ...point, missRatio: Math.min(point.missRatio, made.at(-1)?.missRatio ?? 1) });
  return made;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, each) => total + each, 0);
}
