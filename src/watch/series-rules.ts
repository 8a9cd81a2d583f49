// The ladder: rules in order, the first that applies says what the series is (research: runtime-anchors, section E).

import { formatDuration } from "../base/format-duration.ts";
import { numberAt } from "../base/statistics/number-at.ts";
import type { SeriesShape, SeriesVerdict } from "../model/verdict.ts";
import { amountOf, rateOf, threeDigits } from "./amounts.ts";
import { FINE_WINDOWS, isUnbroken, LEAST_WINDOWS } from "./floors.ts";
import type { SeriesFacts } from "./series-facts.ts";
import { growthSentences, otherThanGrowth, seconds, stepsSentence, watchMore, workWords } from "./series-sentences.ts";
import { spanOf } from "./timed-values.ts";

/** What a rule says; the numbers of the verdict come from the facts. */
export type Ruling = Pick<SeriesVerdict, "shape" | "isUnbroken" | "because" | "ruledOut" | "wouldChange">;

type Rule = (facts: SeriesFacts, p: number) => Ruling | null;

const LEVEL = 0.01;
/** Between this and LEVEL there may be something. */
const DOUBT_LEVEL = 0.05;
/** The late half must grow at this share of the pace of the whole. */
const LEAST_LATE_SHARE = 0.4;
/** Below this share of the pace it has stopped. */
const STOPPED_SHARE = 0.1;
/** A series that goes up and down and grew this much faster late has only begun to. */
const BEGAN_LATE = 3;
/** Falls that must be seen before the floor between them is known. */
const KNOWN_FALLS = 3;
/** Anything can rise for a moment. */
const LEAST_PROOF_SECONDS = 10;

export const RULES: readonly Rule[] = [
  tooFew,
  constant,
  full,
  filling,
  load,
  loadOrLeak,
  filledAndEmptied,
  beganLate,
  growing,
  levelledOff,
  slowedDown,
  warmedUp,
  rare,
  doubtful,
];

function ruling(shape: SeriesShape, because: readonly string[], wouldChange: string): Ruling {
  return { shape, isUnbroken: false, because, ruledOut: [], wouldChange };
}

function tooFew({ record, settled }: SeriesFacts): Ruling | null {
  if (settled.times.length >= 2) return null;
  if (record.times.length < 2) {
    return ruling("unclear", ["It was measured once, which shows no growth."], "Measure it again.");
  }
  const until = `Modules or code were still being loaded ${seconds(spanOf(record))} after the first sample.`;
  return ruling(
    "unclear",
    [until],
    watchMore(Math.max(30, spanOf(record)), "what grows while a program loads is warm-up"),
  );
}

function constant({ whole, unit }: SeriesFacts): Ruling | null {
  const value = numberAt(whole.values, 0);
  if (!whole.values.every((other) => other === value)) return null;
  const same = `It had ${amountOf(value, unit)} in each of ${whole.values.length} samples.`;
  return ruling("steady", [same], watchMore(3 * spanOf(whole), "it may grow more rarely than that"));
}

function full(facts: SeriesFacts): Ruling | null {
  const { whole, unit, last, context } = facts;
  const bound = context.bound;
  if (bound === null || bound <= 0 || !(Math.max(...whole.values.subarray(-5)) >= bound) || last > bound) return null;
  const hasRisen = numberAt(whole.values, 0) < bound;
  const isFull = `It is full: it holds ${amountOf(last, unit)} of at most ${threeDigits(bound)}.`;
  return ruling(hasRisen ? "warm-up" : "steady", [isFull], "Only a size above its bound would change this.");
}

function filling(facts: SeriesFacts, p: number): Ruling | null {
  const { unit, last, line, floors, whole, context } = facts;
  const bound = context.bound;
  if (bound === null || last >= bound || !(last > numberAt(whole.values, 0))) return null;
  if (!floors.hasOneDirection && p >= LEVEL) return null;
  const held = `It holds ${amountOf(last, unit)} of at most ${threeDigits(bound)}, and fills up.`;
  const slope = line.slope > 0 ? line.slope : (last - numberAt(whole.values, 0)) / spanOf(whole);
  const left = formatDuration(((bound - last) / slope) * 1000);
  const pace = `At ${rateOf(slope, unit)} it is full in ${left}.`;
  return ruling(
    "filling",
    [held, pace],
    "Growth beyond its bound would change this, or a bound too large for the memory.",
  );
}

function load(facts: SeriesFacts): Ruling | null {
  const { load: work, unit, whole, leastRise, floors } = facts;
  if (work === null || work.follows !== "rate" || work.byRate < leastRise) return null;
  if (floors.hasOneDirection && work.isLikeTime) return likeLoad(facts);
  const { what, rates } = workWords(work, facts.context);
  const because = [
    `It rose with the ${what}, which went from ${rates}.`,
    `That explains ${amountOf(work.byRate, unit)} of its growth; the work done in all explains ${amountOf(Math.max(0, work.byWork), unit)}.`,
  ];
  return ruling("load", because, watchMore(spanOf(whole), "if it stays up when the load falls, it is no load"));
}

/** A pool that grows with the load never falls while the load rises; nor does a leak. */
function likeLoad({ whole }: SeriesFacts): Ruling {
  const because = [
    "It rose as evenly as the load did, and nothing was taken out: it may follow the load, or the clock.",
  ];
  return ruling(
    "unclear",
    because,
    watchMore(2 * spanOf(whole), "load and leak part when the load stays the same or falls"),
  );
}

/** What is never taken out is no work in flight, whatever the load does. */
function loadOrLeak({ load: work, context, whole, floors }: SeriesFacts, p: number): Ruling | null {
  if (work === null || work.follows !== "either" || floors.hasOneDirection || p >= LEVEL) return null;
  const { what, rates } = workWords(work, context);
  const because = [
    `It rose while the ${what} went from ${rates}: that explains it about as well as the work done in all.`,
  ];
  return ruling(
    "unclear",
    because,
    watchMore(2 * spanOf(whole), "load and leak part when the load stays the same or falls"),
  );
}

function filledAndEmptied(facts: SeriesFacts, p: number): Ruling | null {
  const { falls, unit, sureRise, leastRise, whole, line, seconds: span } = facts;
  const rise = Math.max(sureRise, line.slope * span);
  if (p >= LEVEL || rise < leastRise) return null;
  if (falls.lastAt === null || falls.count >= KNOWN_FALLS || falls.largest < rise / 2) return null;
  const ago = seconds(numberAt(whole.times, whole.times.length - 1) - falls.lastAt);
  const because = [
    `It fell by ${amountOf(falls.largest, unit)}, last ${ago} ago, and has risen by ${amountOf(rise, unit)}.`,
    "What is filled and emptied in turn looks like this between two times of being emptied.",
  ];
  return ruling(
    "unclear",
    because,
    watchMore(3 * spanOf(whole), "it must be seen to fall three times, or to grow far beyond that"),
  );
}

function isTrend({ floors }: SeriesFacts, p: number): boolean {
  const isShort = floors.floors.length >= 3 && floors.floors.length < LEAST_WINDOWS;
  return p < LEVEL || (isShort && isUnbroken(floors));
}

function beganLate(facts: SeriesFacts, p: number): Ruling | null {
  const { floors, pace, sureRise, leastRise, seconds: span } = facts;
  if (!isTrend(facts, p) || sureRise < leastRise || floors.hasOneDirection) return null;
  if (pace.late <= BEGAN_LATE * Math.max(0, pace.early)) return null;
  const because = [
    "It rose in the second half of the watch, and hardly in the first: that may be a step to a new level.",
  ];
  return ruling("unclear", because, watchMore(span, "a leak goes on rising"));
}

/** Windows in most of which it rose: growth in a few bursts may have been the last. */
function isSpread({ floors }: SeriesFacts): boolean {
  return !floors.hasOneDirection || floors.rises * 2 >= floors.floors.length - 1;
}

function growing(facts: SeriesFacts, p: number): Ruling | null {
  const { pace, sureRise, leastRise } = facts;
  if (!isTrend(facts, p) || !isSpread(facts)) return null;
  if (sureRise < leastRise || pace.lateShare < LEAST_LATE_SHARE) return null;
  const missing = missingForProof(facts, p);
  return {
    shape: "growing",
    isUnbroken: missing === null,
    because: growthSentences(facts),
    ruledOut: otherThanGrowth(facts, p),
    wouldChange:
      missing ??
      `It would be no leak if what is put in is taken out again after more than ${seconds(spanOf(facts.whole))}: a longer watch would show it.`,
  };
}

/** What keeps growth from being unbroken, as what to do about it; null when nothing does. */
function missingForProof(facts: SeriesFacts, p: number): string | null {
  const { floors, pace, seconds: span, settled } = facts;
  const count = floors.floors.length;
  const isEachSample = count === settled.times.length;
  if (count < LEAST_WINDOWS)
    return `Measure it ${LEAST_WINDOWS - count} times more: proof needs a rise over ${LEAST_WINDOWS} samples.`;
  if (span < LEAST_PROOF_SECONDS) return watchMore(15, `${seconds(span)} are too short for proof`);
  const needed = floors.hasOneDirection || isEachSample ? LEAST_WINDOWS : FINE_WINDOWS;
  if (count < needed) return watchMore(span, "proof needs samples without long gaps");
  if (!isUnbroken(floors)) {
    const steps = `it rose in ${floors.rises} of ${count - 1} steps from one window to the next, and proof needs all`;
    return watchMore(2 * spanOf(facts.whole), steps);
  }
  if (pace.isSlowing) return watchMore(3 * spanOf(facts.whole), "it slows down, and may level off");
  if (p >= LEVEL) return watchMore(span, "among so many series some rise by chance");
  return null;
}

function levelledOff(facts: SeriesFacts, p: number): Ruling | null {
  const { pace, sureRise, leastRise, whole, unit, last } = facts;
  if (p >= LEVEL || sureRise < leastRise || pace.lateShare >= STOPPED_SHARE) return null;
  const rise = amountOf(last - numberAt(whole.values, 0), unit);
  const because = [`It rose by ${rise}, and has stopped rising in the second half of what was judged.`];
  return ruling("warm-up", because, watchMore(spanOf(whole), "a new rise would change this"));
}

function slowedDown(facts: SeriesFacts, p: number): Ruling | null {
  const { pace, sureRise, leastRise, whole } = facts;
  if (p >= LEVEL || sureRise < leastRise || pace.lateShare >= LEAST_LATE_SHARE) return null;
  const share = Math.round(pace.lateShare * 100);
  const because = [
    stepsSentence(facts),
    `In the second half it rose at ${share} % of the pace of the whole: it levels off.`,
  ];
  return ruling("unclear", because, watchMore(2 * spanOf(whole), "it either stops, which is warm-up, or goes on"));
}

function warmedUp(facts: SeriesFacts): Ruling | null {
  const { record, settled, floors, unit, leastRise, last } = facts;
  const start = numberAt(record.values, 0);
  const level = Math.min(...floors.floors);
  const wander = settled.values.reduce((most, value) => Math.max(most, value), level) - level;
  if (settled.times.length === record.times.length || level - start < Math.max(leastRise, wander)) return null;
  const until = seconds(numberAt(settled.times, 0) - numberAt(record.times, 0));
  const because = [
    `It rose from ${amountOf(start, unit)} to ${amountOf(level, unit)} in the first ${until}.`,
    `Since then it has stayed between ${amountOf(level, unit)} and ${amountOf(level + wander, unit)}; it is ${amountOf(last, unit)} now.`,
  ];
  return ruling("warm-up", because, watchMore(spanOf(record), "a new rise would change this"));
}

/** Windows must hold a rise each, at least two on average, and a third of the watch is warm-up. */
const GAPS_FOR_PROOF = 20;

function rare(facts: SeriesFacts): Ruling | null {
  const { floors, whole, unit, first, last, settled } = facts;
  if (!floors.hasOneDirection || !(last > first)) return null;
  const rises = whole.values.filter((value, at) => at > 0 && value > numberAt(whole.values, at - 1)).length;
  const gap = spanOf(whole) / rises;
  const from = `from ${amountOf(first, unit)} to ${amountOf(last, unit)}`;
  const because = [
    `It rose ${from} in ${seconds(facts.seconds)}: ${rises === 1 ? "once" : `${rises} times`}, and did not fall back.`,
  ];
  if (settled.times.length < LEAST_WINDOWS) {
    return ruling(
      "unclear",
      because,
      `Measure it ${LEAST_WINDOWS - settled.times.length} times more: proof needs a rise over ${LEAST_WINDOWS} samples.`,
    );
  }
  return ruling(
    "unclear",
    because,
    watchMore(GAPS_FOR_PROOF * gap, `it rises about every ${seconds(gap)}, too rarely for this watch`),
  );
}

function doubtful(facts: SeriesFacts, p: number): Ruling | null {
  const { floors, line, whole, unit, leastRise, seconds: span } = facts;
  const rise = line.slope * span;
  const isShort = floors.floors.length < LEAST_WINDOWS && facts.last > facts.first;
  if (!isShort && (p >= DOUBT_LEVEL || rise < leastRise)) return null;
  const because = [
    stepsSentence(facts),
    `It goes up and down too much to say whether it rose by ${amountOf(rise, unit)} or not at all.`,
  ];
  return ruling("unclear", because, watchMore(4 * spanOf(whole), "small growth needs a longer watch"));
}

/** What is left when no rule applies. */
export function steady(facts: SeriesFacts, p: number): Ruling {
  const { first, last, unit, whole, seconds: span, falls } = facts;
  const ends = `It went from ${amountOf(first, unit)} to ${amountOf(last, unit)} in ${seconds(span)}`;
  const because = [p < LEVEL ? `${ends}: too little to matter.` : `${ends}, without a trend.`];
  if (falls.largest > 0) because.push(`It fell by up to ${amountOf(falls.largest, unit)} in between.`);
  return ruling("steady", because, watchMore(3 * spanOf(whole), "slower growth would need a longer watch"));
}
