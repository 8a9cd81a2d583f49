// From a miss-ratio curve to advice: which bound answers as well with fewer entries, where more stop paying, where a step lies.

import type { CurveCliff, CurvePoint, SizeOffer, UnboundedVerdict } from "../model/cache-advice.ts";
import { halvesOf, type MissTally } from "./miss-tally.ts";

/** Two bounds answer alike when their miss ratios differ by less than this, band included. */
const ALIKE = 0.005;
/** A larger bound is worth a word when it answers this much more, surely. */
const WORTH = 0.02;
/** Fewer entries saved than this share are not worth a change. */
const LEAST_SAVED = 0.2;
const STEEP = 0.15;
/** A cliff is steep between sizes that are at most this far apart. */
const NEAR = 1.5;

export interface CurveMarks {
  readonly waste: number | null;
  readonly knee: number | null;
  readonly cliff: CurveCliff | null;
}

/** O(points^2), of some tens. */
export function marksOf(curve: readonly CurvePoint[], bound: number): CurveMarks {
  const now = curve.find(({ size }) => size === bound);
  if (now === undefined) return { waste: null, knee: null, cliff: null };
  const alike = curve.find(
    ({ size, missRatio, band }) => size < bound && missRatio - now.missRatio + band < ALIKE + now.band,
  );
  const isMuch = alike !== undefined && alike.size <= bound * (1 - LEAST_SAVED);
  return { waste: isMuch ? alike.size : null, knee: kneeOf(curve), cliff: cliffOf(curve) };
}

/** The point farthest below the straight line from the first to the last: before it entries pay more than the mean, after it less. */
function kneeOf(curve: readonly CurvePoint[]): number | null {
  const [first, last] = [curve[0], curve.at(-1)];
  if (first === undefined || last === undefined || first.missRatio - last.missRatio < WORTH) return null;
  const slope = (last.missRatio - first.missRatio) / (last.size - first.size);
  const below = curve.map(({ size, missRatio }) => first.missRatio + slope * (size - first.size) - missRatio);
  const deepest = Math.max(...below);
  return deepest < WORTH ? null : (curve[below.indexOf(deepest)]?.size ?? null);
}

/** The steepest fall between two near sizes. */
function cliffOf(curve: readonly CurvePoint[]): CurveCliff | null {
  const falls = curve.flatMap((from, at) =>
    curve
      .slice(at + 1)
      .filter((to) => to.size <= from.size * NEAR)
      .map((to) => ({ from, to, fall: from.missRatio - to.missRatio - from.band - to.band })),
  );
  const steepest = falls.toSorted((a, b) => b.fall - a.fall)[0];
  if (steepest === undefined || steepest.fall < STEEP) return null;
  const { from, to } = steepest;
  return { from: from.size, to: to.size, fromMissRatio: from.missRatio, toMissRatio: to.missRatio };
}

/** What a decision between bounds needs to know beside the curve. */
export interface SizePrice {
  /** Of how many processes. */
  readonly processes: number;
  readonly entryBytes: number | null;
  readonly loadMs: number | null;
  /** Of all processes together. */
  readonly callsPerSecond: number;
  /** Entries of all processes together. */
  readonly entries: number;
}

export interface ChosenSize {
  readonly verdict: "shrink" | "grow" | "keep";
  readonly offer: SizeOffer | null;
}

/** The smallest larger bound that brings most of what larger ones can, if that is worth it; otherwise the waste, if there is some. */
export function chooseSize(
  curve: readonly CurvePoint[],
  bound: number,
  marks: CurveMarks,
  price: SizePrice,
): ChosenSize {
  const now = curve.find(({ size }) => size === bound);
  if (now === undefined) return { verdict: "keep", offer: null };
  const larger = curve.filter(({ size }) => size > bound);
  // The largest may be the least sure.
  const surely = ({ missRatio, band }: CurvePoint): number => now.missRatio - missRatio - band;
  const best = larger.toSorted((a, b) => surely(b) - surely(a))[0];
  if (best !== undefined && surely(best) >= WORTH) {
    const enough = larger.find(({ missRatio }) => now.missRatio - missRatio >= 0.9 * (now.missRatio - best.missRatio));
    return { verdict: "grow", offer: offerOf(enough ?? best, now, price) };
  }
  const wasted = curve.find(({ size }) => size === marks.waste);
  if (wasted === undefined) return { verdict: "keep", offer: null };
  return { verdict: "shrink", offer: offerOf(wasted, now, price) };
}

const MIB = 2 ** 20;
const SECONDS_PER_HOUR = 3600;

function offerOf(point: CurvePoint, now: CurvePoint, price: SizePrice): SizeOffer {
  const { processes, entryBytes, loadMs, callsPerSecond, entries } = price;
  // A cache that is not full yet will be: what its bound allows counts when it grows, what is there when it shrinks.
  const entriesMore =
    point.size > now.size ? processes * (point.size - now.size) : Math.min(0, processes * point.size - entries);
  const bytes = Math.round(entriesMore * (entryBytes ?? 0));
  const sparedLoad = loadMs === null ? null : ((now.missRatio - point.missRatio) * callsPerSecond * loadMs) / 1000;
  return {
    ...point,
    bytes,
    sparedLoad,
    hourlySecondsPerMiB: sparedLoad === null || bytes <= 0 ? null : (sparedLoad * SECONDS_PER_HOUR) / (bytes / MIB),
  };
}

const FEW_NEW = 0.001;
const STEADY = 0.5;
/** Below this many new keys in a half nothing is said. */
const FEWEST_NEW = 20;
/** Nor is it said to be safe after fewer calls. */
const ENOUGH_CALLS = 1000;

/**
 * Whether the cache could be without a bound: by the calls with keys that no earlier call had used, in the first and the second half of
 * the time. Where keys were thrown out before we looked, those that came back count as new at first: only the second half
 * can then say "never", and only when everything thrown out since was remembered.
 */
export function unboundedVerdictOf(tally: MissTally, isComplete: boolean): UnboundedVerdict {
  const [first, second] = halvesOf([tally]);
  if (first.calls === 0 || second.calls === 0) return "unknown";
  const [before, after] = [first.unknown / first.calls, second.unknown / second.calls];
  if (second.unknown >= FEWEST_NEW && after >= STEADY * before && after > FEW_NEW) return "never";
  return isComplete && after <= FEW_NEW && second.calls >= ENOUGH_CALLS ? "safe" : "unknown";
}
