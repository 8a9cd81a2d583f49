// `deadweight caches clear` and `undo`: says in the audit log what is going to be done, does it in the shared table, and asks the kernel
// which processes have it.

import { fail, ok, type Result } from "../../base/result.ts";
import { canonical, type SlotChange } from "../../govern/audit-chain.ts";
import { hitsBeforeChange } from "../../govern/hit-ratio.ts";
import { figuresSince } from "../../govern/judge-canary.ts";
import { type CacheSelector, parseCacheSelector, scopeOf, slicesOf } from "../../govern/selector.ts";
import type { CacheFigures } from "../../govern/table-layout.ts";
import type { CacheAction, CacheCommandReport, CacheOutcome, HitRatio, Receipt } from "../../model/cache-command.ts";
import { sha256 } from "./audit-log.ts";
import { billOf } from "./clear-bill.ts";
import { checkName } from "./known-names.ts";
import { type Act, type CommandProblem, recordedCommand, triedOnly } from "./recorded-command.ts";
import { openSharedTable, type SharedTable, tablePath } from "./shared-table.ts";
import { rankOf, slotOf } from "./slot-of.ts";
import { undoSetting } from "./undo-setting.ts";
import { findUndoable } from "./undoable.ts";
import type { CanaryWatch } from "./watch-canary.ts";
import { watchedCommand } from "./watched-command.ts";

type Environment = Readonly<Record<string, string | undefined>>;

export interface ClearAsked {
  readonly app: string;
  readonly selector: string;
  readonly reason: string;
  /** Part of the keys, above 0 and at most 1. */
  readonly share: number;
  readonly isDryRun: boolean;
  /** Watched afterwards, and taken back by itself when it does harm; null: nobody watches. */
  readonly canary: CanaryWatch | null;
  readonly environment: Environment;
  /** Address of a server: in all processes that follow its stream, on any host. Absent: in those of this host's table. */
  readonly redis?: string;
}

export interface UndoAsked {
  readonly app: string;
  /** Of a clear or a setting; null: the last clear. */
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
    const receipts = table.members().map((member) => table.receiptOf(member, true));
    return ok({ ...triedOnly(facts), receipts, bill: await billOf(billed) });
  }
  const slot = slotOf(scopeOf(selector.value));
  const concerned = (): CacheFigures[] => table.figures().filter(({ slots }) => slots.includes(slot));
  const before = concerned();
  const { environment } = asked;
  const cleared = await recordedCommand(environment, { ...facts, reason: asked.reason }, () => {
    const changes = table.renew(scopes.value);
    const hitsBefore = (): HitRatio | null => hitsBeforeChange(before, concerned(), Date.now());
    return ok({ ...actOn(table, "clear", changes, 0), hitsBefore });
  });
  if (!cleared.ok || asked.canary === null) return cleared;
  const { op } = cleared.value;
  const watched = await watchedCommand(cleared.value, asked.canary, {
    environment,
    since: () => figuresSince(before, concerned()),
    takeBack: async (reason) => await undoClear({ app: asked.app, op, reason, environment }),
  });
  return ok(watched);
}

/** Takes a clear back: entries that are still there are answers again. Of a setting: what was set before it. */
export async function undoClear(asked: UndoAsked): Promise<Result<CacheCommandReport, CommandProblem>> {
  const opened = openSharedTable(tablePath(asked.app, asked.environment));
  if (!opened.ok) return fail({ code: "no-table", message: opened.error });
  using table = opened.value;
  const found = findUndoable(asked);
  if (!found.ok) return fail({ code: "no-such-command", message: found.error });
  const { intent, changes, setting } = found.value;
  if (changes.some(({ scope }) => scope !== undefined) || setting?.isOnServer === true)
    return fail({ code: "usage", message: "that was done on a Redis server: say which with --redis URL" });
  if (setting !== undefined) return await undoSetting(asked, intent, setting, table);
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

/** With a receipt for each process that has joined. */
function actOn(table: SharedTable, action: CacheAction, changes: readonly SlotChange[], lostSlots: number): Act {
  const receipts = table.members().map((member) => table.receiptOf(member));
  return { outcome: outcomeOf(action, receipts, lostSlots), receipts, changes, lostSlots };
}

function outcomeOf(action: CacheAction, receipts: readonly Receipt[], lost: number): CacheOutcome {
  if (receipts.some(({ state }) => state === "missing") || lost > 0) return "partial";
  return action === "undo" ? "undone" : "complete";
}
