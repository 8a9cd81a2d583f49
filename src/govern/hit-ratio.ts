// How much of what was asked caches answered, from the rows of figures that processes keep in the shared table.

import type { HitRatio } from "../model/cache-command.ts";
import type { CacheFigures } from "./table-layout.ts";

/**
 * From the change before this one to this one. `before`: rows from right before it; `after`: from a moment later. A process that has seen the
 * change by then has marked its counters exactly there; of the others what they had loaded until then counts. Null when nobody has called.
 */
export function hitsBeforeChange(
  before: readonly CacheFigures[],
  after: readonly CacheFigures[],
  nowMs: number,
): HitRatio | null {
  const now = new Map(after.map((row) => [keyOf(row), row]));
  let [hits, calls, seconds] = [0, 0, 0];
  for (const row of before) {
    const later = now.get(keyOf(row));
    const end = later !== undefined && later.changesSeen !== row.changesSeen ? later.before : row;
    const moved = (of: (each: CacheFigures["before"]) => number): number =>
      of(end) < of(row.before) ? of(end) : of(end) - of(row.before);
    const own = moved((each) => each.hits);
    hits += own;
    calls += own + moved((each) => each.loads);
    // A wall clock that was set back says nothing.
    seconds = Math.max(seconds, (nowMs - row.markedMs) / 1000);
  }
  return calls === 0 ? null : { hits, calls, seconds };
}

/** Names one cache of one process. */
export function keyOf({ pid, startTicks, slots }: CacheFigures): string {
  return `${pid} ${startTicks} ${slots.join(" ")}`;
}

/** One ratio of several processes. Null when nobody has called. */
export function summedHits(ratios: readonly HitRatio[]): HitRatio | null {
  const [hits, calls] = [
    ratios.reduce((sum, each) => sum + each.hits, 0),
    ratios.reduce((sum, each) => sum + each.calls, 0),
  ];
  const isTimed = ratios.every(({ seconds }) => seconds !== null);
  return calls === 0
    ? null
    : { hits, calls, seconds: isTimed ? Math.max(...ratios.map(({ seconds }) => seconds ?? 0)) : null };
}
