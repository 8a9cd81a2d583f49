// Is it growing, and is it more than warm-up, filling, load and chance? The verdict ladder for one quantity over time.

import { benjaminiHochberg } from "../base/statistics/benjamini-hochberg.ts";
import { numberAt } from "../base/statistics/number-at.ts";
import type { MeasuredSeries, SeriesContext, SeriesVerdict } from "../model/verdict.ts";
import { measureSeries, type SeriesFacts } from "./series-facts.ts";
import { RULES, steady } from "./series-rules.ts";

/**
 * Judges one series. `context.family` is how many series are looked at together: chance is multiplied by it (Bonferroni). Works from one
 * sample on; what a few samples cannot show is said. O(n) for n samples.
 */
export function judgeSeries(series: MeasuredSeries, context: SeriesContext): SeriesVerdict {
  const facts = measureSeries(series, context);
  return verdictOn(facts, Math.min(1, facts.trend.p * Math.max(1, context.family)));
}

export interface SeriesCase {
  readonly series: MeasuredSeries;
  readonly context: SeriesContext;
}

/**
 * Judges series that are looked at together, in their order. Of those that are called growing at most one in a hundred is expected to be
 * so by chance (Benjamini-Hochberg). `context.family` may count series that are not given since they never changed.
 */
export function judgeFamily(cases: readonly SeriesCase[]): SeriesVerdict[] {
  const facts = cases.map(({ series, context }) => measureSeries(series, context));
  const family = Math.max(0, ...cases.map(({ context }) => context.family));
  const ps = benjaminiHochberg(
    facts.map(({ trend }) => trend.p),
    family,
  );
  return facts.map((each, at) => verdictOn(each, numberAt(ps, at)));
}

function verdictOn(facts: SeriesFacts, p: number): SeriesVerdict {
  const { floors, settled, line, load, first, last } = facts;
  for (const rule of RULES) {
    const ruling = rule(facts, p);
    if (ruling !== null) return { ...numbers(), ...ruling };
  }
  return { ...numbers(), ...steady(facts, p) };

  function numbers(): Omit<SeriesVerdict, "shape" | "isUnbroken" | "because" | "ruledOut" | "wouldChange"> {
    return {
      windowSeconds: facts.seconds,
      samples: settled.times.length,
      first,
      last,
      slope: line.slope,
      slopeLow: line.low,
      slopeHigh: line.high,
      perUnitOfLoad: load?.perUnit ?? null,
      p: floors.floors.length < 2 ? 1 : p,
    };
  }
}
