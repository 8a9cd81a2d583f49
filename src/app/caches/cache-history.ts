// `deadweight caches history` and `verify`: the audit log, put together by command, and whether it can be trusted.

import { writeFileSync } from "node:fs";
import { fail, ok, type Result } from "../../base/result.ts";
import type { Actor, AuditLine } from "../../govern/audit-chain.ts";
import type { CacheHistory, CacheHistoryEntry } from "../../model/cache-command.ts";
import { cacheHistoryExport } from "../../report/cache-history-export.ts";
import { auditPath, readAuditLog } from "./audit-log.ts";

export interface HistoryAsked {
  readonly app: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** A file for other programs; none if not given. */
  readonly exportTo?: HistoryExport | null;
}

export interface HistoryExport {
  /** Ends in .jsonl or .csv. */
  readonly path: string;
  /** Also what stands behind the name of a tag: the 42 of `tag:user:42`. */
  readonly hasValues: boolean;
}

interface Problem {
  readonly code: string;
  readonly message: string;
}

/** Everything is checked. With an export the file is written, too. */
export function readCacheHistory({ app, environment, exportTo = null }: HistoryAsked): Result<CacheHistory, Problem> {
  const auditFile = auditPath(app, environment);
  const read = readAuditLog(auditFile);
  if (!read.ok) return fail({ code: "no-audit", message: read.error });
  const { lines, fault } = read.value;
  const history: CacheHistory = {
    schema: "deadweight/cache-history@1",
    app,
    auditFile,
    commands: lines.flatMap((line) => entryOf(line, lines)),
    lines: lines.length,
    head: lines.at(-1)?.hash ?? null,
    fault,
  };
  if (exportTo !== null) {
    const written = writeExport(history, exportTo);
    if (!written.ok) return written;
  }
  return ok(history);
}

function writeExport({ commands }: CacheHistory, { path, hasValues }: HistoryExport): Result<null, Problem> {
  const format = /\.(jsonl|csv)$/.exec(path)?.[1];
  if (format !== "jsonl" && format !== "csv")
    return fail({ code: "usage", message: `an export ends in .jsonl or .csv, not '${path}'` });
  try {
    writeFileSync(path, cacheHistoryExport(commands, format, hasValues), { mode: 0o600 });
    return ok(null);
  } catch (error) {
    return fail({
      code: "cannot-write",
      message: `${path} cannot be written (${(error as NodeJS.ErrnoException).code})`,
    });
  }
}

/** "root (uid 0, logged in as uid 1000) on web-3". */
function nameOf({ user, uid, loginUid, host }: Actor): string {
  const login = loginUid === undefined ? "" : `, logged in as uid ${loginUid}`;
  return `${user} (uid ${uid}${login}) on ${host}`;
}

function entryOf({ op, at, event }: AuditLine, lines: readonly AuditLine[]): CacheHistoryEntry[] {
  if (event.kind !== "intent") return [];
  const result = lines.find((line) => line.op === op && line.event.kind === "result")?.event;
  const done = result?.kind === "result" ? result : null;
  const { action, selector, share, setting, reason, actor } = event;
  return [
    {
      op,
      at,
      action,
      selector,
      share,
      setting: setting ?? null,
      reason,
      by: nameOf(actor),
      outcome: done?.outcome ?? null,
      applied: done?.receipts.filter(({ state }) => state === "applied" || state === "armed").length ?? 0,
      missing: done?.receipts.filter(({ state }) => state === "missing").length ?? 0,
      tookMs: done?.tookMs ?? null,
    },
  ];
}
