// Watches a canary after the act, by what the concerned caches have done since, and says as soon as its guard is broken.

import { setTimeout as delay } from "node:timers/promises";
import { type GuardFigures, guardBroken, isJudged } from "../../govern/judge-canary.ts";
import type { GuardReport, HitRatio } from "../../model/cache-command.ts";
import type { CanaryGuard } from "../../model/canary-guard.ts";

export interface CanaryWatch {
  /** Null: it is watched for the record only. */
  readonly guard: CanaryGuard | null;
  readonly watchSeconds: number;
  readonly signal: AbortSignal;
}

export interface Watched {
  /** Null without a guard. */
  readonly guard: GuardReport | null;
  readonly hitsAfter: HitRatio | null;
}

const LOOK_MS = 250;
const NO_LIMITS: CanaryGuard = { hits: null, loadMs: null, errors: null };

/** `since`: what the concerned caches have done since the act. Ends early when the guard is broken or the signal comes. */
export async function watchCanary(
  { guard, watchSeconds, signal }: CanaryWatch,
  since: () => Promise<GuardFigures> | GuardFigures,
): Promise<Watched> {
  const startMs = performance.now();
  for (;;) {
    const leftMs = watchSeconds * 1000 - (performance.now() - startMs);
    if (leftMs > 0 && !signal.aborted) await delay(Math.min(LOOK_MS, leftMs), undefined, { signal }).catch(() => {});
    const seen = await since();
    const broken = guardBroken(guard ?? NO_LIMITS, seen);
    const watchedSeconds = (performance.now() - startMs) / 1000;
    if (broken === null && watchedSeconds < watchSeconds && !signal.aborted) continue;
    const calls = seen.hits + seen.loads;
    const hitsAfter = calls === 0 ? null : { hits: seen.hits, calls, seconds: watchedSeconds };
    const said = { watchedSeconds, calls, loads: seen.loads, rollBack: null };
    if (guard === null) return { guard: null, hitsAfter };
    return {
      guard: { ...said, ...verdictOf(broken, watchedSeconds < watchSeconds, isJudged(guard, seen)) },
      hitsAfter,
    };
  }
}

function verdictOf(
  broken: string | null,
  isShort: boolean,
  isEnough: boolean,
): Pick<GuardReport, "verdict" | "because"> {
  if (broken !== null) return { verdict: "broken", because: broken };
  if (isShort) return { verdict: "not-judged", because: "The watch was ended before its time." };
  return isEnough
    ? { verdict: "held", because: "Every limit was kept." }
    : { verdict: "not-judged", because: "There were too few calls to judge by." };
}
