// The audit log of an application on disk: appended to under a lock, flushed before what it announces is done.

import { createHash } from "node:crypto";
import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fail, ok, type Result } from "../../base/result.ts";
import { openProcFs } from "../../capture/proc-fs.ts";
import { readRunState } from "../../capture/process-signals/run-state.ts";
import {
  type AuditEvent,
  type AuditLine,
  chained,
  type ChainFault,
  parseLine,
  verifyChain,
} from "../../govern/audit-chain.ts";

const LOCK_WAIT_MS = 5000;
const LOCK_GAP_MS = 20;

export interface AuditLog extends Disposable {
  readonly path: string;
  /** On the disk when it returns. A failure is a sentence, and nothing was written that counts. */
  append(op: string, event: AuditEvent): Result<AuditLine, string>;
}

/** DEADWEIGHT_AUDIT, or the user's folder for state (XDG Base Directory Specification 0.8). */
export function auditPath(app: string, environment: Readonly<Record<string, string | undefined>>): string {
  const given = environment["DEADWEIGHT_AUDIT"];
  if (given !== undefined && given !== "") return join(given, app, "audit.jsonl");
  const state = environment["XDG_STATE_HOME"];
  const base = state === undefined || state === "" ? join(homedir(), ".local", "state") : state;
  return join(base, "deadweight", "caches", app, "audit.jsonl");
}

/** Opens for appending: one command at a time. Fails when the log is broken, since nothing may be built on that. */
export async function openAuditLog(path: string): Promise<Result<AuditLog, string>> {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  } catch (error) {
    return fail(
      `The audit log ${path} cannot be made (${(error as NodeJS.ErrnoException).code}), so nothing is changed.`,
    );
  }
  const lock = await takeLock(`${path}.lock`);
  if (!lock.ok) return lock;
  const read = readAuditLog(path);
  const fault = read.ok ? read.value.fault : null;
  if (!read.ok || fault !== null) {
    lock.value[Symbol.dispose]();
    return read.ok && fault !== null ? fail(brokenSentence(path, fault)) : (read as Result<never, string>);
  }
  let last = read.value.lines.at(-1) ?? null;
  return ok({
    path,
    append: (op, event) => {
      const line = chained(last, { at: new Date().toISOString(), op, event }, sha256);
      const written = appendLine(path, `${JSON.stringify(line)}\n`);
      if (!written.ok) return written;
      last = line;
      return ok(line);
    },
    [Symbol.dispose]: () => lock.value[Symbol.dispose](),
  });
}

export interface ReadLog {
  readonly lines: readonly AuditLine[];
  readonly fault: ChainFault | null;
}

/** An absent file is an empty log. */
export function readAuditLog(path: string): Result<ReadLog, string> {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return ok({ lines: [], fault: null });
    return fail(`The audit log ${path} cannot be read (${code}).`);
  }
  const texts = text.split("\n").filter((line) => line !== "");
  const lines = texts.flatMap((line) => parseLine(line) ?? []);
  return ok({ lines, fault: verifyChain(texts, sha256) });
}

export function sha256(text: string): string {
  return createHash("sha256").update(text, "utf8").digest("hex");
}

function brokenSentence(path: string, { line, because }: ChainFault): string {
  return `Line ${line} of the audit log ${path} ${because}. Nothing is changed while the log cannot be trusted: keep the file as evidence, and move it away to begin a new one.`;
}

function appendLine(path: string, text: string): Result<null, string> {
  let fd: number | null = null;
  try {
    fd = openSync(path, "a", 0o600);
    const bytes = Buffer.from(text, "utf8");
    for (let done = 0; done < bytes.length; ) done += writeSync(fd, bytes, done);
    fsyncSync(fd);
    return ok(null);
  } catch (error) {
    return fail(`The audit log ${path} cannot be written (${(error as NodeJS.ErrnoException).code}).`);
  } finally {
    if (fd !== null) closeSync(fd);
  }
}

/** A file that names its maker; that of a process that is no more is taken over. */
async function takeLock(path: string): Promise<Result<Disposable, string>> {
  const own = `${process.pid} ${readRunState(openProcFs(), process.pid)?.startTimeTicks ?? 0}`;
  const deadline = performance.now() + LOCK_WAIT_MS;
  for (;;) {
    try {
      const fd = openSync(path, "wx", 0o600);
      writeSync(fd, own);
      closeSync(fd);
      return ok({ [Symbol.dispose]: () => rmSync(path, { force: true }) });
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== "EEXIST") return fail(`The lock ${path} cannot be made (${code}), so nothing is changed.`);
    }
    if (isLeftBehind(path)) rmSync(path, { force: true });
    else if (performance.now() > deadline)
      return fail(
        `Another command has held ${path} for ${LOCK_WAIT_MS / 1000} s. Nothing is changed; try again when it has ended.`,
      );
    else await delay(LOCK_GAP_MS);
  }
}

function isLeftBehind(path: string): boolean {
  let holder: string;
  try {
    holder = readFileSync(path, "utf8");
  } catch {
    return false;
  }
  const [pid = 0, startTicks = 0] = holder.split(" ").map(Number);
  // It may be there and not yet written.
  if (!(pid > 0)) return false;
  const state = readRunState(openProcFs(), pid);
  return state === null || state.isDead || state.startTimeTicks !== startTicks;
}
