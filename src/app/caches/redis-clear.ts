// `deadweight caches clear --redis`: new tokens on the server, an entry in the stream, and a receipt of everybody who follows it. Twice:
// what a process has loaded from another cache that the first round had not yet reached everywhere is void after the second.

import { randomUUID } from "node:crypto";
import { fail, ok, type Result } from "../../base/result.ts";
import { canonical } from "../../govern/audit-chain.ts";
import { parseCacheSelector, scopeOf } from "../../govern/selector.ts";
import type { CacheCommandReport } from "../../model/cache-command.ts";
import { sha256 } from "./audit-log.ts";
import { type ClearAsked, scopesOf } from "./clear-caches.ts";
import { sightingOf, summedBefore } from "./member-sighting.ts";
import { type Act, type CommandProblem, recordedCommand, triedOnly } from "./recorded-command.ts";
import { acted, billOfLook, isPartial, lookAround, secondsToSay, watchedOnRedis, withRedis } from "./redis-command.ts";
import type { Announced, RedisStream } from "./redis-stream.ts";
import { undoOnRedis } from "./redis-undo.ts";

export async function clearOnRedis(
  asked: ClearAsked,
  url: string,
): Promise<Result<CacheCommandReport, CommandProblem>> {
  const selector = parseCacheSelector(asked.selector);
  if (!selector.ok) return fail({ code: "usage", message: selector.error });
  const scopes = scopesOf(selector.value, asked.share);
  if (!scopes.ok) return fail({ code: "usage", message: scopes.error });
  const { app, environment, reason, share, canary } = asked;
  const plan = sha256(canonical({ action: "clear", app, scopes: scopes.value }));
  const facts = { action: "clear", app, selector: asked.selector, share, plan } as const;
  const of = scopeOf(selector.value);
  return await withRedis(app, url, environment, async (stream) => {
    if (asked.isDryRun) {
      const look = await lookAround(stream, of);
      const receipts = [...look.receipts.values()].map(({ receipt }) => receipt);
      return ok({ ...triedOnly(facts), receipts, bill: billOfLook(look, (entries) => entries * share) });
    }
    // It is there, or nothing is written.
    await stream.members();
    const op = randomUUID();
    const announced = { kind: "clear", scopes: scopes.value, op, of, watchSeconds: secondsToSay(canary) } as const;
    const done = await recordedCommand(environment, { ...facts, reason }, async () =>
      acted(async () => await stream.locked(op, async () => await clearTwice(stream, announced))),
    );
    if (!done.ok || canary === null) return done;
    const takeBack = async (because: string): ReturnType<typeof undoOnRedis> =>
      await undoOnRedis({ app, op: done.value.op, reason: because, environment }, url);
    return ok(await watchedOnRedis(done.value, canary, { stream, op, environment, takeBack, isMeant: () => true }));
  });
}

async function clearTwice(stream: RedisStream, announced: Announced): Promise<Act> {
  const { scopes, op } = announced;
  const first = await stream.renew(scopes);
  const heard = await stream.receiptsOf(await stream.announce(announced));
  const second = await stream.renew(scopes);
  const found = await stream.receiptsOf(await stream.announce(announced), heard);
  const lastReceiptMs = performance.now();
  await stream.forgetSilent(found);
  const receipts = [...found.values()].map(({ receipt }) => receipt);
  return {
    outcome: isPartial(receipts) ? "partial" : "complete",
    receipts,
    changes: first.map((change, at) => ({ ...change, after: second[at]?.after ?? change.after })),
    lostSlots: 0,
    lastReceiptMs,
    hitsBefore: () => summedBefore([...found.values()].flatMap(({ row }) => sightingOf(row, op) ?? [])),
  };
}
