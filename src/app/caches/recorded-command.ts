// A command that changes caches, with its trace: intent on the disk, the act, the result on the disk, in this order.

import { randomUUID } from "node:crypto";
import { fail, ok, type Result } from "../../base/result.ts";
import type { Intent, SettingStep, SlotChange } from "../../govern/audit-chain.ts";
import type { CacheCommandReport, CacheOutcome, HitRatio, Receipt } from "../../model/cache-command.ts";
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
  /** When the last receipt was there, by performance.now(); absent: when the act was over. */
  readonly lastReceiptMs?: number;
  /** Asked once the last receipt is there: counting is none of the time that it took. */
  readonly hitsBefore?: () => HitRatio | null;
  /** Where a setting was changed. */
  readonly setting?: SettingStep;
}

/** The outcome when nobody is missing. */
export function wholeOf({ action }: Pick<CommandFacts, "action">): CacheOutcome {
  return action === "undo" ? "undone" : "complete";
}

/** The report of a dry run, without processes and bill. */
export function triedOnly({
  action,
  app,
  selector,
  share,
  plan,
  setting = null,
}: Omit<CommandFacts, "reason" | "setting"> & { readonly setting?: string | null }): CacheCommandReport {
  const facts = { action, app, selector, share, plan, setting };
  const schema = "deadweight/cache-command@1" as const;
  return { schema, ...facts, ...NOTHING_DONE, receipts: [], bill: null, guard: null, workerShare: 1 };
}

/** What a dry run has to say of itself. */
const NOTHING_DONE = {
  op: null,
  outcome: null,
  lostSlots: 0,
  canUndo: false,
  tookMs: 0,
  hitsBefore: null,
  hitsAfter: null,
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
  const tookMs = (acted.value.lastReceiptMs ?? performance.now()) - startMs;
  const { outcome, receipts, changes, lostSlots, setting: step } = acted.value;
  const hitsBefore = acted.value.hitsBefore?.() ?? null;
  // When the disk refuses it the intent is there, and the report says the rest.
  const written = log.append(op, {
    kind: "result",
    outcome,
    changes,
    receipts,
    tookMs,
    ...(hitsBefore === null ? {} : { hitsBefore }),
    ...(step === undefined ? {} : { setting: step }),
  });
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
    canUndo: facts.action !== "undo" && (changes.length > 0 || step !== undefined),
    tookMs,
    hitsBefore,
    hitsAfter: null,
    head: written.ok ? written.value.hash : null,
    auditFile: log.path,
  });
}
