// Many tests at once: Benjamini and Hochberg, "Controlling the false discovery rate", JRSS B 57 (1995).

import { numberAt } from "./number-at.ts";

/**
 * The p of each test, adjusted: reporting all tests at or below a level keeps the expected share of false ones among them at or below
 * that level. `family` is the number of tests that were made, when those with nothing to report (p = 1) were left out. O(n log n).
 */
export function benjaminiHochberg(ps: readonly number[], family: number = ps.length): number[] {
  const tests = Math.max(family, ps.length);
  const order = ps.map((_, at) => at).sort((a, b) => numberAt(ps, b) - numberAt(ps, a));
  const adjusted = ps.slice();
  let smallest = 1;
  order.forEach((at, place) => {
    // Multiplied by a factor of at least 1, so that rounding makes no p smaller than it was.
    smallest = Math.min(smallest, numberAt(ps, at) * (tests / (ps.length - place)));
    adjusted[at] = smallest;
  });
  return adjusted;
}
