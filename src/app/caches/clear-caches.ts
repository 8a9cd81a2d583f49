// `deadweight caches clear` and `undo`: says in the audit log what is going to be done, does it in the shared table, and asks the kernel
// which processes have it.

import { fail, ok, type Result } from "../../base/result.ts";
import { canonical, type Intent, type SlotChange } from "../../govern/audit-chain.ts";
import { type CacheSelector, parseCacheSelector, scopeOf, slicesOf } from "../../govern/selector.ts";
import type { CacheFigures } from "../../govern/table-layout.ts";
import type { CacheAction, CacheCommandReport, CacheOutcome, Receipt } from "../../model/cache-command.ts";
import { auditPath, readAuditLog, sha256 } from "./audit-log.ts";
import { billOf } from "./clear-bill.ts";
import { checkName } from "./known-names.ts";
import { type Act, type CommandProblem, NOTHING_DONE, recordedCommand } from "./recorded-command.ts";
import { openSharedTable, type SharedTable, tablePath } from "./shared-table.ts";
import { rankOf, slotOf } from "./slot-of.ts";
import { type CanaryWatch, watchCanary } from "./watch-canary.ts";

type Environment = Readonly<Record<string, string | undefined>>;

export interface ClearAsked {
  readonly app: string;
  readonly selector: string;
  readonly reason: string;
  /** Part of the keys, above 0 and at most 1. */
  readonly share: number;
  readonly isDryRun: boolean;
  /** Takes a part back by itself when it does harm; null: nobody watches. */
  readonly canary: CanaryWatch | null;
  readonly environment: Environment;
  /** Address of a server: in all processes that follow its stream, on any host. Absent: in those of this host's table. */
  readonly redis?: string;
}

export interface UndoAsked {
  readonly app: string;
  /** Of the clear; null: the last one. */
  readonly op: string | null;
  readonly reason: string;
  readonly environment: Environment;
  readonly redis?: string;
}

export async function clearCaches(asked: ClearAsked): Promise<Result<CacheCommandReport, CommandProblem>> {
  const selector = parseCacheSelector(asked.selector);
  if (!selector.ok) return fail({ code: "usage", message: selector.error });
  const scopes = scopesOf(selector.value, asked.share);
  if (!scopes.ok) return fail({ code: "usage", message: scopes.error });
  const opened = openSharedTable(tablePath(asked.app, asked.environment));
  if (!opened.ok) return fail({ code: "no-table", message: opened.error });
  using table = opened.value;
  const known = checkName(selector.value, asked.app, table.path);
  if (!known.ok) return fail({ code: "no-such-cache", message: known.error });
  const plan = sha256(canonical({ action: "clear", app: asked.app, scopes: scopes.value }));
  const facts = { action: "clear", app: asked.app, selector: asked.selector, share: asked.share, plan } as const;
  if (asked.isDryRun) {
    const [pids, figures] = [table.members().map(({ pid }) => pid), table.figures()];
    const billed = {
      selector: selector.value,
      share: asked.share,
      pids,
      figures,
      goingOf: (entries: number) => entries,
    };
    return ok({ ...dryRun(facts, table), bill: await billOf(billed) });
  }
  const before = table.figures();
  const cleared = await recordedCommand(asked.environment, { ...facts, reason: asked.reason }, () => {
    const changes = table.renew(scopes.value);
    return ok(actOn(table, "clear", changes, 0));
  });
  return cleared.ok && asked.canary !== null
    ? await guarded(cleared.value, asked, asked.canary, { table, before, scope: scopeOf(selector.value) })
    : cleared;
}

interface Guarded {
  readonly table: SharedTable;
  readonly before: readonly CacheFigures[];
  readonly scope: string;
}

/** Watches what was cleared, and takes it back when the guard is broken: that is a command of its own in the log. */
async function guarded(
  cleared: CacheCommandReport,
  { app, environment }: ClearAsked,
  canary: CanaryWatch,
  { table, before, scope }: Guarded,
): Promise<Result<CacheCommandReport, CommandProblem>> {
  const slot = slotOf(scope);
  const concerned = (rows: readonly CacheFigures[]): CacheFigures[] => rows.filter(({ slots }) => slots.includes(slot));
  const guard = await watchCanary(canary, concerned(before), () => concerned(table.figures()));
  if (guard.verdict !== "broken") return ok({ ...cleared, guard });
  const undone = await undoClear({
    app,
    op: cleared.op,
    reason: `guard of ${cleared.op}: ${guard.because}`,
    environment,
  });
  if (!undone.ok)
    return ok({
      ...cleared,
      outcome: "partial",
      guard: { ...guard, because: `${guard.because} ${undone.error.message}` },
    });
  const { op, outcome, lostSlots, head } = undone.value;
  return ok({ ...cleared, outcome, lostSlots, head, canUndo: false, guard: { ...guard, rollBack: op } });
}

/** Takes a clear back: entries that are still there are answers again. */
export async function undoClear(asked: UndoAsked): Promise<Result<CacheCommandReport, CommandProblem>> {
  const opened = openSharedTable(tablePath(asked.app, asked.environment));
  if (!opened.ok) return fail({ code: "no-table", message: opened.error });
  using table = opened.value;
  const found = findClear(asked);
  if (!found.ok) return fail({ code: "no-such-command", message: found.error });
  const { intent, changes } = found.value;
  if (changes.some(({ scope }) => scope !== undefined))
    return fail({ code: "usage", message: "that clear was made on a Redis server: say which with --redis URL" });
  const plan = sha256(canonical({ action: "undo", app: asked.app, changes }));
  const facts = { action: "undo", app: asked.app, selector: intent.selector, share: intent.share, plan } as const;
  return await recordedCommand(asked.environment, { ...facts, reason: asked.reason }, () => {
    const lost = table.restore(changes);
    return ok(actOn(table, "undo", changes, lost.length));
  });
}

export function scopesOf(selector: CacheSelector, share: number): Result<readonly string[], string> {
  return share === 1 ? ok([scopeOf(selector)]) : slicesOf(selector, share, rankOf);
}

type Facts = Pick<Intent, "action" | "app" | "selector" | "share" | "plan">;

function dryRun(facts: Facts, table: SharedTable): CacheCommandReport {
  const receipts = table.members().map((member) => table.receiptOf(member, true));
  return {
    schema: "deadweight/cache-command@1",
    ...facts,
    ...NOTHING_DONE,
    receipts,
    setting: null,
    bill: null,
    guard: null,
    workerShare: 1,
  };
}

/** With a receipt for each process that has joined. */
function actOn(table: SharedTable, action: CacheAction, changes: readonly SlotChange[], lostSlots: number): Act {
  const receipts = table.members().map((member) => table.receiptOf(member));
  return { outcome: outcomeOf(action, receipts, lostSlots), receipts, changes, lostSlots };
}

function outcomeOf(action: CacheAction, receipts: readonly Receipt[], lost: number): CacheOutcome {
  if (receipts.some(({ state }) => state === "missing") || lost > 0) return "partial";
  return action === "undo" ? "undone" : "complete";
}

export function findClear({
  app,
  op,
  environment,
}: UndoAsked): Result<{ readonly intent: Intent; readonly changes: readonly SlotChange[] }, string> {
  const read = readAuditLog(auditPath(app, environment));
  if (!read.ok) return read;
  const intents = read.value.lines.flatMap((line) =>
    line.event.kind === "intent" && line.event.action === "clear" ? [{ op: line.op, intent: line.event }] : [],
  );
  const chosen = op === null ? intents.at(-1) : intents.find((each) => each.op === op || each.op.startsWith(op));
  if (chosen === undefined)
    return fail(
      op === null
        ? `${app} has no clear to take back.`
        : `${app} has no clear ${op}; \`deadweight caches history\` lists them.`,
    );
  const result = read.value.lines.find((line) => line.op === chosen.op && line.event.kind === "result");
  if (result?.event.kind !== "result")
    return fail(`The clear ${chosen.op} has no result in the log: it was interrupted, and cannot be taken back.`);
  if (result.event.changes.length === 0)
    return fail(
      `The clear ${chosen.op} emptied a functools.lru_cache in running processes; what was in it is gone, and cannot be taken back.`,
    );
  return ok({ intent: chosen.intent, changes: result.event.changes });
}
