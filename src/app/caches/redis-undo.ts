// `deadweight caches undo --redis`: puts the tokens of before a clear back, so that values that still lie under them are answers again; or
// what was set before a bound, a time or a freeze.

import { randomUUID } from "node:crypto";
import { fail, type Result } from "../../base/result.ts";
import { canonical, type Intent, type SettingStep, type SlotChange } from "../../govern/audit-chain.ts";
import type { CacheCommandReport } from "../../model/cache-command.ts";
import { sha256 } from "./audit-log.ts";
import type { UndoAsked } from "./clear-caches.ts";
import { type Act, type CommandProblem, recordedCommand } from "./recorded-command.ts";
import { acted, isPartial, withRedis } from "./redis-command.ts";
import { setOnRedis, settingOnServer } from "./redis-settings.ts";
import type { RedisStream } from "./redis-stream.ts";
import { inDecimal, inWords } from "./setting-asked.ts";
import { findUndoable } from "./undoable.ts";
import { undoFacts, whyChangedSince } from "./undo-setting.ts";

export async function undoOnRedis(asked: UndoAsked, url: string): Promise<Result<CacheCommandReport, CommandProblem>> {
  const found = findUndoable(asked);
  if (!found.ok) return fail({ code: "no-such-command", message: found.error });
  const { intent, changes, setting } = found.value;
  const scopes = changes.flatMap(({ scope }) => scope ?? []);
  if (scopes.length < changes.length || setting?.isOnServer === false)
    return fail({
      code: "usage",
      message: "that was done in the table of this host: take it back without --redis",
    });
  const { app, environment, reason } = asked;
  if (setting !== undefined)
    return await withRedis(app, url, environment, async (stream) => await undoSetting(asked, intent, setting, stream));
  const plan = sha256(canonical({ action: "undo", app, changes }));
  const facts = { action: "undo", app, selector: intent.selector, share: intent.share, plan, reason } as const;
  return await withRedis(app, url, environment, async (stream) => {
    // It is there, or nothing is written.
    await stream.members();
    const op = randomUUID();
    return await recordedCommand(environment, facts, async () =>
      acted(async () => await stream.locked(op, async () => await takeBack(stream, { op, scopes, changes }))),
    );
  });
}

interface TakenBack {
  readonly op: string;
  readonly scopes: readonly string[];
  readonly changes: readonly SlotChange[];
}

async function takeBack(stream: RedisStream, { op, scopes, changes }: TakenBack): Promise<Act> {
  const lostSlots = await stream.restore(changes);
  // What processes keep themselves was loaded since, and is void.
  const id = await stream.announce({ kind: "undo", scopes, op, of: null, watchSeconds: 0 });
  const receipts = [...(await stream.receiptsOf(id)).values()].map(({ receipt }) => receipt);
  return { outcome: isPartial(receipts) || lostSlots > 0 ? "partial" : "undone", receipts, changes, lostSlots };
}

async function undoSetting(
  asked: UndoAsked,
  intent: Intent,
  step: SettingStep,
  stream: RedisStream,
): Promise<Result<CacheCommandReport, CommandProblem>> {
  const { app, environment } = asked;
  const now = inDecimal(await settingOnServer(stream, step.scope));
  const changed = whyChangedSince(step, now, app);
  if (changed !== null) return fail({ code: "changed-since", message: changed });
  const facts = undoFacts(asked, intent, step);
  const told = { stream, app, scope: step.scope, environment, facts, op: randomUUID(), watchSeconds: 0 };
  return (await setOnRedis(told, new Map(), () => inWords(step.before))).done;
}
