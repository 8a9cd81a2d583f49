// `deadweight caches history` and `verify`: the audit log, put together by command, and whether it can be trusted.

import { fail, ok, type Result } from "../../base/result.ts";
import type { AuditLine } from "../../govern/audit-chain.ts";
import type { CacheHistory, CacheHistoryEntry } from "../../model/cache-command.ts";
import { auditPath, readAuditLog } from "./audit-log.ts";

export interface HistoryAsked {
  readonly app: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

export function readCacheHistory({
  app,
  environment,
}: HistoryAsked): Result<CacheHistory, { readonly code: string; readonly message: string }> {
  const auditFile = auditPath(app, environment);
  const read = readAuditLog(auditFile);
  if (!read.ok) return fail({ code: "no-audit", message: read.error });
  const { lines, fault } = read.value;
  return ok({
    schema: "deadweight/cache-history@1",
    app,
    auditFile,
    commands: lines.flatMap((line) => entryOf(line, lines)),
    lines: lines.length,
    head: lines.at(-1)?.hash ?? null,
    fault,
  });
}

function entryOf({ op, at, event }: AuditLine, lines: readonly AuditLine[]): CacheHistoryEntry[] {
  if (event.kind !== "intent") return [];
  const result = lines.find((line) => line.op === op && line.event.kind === "result")?.event;
  const done = result?.kind === "result" ? result : null;
  const { action, selector, share, reason, actor } = event;
  return [
    {
      op,
      at,
      action,
      selector,
      share,
      reason,
      by: `${actor.user} (uid ${actor.uid}) on ${actor.host}`,
      outcome: done?.outcome ?? null,
      applied: done?.receipts.filter(({ state }) => state === "applied" || state === "armed").length ?? 0,
      missing: done?.receipts.filter(({ state }) => state === "missing").length ?? 0,
      tookMs: done?.tookMs ?? null,
    },
  ];
}
