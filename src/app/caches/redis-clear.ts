// `deadweight caches clear --redis`: new tokens on the server, an entry in the stream, and a receipt of everybody who follows it. Twice:
// what a process has loaded from another cache that the first round had not yet reached everywhere is void after the second.

import { randomUUID } from "node:crypto";
import { fail, ok, type Result } from "../../base/result.ts";
import { canonical } from "../../govern/audit-chain.ts";
import { parseCacheSelector } from "../../govern/selector.ts";
import type { CacheCommandReport, Receipt } from "../../model/cache-command.ts";
import { sha256 } from "./audit-log.ts";
import { type ClearAsked, scopesOf } from "./clear-caches.ts";
import { type Act, type CommandProblem, recordedCommand } from "./recorded-command.ts";
import { receiptOf, RedisStream } from "./redis-stream.ts";

export async function clearOnRedis(
  asked: ClearAsked,
  url: string,
): Promise<Result<CacheCommandReport, CommandProblem>> {
  const selector = parseCacheSelector(asked.selector);
  if (!selector.ok) return fail({ code: "usage", message: selector.error });
  const scopes = scopesOf(selector.value, asked.share);
  if (!scopes.ok) return fail({ code: "usage", message: scopes.error });
  if (asked.canary !== null) return fail({ code: "usage", message: UNGUARDED });
  const { app, environment, reason } = asked;
  const plan = sha256(canonical({ action: "clear", app, scopes: scopes.value }));
  const facts = { action: "clear", app, selector: asked.selector, share: asked.share, plan } as const;
  return await withRedis(app, url, environment, async (stream) => {
    const members = await stream.members();
    if (asked.isDryRun)
      return ok({
        schema: "deadweight/cache-command@1",
        ...facts,
        op: null,
        outcome: null,
        receipts: [...members].map(([name, row]) => receiptOf(name, row, "armed", lastHeard(row.at))),
        setting: null,
        bill: null,
        guard: null,
        workerShare: 1,
        lostSlots: 0,
        canUndo: false,
        tookMs: 0,
        head: null,
        auditFile: null,
      });
    return await recordedCommand(environment, { ...facts, reason }, async () => {
      const op = randomUUID();
      return await acted(
        async () =>
          await stream.locked(op, async () => {
            const first = await stream.renew(scopes.value);
            const heard = await stream.receiptsOf(await stream.announce("clear", scopes.value, op));
            const second = await stream.renew(scopes.value);
            const found = await stream.receiptsOf(await stream.announce("clear", scopes.value, op), heard);
            await stream.forgetSilent(found);
            const receipts = [...found.values()].map(({ receipt }) => receipt);
            const changes = first.map((change, at) => ({ ...change, after: second[at]?.after ?? change.after }));
            return { outcome: isPartial(receipts) ? "partial" : "complete", receipts, changes, lostSlots: 0 };
          }),
      );
    });
  });
}

const UNGUARDED =
  "--guard watches the figures of one host, and --redis reaches many: clear with --canary alone, look at your metrics, and take it back with `deadweight caches undo --redis`";

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
      message: `${sentenceOf(error)} The clear may have been made on the server, and not everybody is known to have it: give the command again.`,
    });
  }
}

export function isPartial(receipts: readonly Receipt[]): boolean {
  return receipts.some(({ state }) => state === "missing");
}

function lastHeard(atMs: number): string {
  const seconds = Math.max(0, Math.round((Date.now() - atMs) / 1000));
  return `it follows the stream; it was heard ${seconds} s ago by its own clock`;
}

function sentenceOf(error: unknown): string {
  const text = error instanceof AggregateError ? error.errors.map(String).join(", ") : String((error as Error).message);
  return `The Redis server cannot be used: ${text.replace(/\.$/, "")}.`;
}
