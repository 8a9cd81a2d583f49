// `deadweight caches resize`, `ttl`, `freeze`, `thaw` with `--redis`: what is set lies on the server, an entry of the stream wakes all who
// follow it, and each answers by name when it has obeyed. Who comes later reads it with its first word of the server.

import { randomUUID } from "node:crypto";
import { fail, ok, type Result } from "../../base/result.ts";
import { scopeOf } from "../../govern/selector.ts";
import { workerRank, workersWord } from "../../govern/table-layout.ts";
import type { CacheCommandReport } from "../../model/cache-command.ts";
import { type ChangeAsked, factsOf, functionIn, mostOf } from "./change-settings.ts";
import { obeyingOf, sightingOf, summedBefore } from "./member-sighting.ts";
import { type CommandFacts, type CommandProblem, recordedCommand, triedOnly, wholeOf } from "./recorded-command.ts";
import {
  acted,
  billOfLook,
  isPartial,
  type Looked,
  lookAround,
  secondsToSay,
  watchedOnRedis,
  withRedis,
} from "./redis-command.ts";
import { processIn, receiptOf, type ReceiptFor, type Receipts, type RedisStream } from "./redis-stream.ts";
import { changeOf, inDecimal, inWords, NOTHING_SET, type SettingRowWords } from "./setting-asked.ts";

export async function changeSettingsOnRedis(
  asked: ChangeAsked,
  url: string,
): Promise<Result<CacheCommandReport, CommandProblem>> {
  const { app, selector: name, workerShare, canary, environment } = asked;
  const selector = functionIn(name);
  if (!selector.ok) return fail({ code: "usage", message: selector.error });
  const [scope, facts] = [scopeOf(selector.value), factsOf(asked)];
  return await withRedis(app, url, environment, async (stream) => {
    const look = await lookAround(stream, scope);
    const unknown = whyUnknown(look, app, name);
    if (unknown !== null) return fail({ code: "no-such-cache", message: unknown });
    const workers = workersWord([...look.receipts.keys()].map(rankedIn), workerShare);
    const isMeant = (each: string): boolean => workers === 0n || workerRank(rankedIn(each)) < workers;
    if (asked.isDryRun) return ok(tried(look, asked, isMeant, facts));
    const op = randomUUID();
    const set = { stream, app, scope, environment };
    const { done, was } = await setOnRedis(
      { ...set, facts, op, watchSeconds: secondsToSay(canary) },
      look.receipts,
      (now) => ({
        ...now,
        ...changeOf(asked.setting),
        workers,
      }),
    );
    if (!done.ok || canary === null) return done.ok ? ok({ ...done.value, workerShare }) : done;
    const takeBack = async (reason: string): Promise<Result<CacheCommandReport, CommandProblem>> => {
      const back = { ...facts, setting: `${facts.setting ?? ""}: taken back`, reason };
      return (await setOnRedis({ ...set, facts: back, op: randomUUID(), watchSeconds: 0 }, new Map(), () => was)).done;
    };
    const watched = await watchedOnRedis(done.value, canary, { stream, op, environment, takeBack, isMeant });
    return ok({ ...watched, workerShare });
  });
}

/** One change of what is set for a function, and what the log says of it. */
export interface SetOnServer {
  readonly stream: RedisStream;
  readonly app: string;
  readonly scope: string;
  readonly environment: ChangeAsked["environment"];
  readonly facts: CommandFacts;
  /** Followers say figures under it. */
  readonly op: string;
  readonly watchSeconds: number;
}

interface SetDone {
  readonly done: Result<CacheCommandReport, CommandProblem>;
  /** What was set before. */
  readonly was: SettingRowWords;
}

/** `silent`: who is known to be, and is not waited for again. `change`: what it becomes. */
export async function setOnRedis(
  { stream, scope, environment, facts, op, watchSeconds }: SetOnServer,
  silent: Receipts,
  change: (now: SettingRowWords) => SettingRowWords,
): Promise<SetDone> {
  let was = NOTHING_SET;
  const done = await recordedCommand(environment, facts, async () =>
    acted(async () =>
      stream.locked(op, async () => {
        was = await settingOnServer(stream, scope);
        const words = change(was);
        await stream.change(scope, inDecimal(words));
        const id = await stream.announce({ kind: "settings", scopes: [scope], op, of: scope, watchSeconds });
        const found = await stream.receiptsOf(id, silent, receiptFor(words.workers));
        const lastReceiptMs = performance.now();
        await stream.forgetSilent(found);
        const receipts = [...found.values()].map(({ receipt }) => receipt);
        return {
          outcome: isPartial(receipts) ? ("partial" as const) : wholeOf(facts),
          receipts,
          changes: [],
          lostSlots: 0,
          lastReceiptMs,
          setting: { scope, before: inDecimal(was), after: inDecimal(words), isOnServer: true },
          hitsBefore: () => summedBefore([...found.values()].flatMap(({ row }) => sightingOf(row, op) ?? [])),
        };
      }),
    ),
  );
  return { done, was };
}

/** What is set on the server for a function. */
export async function settingOnServer(stream: RedisStream, scope: string): Promise<SettingRowWords> {
  const words = (await stream.settings()).get(scope);
  return words === undefined ? NOTHING_SET : inWords(words);
}

/** A name has the pid that its process has itself. */
function rankedIn(name: string): Parameters<typeof workerRank>[0] {
  const { pid, startTicks } = processIn(name);
  return { ownPid: pid, startTicks };
}

function receiptFor(workers: bigint): ReceiptFor {
  return (name, row) => {
    if (workers !== 0n && workerRank(rankedIn(name)) >= workers)
      return receiptOf(name, row, "applied", "it is not one of the chosen, and stays as it was");
    switch (obeyingOf(row)) {
      case "own":
        return receiptOf(name, row, "applied", "it has obeyed");
      case "table":
        return receiptOf(name, row, "armed", "the table of its host has it, and it obeys at its next call");
      case null:
        return receiptOf(name, row, "missing", "its client knows no bounds and times that are set from outside");
    }
  };
}

/** A sentence when all who say anything have no such function; null when one has, or nobody says anything. */
function whyUnknown({ sightings }: Looked, app: string, name: string): string | null {
  const saying = [...sightings.values()].filter((seen) => seen !== null);
  if (saying.length === 0 || saying.some(({ known }) => known)) return null;
  return `No process of ${app} that follows the stream has a cache '${name}', so nothing was changed.`;
}

function tried(
  { receipts, sightings }: Looked,
  { setting, workerShare }: ChangeAsked,
  isMeant: (name: string) => boolean,
  facts: CommandFacts,
): CacheCommandReport {
  const meant = {
    receipts: new Map([...receipts].filter(([name]) => isMeant(name))),
    sightings: new Map([...sightings].filter(([name]) => isMeant(name))),
  };
  const bill = billOfLook(meant, (entries) => Math.max(0, entries - mostOf(setting)));
  const shown = [...meant.receipts.values()].map(({ receipt }) => receipt);
  return { ...triedOnly(facts), receipts: shown, bill, workerShare };
}
