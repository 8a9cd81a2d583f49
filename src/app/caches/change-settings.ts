// `deadweight caches resize`, `ttl`, `freeze`, `thaw`: writes a function's settings into the shared table. Each process obeys before it
// gives its next answer, and says so in its row.

import { setTimeout as delay } from "node:timers/promises";
import { countOf } from "../../base/format-count.ts";
import { fail, ok, type Result } from "../../base/result.ts";
import { canonical } from "../../govern/audit-chain.ts";
import { type CacheSelector, parseCacheSelector, scopeOf } from "../../govern/selector.ts";
import {
  type CacheFigures,
  FROZEN,
  type Member,
  UNBOUNDED,
  workerRank,
  workersWord,
} from "../../govern/table-layout.ts";
import type { CacheAction, CacheCommandReport, Receipt } from "../../model/cache-command.ts";
import { sha256 } from "./audit-log.ts";
import { billOf } from "./clear-bill.ts";
import { type CommandFacts, type CommandProblem, NOTHING_DONE, recordedCommand } from "./recorded-command.ts";
import { checkName } from "./known-names.ts";
import { openSharedTable, type SettingChange, type SharedTable, tablePath } from "./shared-table.ts";
import { slotOf } from "./slot-of.ts";
import { type CanaryWatch, watchCanary } from "./watch-canary.ts";

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
  /** Part of the processes, above 0 and at most 1: the same ones at each step. */
  readonly workerShare: number;
  readonly isDryRun: boolean;
  /** Takes it back by itself when it does harm; null: nobody watches. */
  readonly canary: CanaryWatch | null;
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
  const setting = `${wordsOf(asked.setting)}${asked.workerShare === 1 ? "" : ", in a part of the processes"}`;
  const action: CacheAction = asked.setting.action;
  const plan = sha256(
    canonical({ action, app: asked.app, selector: asked.selector, setting, workers: asked.workerShare }),
  );
  const facts = { action, app: asked.app, selector: asked.selector, share: 1, plan, setting, reason: asked.reason };
  if (asked.isDryRun) return ok(await dryRun(asked, selector.value, table, facts));
  const scope = scopeOf(selector.value);
  const [before, figures] = [table.setting(scope), table.figures()];
  const workers = workersWord(table.members(), asked.workerShare);
  const done = await write(table, scope, { ...changeOf(asked.setting), workers }, asked, facts);
  if (!done.ok || asked.canary === null) return withShare(done, asked.workerShare);
  const isConcerned = (row: CacheFigures): boolean =>
    row.slots.includes(slotOf(scope)) && (workers === 0n || workerRank(row) < workers);
  const guard = await watchCanary(asked.canary, figures.filter(isConcerned), () => table.figures().filter(isConcerned));
  if (guard.verdict !== "broken") return withShare(ok({ ...done.value, guard }), asked.workerShare);
  const { maxsize, ttlMs, flags, workers: workersBefore } = before ?? NOTHING_SET;
  const reason = `guard of ${done.value.op ?? ""}: ${guard.because}`;
  const back = { ...facts, setting: `${setting}: taken back`, reason };
  const undone = await write(table, scope, { maxsize, ttlMs, flags, workers: workersBefore }, asked, back);
  if (!undone.ok) return undone;
  const { op, head, outcome } = undone.value;
  const rolled = { ...done.value, head, outcome: outcome === "complete" ? ("undone" as const) : outcome };
  return withShare(ok({ ...rolled, guard: { ...guard, rollBack: op } }), asked.workerShare);
}

/** As the program says, everywhere. */
const NOTHING_SET = { maxsize: 0n, ttlMs: 0n, flags: 0n, workers: 0n } as const;

function withShare(
  report: Result<CacheCommandReport, CommandProblem>,
  workerShare: number,
): Result<CacheCommandReport, CommandProblem> {
  return report.ok ? ok({ ...report.value, workerShare }) : report;
}

async function dryRun(
  { app, selector: name, setting: asked, workerShare }: ChangeAsked,
  selector: CacheSelector,
  table: SharedTable,
  { action, plan, setting }: Pick<CacheCommandReport, "action" | "plan" | "setting">,
): Promise<CacheCommandReport> {
  const workers = workersWord(table.members(), workerShare);
  const members = table.members().filter((member) => workers === 0n || workerRank(member) < workers);
  const most =
    asked.action === "resize" && typeof asked.maxsize === "number" ? asked.maxsize : Number.POSITIVE_INFINITY;
  const bill = await billOf({
    selector,
    share: 1,
    pids: members.map(({ pid }) => pid),
    figures: table.figures(),
    goingOf: (entries) => Math.max(0, entries - most),
  });
  return {
    schema: "deadweight/cache-command@1",
    action,
    app,
    selector: name,
    share: 1,
    plan,
    setting,
    ...NOTHING_DONE,
    receipts: members.map((member) => table.receiptOf(member, true)),
    bill,
    guard: null,
    workerShare,
  };
}

async function write(
  table: SharedTable,
  scope: string,
  change: SettingChange,
  asked: ChangeAsked,
  facts: CommandFacts,
): Promise<Result<CacheCommandReport, CommandProblem>> {
  return await recordedCommand(asked.environment, facts, async () => {
    const sequence = table.change(scope, change);
    if (sequence === null)
      return fail({
        code: "no-room",
        message: `The table of ${asked.app} has no room for settings of another function.`,
      });
    const receipts = await receiptsOf(table, sequence, change.workers ?? 0n);
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

async function receiptsOf(table: SharedTable, sequence: number, workers: bigint): Promise<readonly Receipt[]> {
  for (let look = 0; look < LOOKS && table.members().some((member) => member.appliedSequence < sequence); look++)
    await delay(LOOK_MS);
  return table.members().map((member) => receiptFor(table, member, { sequence, workers }));
}

interface Wanted {
  readonly sequence: number;
  /** Processes whose rank is below it are meant; 0n: all. */
  readonly workers: bigint;
}

function receiptFor(table: SharedTable, member: Member, { sequence, workers }: Wanted): Receipt {
  const receipt = table.receiptOf(member);
  if (receipt.state !== "applied") return receipt;
  if (workers !== 0n && workerRank(member) >= workers)
    return { ...receipt, because: "it is not one of the chosen, and stays as it was" };
  if (member.appliedSequence >= sequence) return { ...receipt, because: "it has obeyed" };
  return { ...receipt, state: "armed", because: "it reads the table, and obeys at its next call" };
}
