// `deadweight caches resize`, `ttl`, `freeze`, `thaw`: writes a function's settings into the shared table. Each process obeys before it
// gives its next answer, and says so in its row.

import { setTimeout as delay } from "node:timers/promises";
import { countOf } from "../../base/format-count.ts";
import { fail, ok, type Result } from "../../base/result.ts";
import { canonical } from "../../govern/audit-chain.ts";
import { parseCacheSelector, scopeOf } from "../../govern/selector.ts";
import { FROZEN, type Member, UNBOUNDED } from "../../govern/table-layout.ts";
import type { CacheAction, CacheCommandReport, Receipt } from "../../model/cache-command.ts";
import { sha256 } from "./audit-log.ts";
import { checkName } from "./known-names.ts";
import { type CommandProblem, recordedCommand } from "./recorded-command.ts";
import { openSharedTable, type SettingChange, type SharedTable, tablePath } from "./shared-table.ts";

/** "declared": as the program says. */
export type Limit = number | "none" | "declared";

export type SettingAsked =
  | { readonly action: "resize"; readonly maxsize: Limit }
  | { readonly action: "ttl"; readonly seconds: Limit }
  | { readonly action: "freeze" }
  | { readonly action: "thaw" };

export interface ChangeAsked {
  readonly app: string;
  /** Name of a function. */
  readonly selector: string;
  readonly setting: SettingAsked;
  readonly reason: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

export async function changeSettings(asked: ChangeAsked): Promise<Result<CacheCommandReport, CommandProblem>> {
  const selector = parseCacheSelector(asked.selector);
  if (!selector.ok) return fail({ code: "usage", message: selector.error });
  if (selector.value.kind !== "function")
    return fail({
      code: "usage",
      message: `'${asked.selector}' is no function: bounds and times belong to functions; give one by its name`,
    });
  const opened = openSharedTable(tablePath(asked.app, asked.environment));
  if (!opened.ok) return fail({ code: "no-table", message: opened.error });
  using table = opened.value;
  const known = checkName(selector.value, asked.app, table.path);
  if (!known.ok) return fail({ code: "no-such-cache", message: known.error });
  const setting = wordsOf(asked.setting);
  const action: CacheAction = asked.setting.action;
  const plan = sha256(canonical({ action, app: asked.app, selector: asked.selector, setting }));
  const facts = { action, app: asked.app, selector: asked.selector, share: 1, plan, setting, reason: asked.reason };
  return await recordedCommand(asked.environment, facts, async () => {
    const sequence = table.change(scopeOf(selector.value), changeOf(asked.setting));
    if (sequence === null)
      return fail({
        code: "no-room",
        message: `The table of ${asked.app} has no room for settings of another function.`,
      });
    const receipts = await receiptsOf(table, sequence);
    const outcome = receipts.some(({ state }) => state === "missing") ? "partial" : "complete";
    return ok({ outcome, receipts, changes: [], lostSlots: 0 });
  });
}

function changeOf(setting: SettingAsked): SettingChange {
  switch (setting.action) {
    case "resize":
      return { maxsize: wordOf(setting.maxsize, 1) };
    case "ttl":
      return { ttlMs: wordOf(setting.seconds, 1000) };
    case "freeze":
      return { flags: FROZEN };
    case "thaw":
      return { flags: 0n };
  }
}

function wordOf(limit: Limit, scale: number): bigint {
  if (limit === "declared") return 0n;
  return limit === "none" ? UNBOUNDED : BigInt(Math.round(limit * scale)) + 1n;
}

function wordsOf(setting: SettingAsked): string {
  switch (setting.action) {
    case "resize":
      return setting.maxsize === "declared"
        ? "has the bound again that the program says"
        : setting.maxsize === "none"
          ? "has no bound now"
          : `keeps at most ${countOf(setting.maxsize, "entry", "entries")} now`;
    case "ttl":
      return setting.seconds === "declared"
        ? "gives new entries the time again that the program says"
        : setting.seconds === "none"
          ? "lets new entries live for ever"
          : `lets new entries live for ${setting.seconds} s`;
    case "freeze":
      return "is frozen: what it holds stays the answer, and nothing new is kept, until it is cleared or thawed";
    case "thaw":
      return "is thawed: its entries end, come and go as before";
  }
}

/** A busy process obeys within a call or two; an idle one when it is called. */
const LOOK_MS = 10;
const LOOKS = 30;

async function receiptsOf(table: SharedTable, sequence: number): Promise<readonly Receipt[]> {
  for (let look = 0; look < LOOKS && table.members().some((member) => member.appliedSequence < sequence); look++)
    await delay(LOOK_MS);
  return table.members().map((member) => receiptFor(table, member, sequence));
}

function receiptFor(table: SharedTable, member: Member, sequence: number): Receipt {
  const receipt = table.receiptOf(member);
  if (receipt.state !== "applied") return receipt;
  if (member.appliedSequence >= sequence) return { ...receipt, because: "it has obeyed" };
  return { ...receipt, state: "armed", because: "it reads the table, and obeys at its next call" };
}
