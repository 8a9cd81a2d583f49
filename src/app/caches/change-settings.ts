// `deadweight caches resize`, `ttl`, `freeze`, `thaw`: writes a function's settings into the shared table. Each process obeys before it
// gives its next answer, and says so in its row.

import { setTimeout as delay } from "node:timers/promises";
import { fail, ok, type Result } from "../../base/result.ts";
import { canonical } from "../../govern/audit-chain.ts";
import { hitsBeforeChange } from "../../govern/hit-ratio.ts";
import { figuresSince } from "../../govern/judge-canary.ts";
import { type CacheSelector, parseCacheSelector, scopeOf } from "../../govern/selector.ts";
import { type CacheFigures, type Member, workerRank, workersWord } from "../../govern/table-layout.ts";
import type { CacheCommandReport, HitRatio, Receipt } from "../../model/cache-command.ts";
import { sha256 } from "./audit-log.ts";
import { billOf } from "./clear-bill.ts";
import { checkName } from "./known-names.ts";
import { type CommandFacts, type CommandProblem, recordedCommand, triedOnly, wholeOf } from "./recorded-command.ts";
import { changeOf, inDecimal, NOTHING_SET, type SettingAsked, type SettingRowWords, wordsOf } from "./setting-asked.ts";
import { openSharedTable, type SettingChange, type SharedTable, tablePath } from "./shared-table.ts";
import { slotOf } from "./slot-of.ts";
import type { CanaryWatch } from "./watch-canary.ts";
import { watchedCommand } from "./watched-command.ts";

export interface ChangeAsked {
  readonly app: string;
  /** Name of a function. */
  readonly selector: string;
  readonly setting: SettingAsked;
  readonly reason: string;
  /** Part of the processes, above 0 and at most 1: the same ones at each step. */
  readonly workerShare: number;
  readonly isDryRun: boolean;
  /** Watched afterwards, and taken back by itself when it does harm; null: nobody watches. */
  readonly canary: CanaryWatch | null;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Address of a server: in all processes that follow its stream, on any host. Absent: in those of this host's table. */
  readonly redis?: string;
}

export async function changeSettings(asked: ChangeAsked): Promise<Result<CacheCommandReport, CommandProblem>> {
  const selector = functionIn(asked.selector);
  if (!selector.ok) return fail({ code: "usage", message: selector.error });
  const opened = openSharedTable(tablePath(asked.app, asked.environment));
  if (!opened.ok) return fail({ code: "no-table", message: opened.error });
  using table = opened.value;
  const known = checkName(selector.value, asked.app, table.path);
  if (!known.ok) return fail({ code: "no-such-cache", message: known.error });
  const facts = factsOf(asked);
  if (asked.isDryRun) return ok(await dryRun(asked, selector.value, table, facts));
  const scope = scopeOf(selector.value);
  const workers = workersWord(table.members(), asked.workerShare);
  const concerned = (): CacheFigures[] => table.figures().filter(({ slots }) => slots.includes(slotOf(scope)));
  const chosen = (rows: readonly CacheFigures[]): CacheFigures[] =>
    rows.filter((row) => workers === 0n || workerRank(row) < workers);
  const [was, before] = [table.setting(scope) ?? NOTHING_SET, concerned()];
  const change = { ...changeOf(asked.setting), workers };
  const done = await writeSetting(table, scope, change, { asked, facts });
  if (!done.ok || asked.canary === null) return withShare(done, asked.workerShare);
  const watched = await watchedCommand(done.value, asked.canary, {
    environment: asked.environment,
    since: () => figuresSince(chosen(before), chosen(concerned())),
    takeBack: async (reason) => {
      const back = { ...facts, setting: `${facts.setting ?? ""}: taken back`, reason };
      return await writeSetting(table, scope, was, { asked, facts: back });
    },
  });
  return withShare(ok(watched), asked.workerShare);
}

/** Settings belong to functions. */
export function functionIn(text: string): Result<CacheSelector, string> {
  const selector = parseCacheSelector(text);
  if (!selector.ok || selector.value.kind === "function") return selector;
  return fail(`'${text}' is no function: bounds and times belong to functions; give one by its name`);
}

/** What the log says of it. */
export function factsOf({ app, selector, setting: asked, workerShare, reason }: ChangeAsked): CommandFacts {
  const setting = `${wordsOf(asked)}${workerShare === 1 ? "" : ", in a part of the processes"}`;
  const { action } = asked;
  const plan = sha256(canonical({ action, app, selector, setting, workers: workerShare }));
  return { action, app, selector, share: 1, plan, setting, reason };
}

function withShare(
  report: Result<CacheCommandReport, CommandProblem>,
  workerShare: number,
): Result<CacheCommandReport, CommandProblem> {
  return report.ok ? ok({ ...report.value, workerShare }) : report;
}

async function dryRun(
  { setting: asked, workerShare }: ChangeAsked,
  selector: CacheSelector,
  table: SharedTable,
  facts: CommandFacts,
): Promise<CacheCommandReport> {
  const workers = workersWord(table.members(), workerShare);
  const members = table.members().filter((member) => workers === 0n || workerRank(member) < workers);
  const bill = await billOf({
    selector,
    share: 1,
    pids: members.map(({ pid }) => pid),
    figures: table.figures(),
    goingOf: (entries) => Math.max(0, entries - mostOf(asked)),
  });
  return { ...triedOnly(facts), workerShare, receipts: members.map((member) => table.receiptOf(member, true)), bill };
}

/** Entries of a cache that stay. */
export function mostOf(asked: SettingAsked): number {
  return asked.action === "resize" && typeof asked.maxsize === "number" ? asked.maxsize : Number.POSITIVE_INFINITY;
}

/** Whose settings are written, and what the log says of it. */
interface Written {
  readonly asked: Pick<ChangeAsked, "app" | "environment">;
  readonly facts: CommandFacts;
}

/** Under `facts` in the log; also what takes a setting back. */
export async function writeSetting(
  table: SharedTable,
  scope: string,
  change: SettingChange,
  { asked, facts }: Written,
): Promise<Result<CacheCommandReport, CommandProblem>> {
  const concerned = (): CacheFigures[] => table.figures().filter(({ slots }) => slots.includes(slotOf(scope)));
  const before = concerned();
  return await recordedCommand(asked.environment, facts, async () => {
    const was: SettingRowWords = table.setting(scope) ?? NOTHING_SET;
    const sequence = table.change(scope, change);
    if (sequence === null)
      return fail({
        code: "no-room",
        message: `The table of ${asked.app} has no room for settings of another function.`,
      });
    const receipts = await receiptsOf(table, sequence, change.workers ?? 0n);
    const outcome = receipts.some(({ state }) => state === "missing") ? "partial" : wholeOf(facts);
    const hitsBefore = (): HitRatio | null => hitsBeforeChange(before, concerned(), Date.now());
    const setting = { scope, before: inDecimal(was), after: inDecimal({ ...was, ...change }), isOnServer: false };
    return ok({ outcome, receipts, changes: [], lostSlots: 0, hitsBefore, setting });
  });
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
