// The sentences that explain growth.

import { formatDuration } from "../base/format-duration.ts";
import { formatPercent } from "../base/format-percent.ts";
import { numberAt } from "../base/statistics/number-at.ts";
import type { RuledOut } from "../model/diagnosis.ts";
import { amountOf, rateWithBounds, threeDigits } from "./amounts.ts";
import { isUnbroken } from "./floors.ts";
import type { LoadFacts } from "./load-adjustment.ts";
import type { SeriesFacts } from "./series-facts.ts";
import { spanOf } from "./timed-values.ts";

/** "4.3 s", "3 min 20 s". */
export function seconds(amount: number): string {
  return formatDuration(amount * 1000);
}

/** "Watch for 3 min more: it either stops, or goes on." */
export function watchMore(amount: number, why: string): string {
  return `Watch for ${seconds(Math.max(10, roundUp(amount)))} more: ${why}.`;
}

/** Nobody watches for 187 s. */
function roundUp(amount: number): number {
  const step = amount <= 60 ? 10 : amount <= 600 ? 60 : amount <= 3600 ? 300 : 1800;
  return Math.ceil(amount / step) * step;
}

/** How it rose, in numbers. */
export function growthSentences(facts: SeriesFacts): string[] {
  const { unit, first, last, load } = facts;
  const ends = `It went from ${amountOf(first, unit)} to ${amountOf(last, unit)} in ${seconds(facts.seconds)}.`;
  const sentences = [stepsSentence(facts), ends];
  if (load !== null && load.perUnit > 0) {
    sentences.push(`That is ${amountOf(Number(load.perUnit.toPrecision(3)), unit)} per unit of work.`);
  }
  return sentences;
}

/** "It rose over 14 windows of 3.0 s without a break, by 12.1 entries per second (99 % bounds 11.8 to 12.4)." */
export function stepsSentence(facts: SeriesFacts): string {
  const { floors, settled, line, unit } = facts;
  const count = floors.floors.length;
  const pace = line.slope > 0 ? `, by ${rateWithBounds(line.slope, line.low, line.high, unit)}` : "";
  if (count === settled.times.length)
    return `It rose in ${ofAll(floors.rises, count - 1)} steps between ${count} samples${pace}.`;
  const windows = `${count} windows of ${seconds(floors.width)}`;
  if (isUnbroken(floors)) return `It rose over ${windows} without a break${pace}.`;
  return `Its lowest value rose in ${floors.rises} of ${count - 1} steps between ${windows}${pace}.`;
}

function ofAll(some: number, all: number): string {
  return some === all ? `each of ${all}` : `${some} of ${all}`;
}

/** What growth is not, with the reason. */
export function otherThanGrowth(facts: SeriesFacts, p: number): RuledOut[] {
  return [byChance(facts, p), ...warmUp(facts), batches(facts), ...loadToo(facts)];
}

function byChance({ context, floors }: SeriesFacts, p: number): RuledOut {
  const among = context.family > 1 ? ` among ${threeDigits(context.family)} series` : "";
  const how = `${floors.rises} rises in ${floors.floors.length - 1} steps`;
  return { what: "chance", because: `Chance gives ${how} in ${formatPercent(p, 2)} of cases${among}.` };
}

function warmUp({ record, settled, pace }: SeriesFacts): RuledOut[] {
  const skipped = numberAt(settled.times, 0) - numberAt(record.times, 0);
  const late = Math.round(pace.lateShare * 100);
  const begin = skipped > 0 ? `The first ${seconds(skipped)} are left out. ` : "";
  if (pace.isSlowing) return [];
  const because = `${begin}In the second half it grew at ${late} % of the pace of the whole.`;
  return [{ what: "warm-up", because }];
}

function batches({ floors, falls, whole, unit }: SeriesFacts): RuledOut {
  const what = "filled and emptied in turn";
  if (falls.largest === 0) {
    return {
      what,
      because: `It never fell from one of ${whole.values.length} samples to the next, in ${seconds(spanOf(whole))}.`,
    };
  }
  if (floors.hasOneDirection) return { what, because: `It never fell by more than ${amountOf(falls.largest, unit)}.` };
  return { what, because: "The lowest value of each window counts, and that rose." };
}

function loadToo({ load, context, unit }: SeriesFacts): RuledOut[] {
  if (load === null) return [];
  const { what, rates } = workWords(load, context);
  const work = `The ${what} (${rates})`;
  if (Math.abs(load.byRate) < Math.abs(load.byWork) / 10)
    return [{ what: "load", because: `${work} explains next to nothing of the growth.` }];
  const shares = `${amountOf(load.byRate, unit)} of the growth, the work done in all ${amountOf(load.byWork, unit)}`;
  return [{ what: "load", because: `${work} explains ${shares}.` }];
}

/** "work done at a time" and "6.71 to 7.03 per second"; of processor time a share of one core says more. */
export function workWords(
  { rateFirst, rateLast }: LoadFacts,
  { load }: SeriesFacts["context"],
): { readonly what: string; readonly rates: string } {
  return load?.isProcessorTime === true
    ? {
        what: "processor time it takes",
        rates: `${formatPercent(rateFirst, 1)} to ${formatPercent(rateLast, 1)} of a core`,
      }
    : { what: "work done at a time", rates: `${threeDigits(rateFirst)} to ${threeDigits(rateLast)} per second` };
}
