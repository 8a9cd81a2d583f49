// `deadweight caches undo --redis`: puts the tokens of before a clear back. Values that still lie under them are answers again.

import { fail, type Result } from "../../base/result.ts";
import { canonical } from "../../govern/audit-chain.ts";
import type { CacheCommandReport } from "../../model/cache-command.ts";
import { randomUUID } from "node:crypto";
import { sha256 } from "./audit-log.ts";
import { findClear, type UndoAsked } from "./clear-caches.ts";
import { type CommandProblem, recordedCommand } from "./recorded-command.ts";
import { acted, isPartial, withRedis } from "./redis-clear.ts";

export async function undoOnRedis(asked: UndoAsked, url: string): Promise<Result<CacheCommandReport, CommandProblem>> {
  const found = findClear(asked);
  if (!found.ok) return fail({ code: "no-such-command", message: found.error });
  const { intent, changes } = found.value;
  const scopes = changes.flatMap(({ scope }) => scope ?? []);
  if (scopes.length < changes.length)
    return fail({
      code: "usage",
      message: "that clear was made in the table of this host: take it back without --redis",
    });
  const { app, environment, reason } = asked;
  const plan = sha256(canonical({ action: "undo", app, changes }));
  const facts = { action: "undo", app, selector: intent.selector, share: intent.share, plan, reason } as const;
  return await withRedis(app, url, environment, async (stream) => {
    // It is there, or nothing is written.
    await stream.members();
    return await recordedCommand(environment, facts, async () => {
      const op = randomUUID();
      return await acted(
        async () =>
          await stream.locked(op, async () => {
            const lostSlots = await stream.restore(changes);
            // What processes keep themselves was loaded since, and is void.
            const found = await stream.receiptsOf(await stream.announce("undo", scopes, op));
            const receipts = [...found.values()].map(({ receipt }) => receipt);
            return {
              outcome: isPartial(receipts) || lostSlots > 0 ? "partial" : "undone",
              receipts,
              changes,
              lostSlots,
            };
          }),
      );
    });
  });
}
