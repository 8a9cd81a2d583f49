// `deadweight caches history` and `verify`: the audit log, put together by command, and whether it can be trusted.

import { writeFileSync } from "node:fs";
import { fail, ok, type Result } from "../../base/result.ts";
import type { Actor, AuditEvent, AuditLine } from "../../govern/audit-chain.ts";
import type { CacheHistory, CacheHistoryEntry, HitRatio } from "../../model/cache-command.ts";
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
    commands: entriesOf(lines),
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

/** O(lines). */
function entriesOf(lines: readonly AuditLine[]): readonly CacheHistoryEntry[] {
  const eventsOf = linesByOp(lines);
  const commands = lines.flatMap(({ op, at, event }) =>
    event.kind === "intent"
      ? [
          entryOf(
            { op, at, intent: event },
            (eventsOf.get(op) ?? []).map((line) => line.event),
          ),
        ]
      : [],
  );
  // The window before a command begins after the change before it: for that one it is what came after.
  const nextBefore = new Map<string, HitRatio | null>();
  const entries: CacheHistoryEntry[] = [];
  for (const command of commands.toReversed()) {
    entries.push({ ...command, hitsAfter: command.hitsAfter ?? nextBefore.get(nameIn(command)) ?? null });
    if (command.outcome !== null) nextBefore.set(nameIn(command), command.hitsBefore);
  }
  return entries.toReversed();
}

/** A function may be named in two ways. */
function nameIn({ selector }: CacheHistoryEntry): string {
  return selector.replace(/^fn:/, "");
}

interface Begun {
  readonly op: string;
  readonly at: string;
  readonly intent: Extract<AuditEvent, { readonly kind: "intent" }>;
}

function entryOf({ op, at, intent }: Begun, events: readonly AuditEvent[]): CacheHistoryEntry {
  const done = events.find((event) => event.kind === "result") ?? null;
  const { action, selector, share, setting, reason, actor } = intent;
  return {
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
    hitsBefore: done?.hitsBefore ?? null,
    hitsAfter: events.find((event) => event.kind === "measured")?.hitsAfter ?? null,
  };
}

function linesByOp(lines: readonly AuditLine[]): ReadonlyMap<string, readonly AuditLine[]> {
  const found = new Map<string, AuditLine[]>();
  for (const line of lines) {
    const known = found.get(line.op);
    if (known === undefined) found.set(line.op, [line]);
    else known.push(line);
  }
  return found;
}
