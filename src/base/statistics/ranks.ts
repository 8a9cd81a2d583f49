// Ranks of a sample.

import { numberAt } from "./number-at.ts";

/** Rank of each value, 1 for the smallest; equal values share the mean of their ranks. O(n log n). */
export function ranksOf(values: ArrayLike<number>): Float64Array {
  const order = Array.from({ length: values.length }, (_, index) => index);
  order.sort((a, b) => numberAt(values, a) - numberAt(values, b));
  const ranks = new Float64Array(values.length);
  for (let from = 0; from < order.length; ) {
    const to = endOfTies(values, order, from);
    for (let at = from; at < to; at++) ranks[numberAt(order, at)] = (from + to + 1) / 2;
    from = to;
  }
  return ranks;
}

/** How many values are in each group of equal ones, groups of one left out. O(n log n). */
export function tieSizesOf(values: ArrayLike<number>): number[] {
  const sorted = Float64Array.from(values).sort();
  const order = Array.from(sorted, (_, index) => index);
  const sizes: number[] = [];
  for (let from = 0; from < sorted.length; ) {
    const to = endOfTies(sorted, order, from);
    if (to - from > 1) sizes.push(to - from);
    from = to;
  }
  return sizes;
}

function endOfTies(values: ArrayLike<number>, order: readonly number[], from: number): number {
  const value = numberAt(values, numberAt(order, from));
  let to = from + 1;
  while (to < order.length && numberAt(values, numberAt(order, to)) === value) to++;
  return to;
}
