// A command that changes caches, with its trace: intent on the disk, the act, the result on the disk, in this order.

import { randomUUID } from "node:crypto";
import { fail, ok, type Result } from "../../base/result.ts";
import type { Intent, SlotChange } from "../../govern/audit-chain.ts";
import type { CacheCommandReport, CacheOutcome, Receipt } from "../../model/cache-command.ts";
import { actorOf } from "./actor.ts";
import { auditPath, openAuditLog } from "./audit-log.ts";

export interface CommandProblem {
  readonly code: string;
  readonly message: string;
}

export type CommandFacts = Pick<Intent, "action" | "app" | "selector" | "share" | "plan" | "reason" | "setting">;

/** What was done. */
export interface Act {
  readonly outcome: CacheOutcome;
  readonly receipts: readonly Receipt[];
  /** None where nothing can be taken back. */
  readonly changes: readonly SlotChange[];
  readonly lostSlots: number;
}

/** What a dry run has to say of itself. */
export const NOTHING_DONE = {
  op: null,
  outcome: null,
  lostSlots: 0,
  canUndo: false,
  tookMs: 0,
  head: null,
  auditFile: null,
} as const;

/** Nothing is done when the intent cannot be written. `act` may refuse, too; then the log has an intent without a result. */
export async function recordedCommand(
  environment: Readonly<Record<string, string | undefined>>,
  facts: CommandFacts,
  act: () => Promise<Result<Act, CommandProblem>> | Result<Act, CommandProblem>,
): Promise<Result<CacheCommandReport, CommandProblem>> {
  const opened = await openAuditLog(auditPath(facts.app, environment));
  if (!opened.ok) return fail({ code: "no-audit", message: opened.error });
  using log = opened.value;
  const op = randomUUID();
  const intent = log.append(op, { kind: "intent", ...facts, actor: actorOf() });
  if (!intent.ok)
    return fail({ code: "no-audit", message: `${intent.error} Nothing is changed without a record of it.` });
  const startMs = performance.now();
  const acted = await act();
  if (!acted.ok) return acted;
  const tookMs = performance.now() - startMs;
  const { outcome, receipts, changes, lostSlots } = acted.value;
  // When the disk refuses it the intent is there, and the report says the rest.
  const written = log.append(op, { kind: "result", outcome, changes, receipts, tookMs });
  const { reason: _, setting, ...said } = facts;
  return ok({
    schema: "deadweight/cache-command@1",
    ...said,
    setting: setting ?? null,
    bill: null,
    guard: null,
    workerShare: 1,
    op,
    outcome,
    receipts,
    lostSlots,
    canUndo: facts.action === "clear" && changes.length > 0,
    tookMs,
    head: written.ok ? written.value.hash : null,
    auditFile: log.path,
  });
}
