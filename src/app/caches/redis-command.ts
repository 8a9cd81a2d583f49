// What all commands on a server have in common: one sentence when it cannot be used, a look before the act, and the watch after it.

import { randomUUID } from "node:crypto";
import { countOf } from "../../base/format-count.ts";
import { fail, ok, type Result } from "../../base/result.ts";
import type { CacheBill, CacheCommandReport, Receipt } from "../../model/cache-command.ts";
import { type Sighting, sightingOf, summedSince } from "./member-sighting.ts";
import type { Act, CommandProblem } from "./recorded-command.ts";
import { receiptOf, type Receipts, RedisStream } from "./redis-stream.ts";
import type { CanaryWatch } from "./watch-canary.ts";
import { type WatchedAct, watchedCommand } from "./watched-command.ts";

/** A server that cannot be used is one sentence. */
export async function withRedis<T>(
  app: string,
  url: string,
  environment: Readonly<Record<string, string | undefined>>,
  use: (stream: RedisStream) => Promise<Result<T, CommandProblem>>,
): Promise<Result<T, CommandProblem>> {
  try {
    using stream = new RedisStream(app, url, environment);
    return await use(stream);
  } catch (error) {
    return fail({ code: error instanceof TypeError ? "usage" : "no-server", message: sentenceOf(error) });
  }
}

/** What fails in the middle is a failure of the command: the log has its intent, and no result. */
export async function acted(act: () => Promise<Act>): Promise<Result<Act, CommandProblem>> {
  try {
    return ok(await act());
  } catch (error) {
    return fail({
      code: "no-server",
      message: `${sentenceOf(error)} It may have been done on the server, and not everybody is known to have it: give the command again.`,
    });
  }
}

export function isPartial(receipts: readonly Receipt[]): boolean {
  return receipts.some(({ state }) => state === "missing");
}

function sentenceOf(error: unknown): string {
  const text = error instanceof AggregateError ? error.errors.map(String).join(", ") : String((error as Error).message);
  return `The Redis server cannot be used: ${text.replace(/\.$/, "")}.`;
}

/** Everybody who follows the stream, and what they say of the caches of a scope. Nothing is changed. */
export interface Looked {
  readonly receipts: Receipts;
  /** By name of the follower; null of those that say nothing. */
  readonly sightings: ReadonlyMap<string, Sighting | null>;
}

export async function lookAround(stream: RedisStream, of: string): Promise<Looked> {
  const op = randomUUID();
  const id = await stream.announce({ kind: "look", scopes: [], op, of, watchSeconds: 0 });
  const receipts = await stream.receiptsOf(id, new Map(), (name, row) =>
    receiptOf(name, row, "armed", "it follows the stream"),
  );
  return { receipts, sightings: new Map([...receipts].map(([name, { row }]) => [name, sightingOf(row, op)])) };
}

/** What would go, by what the followers say. `goingOf`: of the entries of one process. */
export function billOfLook({ receipts, sightings }: Looked, goingOf: (entries: number) => number): CacheBill {
  const workers = [...sightings].flatMap(([name, seen]) => {
    const pid = receipts.get(name)?.receipt.pid ?? 0;
    if (seen === null) return [];
    const { loads, loadMs, entries: all } = seen;
    const entries = Math.round(goingOf(all));
    const reloadSeconds = entries === 0 ? 0 : loads === 0 ? null : ((loadMs / loads) * entries) / 1000;
    return [{ pid, entries, retainedBytes: entries === 0 ? 0 : null, reloadSeconds }];
  });
  const silent = sightings.size - workers.length;
  const isTimed = workers.every(({ reloadSeconds }) => reloadSeconds !== null);
  const entries = workers.reduce((sum, each) => sum + each.entries, 0);
  return {
    workers,
    entries: silent === 0 ? entries : null,
    retainedBytes: silent === 0 && entries === 0 ? 0 : null,
    reloadSeconds:
      silent === 0 && isTimed ? workers.reduce((sum, { reloadSeconds }) => sum + (reloadSeconds ?? 0), 0) : null,
    because: [
      "What entries keep is read from memory, so it is not known of other hosts; `--dry-run` without --redis says it of this one.",
      ...(silent === 0
        ? []
        : [
            `${countOf(silent, "process says", "processes say")} nothing of entries: silent, or of a client that counts none.`,
          ]),
    ],
  };
}

/** Whose figures count: by name of the follower. */
export type IsMeant = (name: string) => boolean;

export async function watchedOnRedis(
  done: CacheCommandReport,
  canary: CanaryWatch,
  act: Omit<WatchedAct, "since"> & { readonly stream: RedisStream; readonly op: string; readonly isMeant: IsMeant },
): Promise<CacheCommandReport> {
  const { stream, op, isMeant } = act;
  let [saying, following] = [0, 0];
  const since = async (): Promise<ReturnType<typeof summedSince>> => {
    const members = [...(await stream.members())].filter(([name]) => isMeant(name));
    const sightings = members.flatMap(([, row]) => sightingOf(row, op) ?? []);
    [saying, following] = [sightings.length, members.length];
    return summedSince(sightings);
  };
  const report = await watchedCommand(done, canary, { ...act, since });
  if (report.guard === null || saying === following) return report;
  const counted = `Figures came from ${saying} of ${countOf(following, "process", "processes")}.`;
  return { ...report, guard: { ...report.guard, because: `${report.guard.because} ${counted}` } };
}

/** Beyond the watch itself, so that the last figures are fresh. */
const MARGIN_SECONDS = 2;

/** For how long followers are to say figures. */
export function secondsToSay(canary: CanaryWatch | null): number {
  return canary === null ? 0 : canary.watchSeconds + MARGIN_SECONDS;
}
