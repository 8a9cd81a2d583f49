// Whether the guard of a canary was kept, by what the caches concerned have done since.

import { formatDuration } from "../base/format-duration.ts";
import { formatPercent } from "../base/format-percent.ts";
import type { CanaryGuard } from "../model/canary-guard.ts";
import { keyOf } from "./hit-ratio.ts";
import type { CacheFigures } from "./table-layout.ts";

/** What the concerned caches have done since a change. */
export interface GuardFigures {
  readonly hits: number;
  readonly loads: number;
  readonly loadMs: number;
  readonly errors: number;
}

/**
 * `before`: the rows just before the change. A cache that has not seen the change yet has done nothing under it; one whose counters began
 * anew counts from there.
 */
export function figuresSince(before: readonly CacheFigures[], after: readonly CacheFigures[]): GuardFigures {
  const seenBefore = new Map(before.map((row) => [keyOf(row), row.changesSeen]));
  const sum = { hits: 0, loads: 0, loadMs: 0, errors: 0 };
  for (const row of after) {
    if (row.changesSeen === seenBefore.get(keyOf(row))) continue;
    const moved = (of: (each: GuardFigures) => number): number =>
      of(row) < of(row.before) ? of(row) : of(row) - of(row.before);
    sum.hits += moved(({ hits }) => hits);
    sum.loads += moved(({ loads }) => loads);
    sum.loadMs += moved(({ loadMs }) => loadMs);
    sum.errors += moved(({ errors }) => errors);
  }
  return sum;
}

/** Fewer calls or loads than this are no ground for a judgement. */
const FEWEST_CALLS = 50;
const FEWEST_LOADS = 10;

/** Why it must be taken back, as a sentence; null when nothing speaks against it. */
export function guardBroken(guard: CanaryGuard, { hits, loads, loadMs, errors }: GuardFigures): string | null {
  const calls = hits + loads;
  if (guard.hits !== null && calls >= FEWEST_CALLS && hits / calls < guard.hits)
    return `Hits fell to ${formatPercent(hits / calls, 1)} of ${calls} calls, below ${formatPercent(guard.hits, 1)}.`;
  if (loads < FEWEST_LOADS) return null;
  if (guard.loadMs !== null && loadMs / loads > guard.loadMs)
    return `A load took ${formatDuration(loadMs / loads)} on average, above ${formatDuration(guard.loadMs)}.`;
  if (guard.errors !== null && errors / loads > guard.errors)
    return `${formatPercent(errors / loads, 1)} of ${loads} loads raised, above ${formatPercent(guard.errors, 1)}.`;
  return null;
}

/** True when there was enough to judge. */
export function isJudged(guard: CanaryGuard, { hits, loads }: GuardFigures): boolean {
  return (
    (guard.hits === null || hits + loads >= FEWEST_CALLS) &&
    ((guard.loadMs ?? guard.errors) === null || loads >= FEWEST_LOADS)
  );
}
