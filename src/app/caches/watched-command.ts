// What follows an act that is watched: what was counted goes into the log, and what did harm is taken back.

import type { Result } from "../../base/result.ts";
import type { GuardFigures } from "../../govern/judge-canary.ts";
import type { CacheCommandReport, HitRatio } from "../../model/cache-command.ts";
import { auditPath, openAuditLog } from "./audit-log.ts";
import type { CommandProblem } from "./recorded-command.ts";
import { type CanaryWatch, watchCanary } from "./watch-canary.ts";

export interface WatchedAct {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** What the concerned caches have done since. */
  readonly since: () => Promise<GuardFigures> | GuardFigures;
  /** A command of its own in the log, with this reason. */
  readonly takeBack: (reason: string) => Promise<Result<CacheCommandReport, CommandProblem>>;
}

export async function watchedCommand(
  done: CacheCommandReport,
  canary: CanaryWatch,
  { environment, since, takeBack }: WatchedAct,
): Promise<CacheCommandReport> {
  const { guard, hitsAfter } = await watchCanary(canary, since);
  const head = hitsAfter === null ? done.head : await recordMeasured(done, environment, hitsAfter);
  const seen = { ...done, guard, hitsAfter, head };
  if (guard?.verdict !== "broken") return seen;
  const undone = await takeBack(`guard of ${done.op}: ${guard.because}`);
  if (!undone.ok)
    return { ...seen, outcome: "partial", guard: { ...guard, because: `${guard.because} ${undone.error.message}` } };
  const { op, outcome, lostSlots } = undone.value;
  return {
    ...seen,
    outcome: outcome === "complete" ? "undone" : outcome,
    lostSlots,
    head: undone.value.head,
    canUndo: false,
    guard: { ...guard, rollBack: op },
  };
}

/** Answers the new head of the log; null when the disk refuses it. */
async function recordMeasured(
  { app, op }: CacheCommandReport,
  environment: WatchedAct["environment"],
  hitsAfter: HitRatio,
): Promise<string | null> {
  const opened = await openAuditLog(auditPath(app, environment));
  if (!opened.ok || op === null) return null;
  using log = opened.value;
  const written = log.append(op, { kind: "measured", hitsAfter });
  return written.ok ? written.value.hash : null;
}
