// Growth in words: what a series of snapshots shows, and what it cannot show.

import { formatCount } from "../base/format-count.ts";
import { displayWidth } from "../base/format-width.ts";
import type { GrowthVerdict } from "../model/heap-reports.ts";
import type { Tone } from "./text-style.ts";

/** From this many snapshots on, an unbroken rise counts as proof (chance 1 in 5,040). */
export const SNAPSHOTS_FOR_PROOF = 7;

/** "rose in 7 of 7 steps, by chance 1 in 40,320: it grows". */
export function verdictWords(verdict: GrowthVerdict): string {
  if (verdict.steps === 0) return "one snapshot only";
  if (verdict.rises === 0)
    return verdict.steps === 1 ? "did not grow" : `did not grow in any of ${formatCount(verdict.steps)} steps`;
  if (verdict.steps === 1)
    return verdict.strength === "strong"
      ? "grew once, but by a lot: likely a leak, not proof"
      : "grew once, which is not proof";
  const rose = `rose in ${formatCount(verdict.rises)} of ${formatCount(verdict.steps)} steps`;
  if (verdict.strength === "strong") return `${rose}${chanceWords(verdict)}${strongWords(verdict)}`;
  if (verdict.strength === "weak") return `${rose}: it may keep growing, not proof`;
  return `${rose}: no steady growth`;
}

export function verdictTone(verdict: GrowthVerdict): Tone {
  if (verdict.strength === "strong") return "bad";
  return verdict.strength === "weak" ? "warning" : "faint";
}

/** What this many snapshots can and cannot show. */
export function limitsOfProof(snapshots: number): string {
  if (snapshots < 3) {
    return `Two snapshots show what grew, not that it keeps growing: a warming cache or a busy minute looks the same. With ${SNAPSHOTS_FOR_PROOF} snapshots, an unbroken rise happens by chance once in ${formatCount(factorial(SNAPSHOTS_FOR_PROOF))}.`;
  }
  const chance = `once in ${formatCount(factorial(snapshots))}`;
  if (snapshots < SNAPSHOTS_FOR_PROOF) {
    return `With ${formatCount(snapshots)} snapshots an unbroken rise happens by chance ${chance}; take ${SNAPSHOTS_FOR_PROOF} or more for proof.`;
  }
  return `With ${formatCount(snapshots)} snapshots an unbroken rise happens by chance ${chance}.`;
}

/** "82,110 → 82,541 → 83,114"; in the middle, values give way until it fits `width`. */
export function seriesWords(values: readonly string[], width: number): string {
  if (values.length > 2 && new Set(values).size === 1) return `${values[0]} throughout`;
  const whole = values.join(" → ");
  if (displayWidth(whole) <= width || values.length < 3) return whole;
  for (let hidden = 1; hidden <= values.length - 2; hidden++) {
    const start = Math.ceil((values.length - hidden) / 2);
    const shown = [...values.slice(0, start), "…", ...values.slice(start + hidden)].join(" → ");
    if (displayWidth(shown) <= width) return shown;
  }
  return `${values[0]} → … → ${values.at(-1)}`;
}

/** Few snapshots are strong only when the growth is large; that is no proof. */
function strongWords(verdict: GrowthVerdict): string {
  return verdict.steps + 1 >= SNAPSHOTS_FOR_PROOF ? ": it keeps growing" : ", and by a lot: likely a leak";
}

function chanceWords(verdict: GrowthVerdict): string {
  if (verdict.chance === null || verdict.chance <= 0) return "";
  return `, by chance once in ${formatCount(1 / verdict.chance)}`;
}

function factorial(count: number): number {
  let product = 1;
  for (let factor = 2; factor <= count; factor++) product *= factor;
  return product;
}
