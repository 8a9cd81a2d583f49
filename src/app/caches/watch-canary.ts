// Watches a canary after the act, by the figures in the shared table, and says as soon as its guard is broken.

import { setTimeout as delay } from "node:timers/promises";
import { figuresSince, guardBroken, isJudged } from "../../govern/judge-canary.ts";
import type { CacheFigures } from "../../govern/table-layout.ts";
import type { CanaryGuard } from "../../model/canary-guard.ts";
import type { GuardReport } from "../../model/cache-command.ts";

export interface CanaryWatch {
  readonly guard: CanaryGuard;
  readonly watchSeconds: number;
  readonly signal: AbortSignal;
}

const LOOK_MS = 250;

/** `figures`: those of the concerned caches, read anew. Ends early when the guard is broken or the signal comes. */
export async function watchCanary(
  { guard, watchSeconds, signal }: CanaryWatch,
  before: readonly CacheFigures[],
  figures: () => readonly CacheFigures[],
): Promise<GuardReport> {
  const startMs = performance.now();
  for (;;) {
    const leftMs = watchSeconds * 1000 - (performance.now() - startMs);
    if (leftMs > 0 && !signal.aborted) await delay(Math.min(LOOK_MS, leftMs), undefined, { signal }).catch(() => {});
    const seen = figuresSince(before, figures());
    const broken = guardBroken(guard, seen);
    const watchedSeconds = (performance.now() - startMs) / 1000;
    const said = { watchedSeconds, calls: seen.hits + seen.loads, loads: seen.loads };
    if (broken !== null) return { ...said, verdict: "broken", because: broken, rollBack: null };
    if (watchedSeconds < watchSeconds && !signal.aborted) continue;
    if (signal.aborted && watchedSeconds < watchSeconds)
      return { ...said, verdict: "not-judged", because: "The watch was ended before its time.", rollBack: null };
    return isJudged(guard, seen)
      ? { ...said, verdict: "held", because: "Every limit was kept.", rollBack: null }
      : { ...said, verdict: "not-judged", because: "There were too few calls to judge by.", rollBack: null };
  }
}
