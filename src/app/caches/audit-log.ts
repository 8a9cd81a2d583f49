// The audit log of an application on disk: appended to under a lock, flushed before what it announces is done.

import { createHash, type Hash as Hasher } from "node:crypto";
import {
  closeSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  truncateSync,
  writeSync,
} from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { fail, ok, type Result } from "../../base/result.ts";
import {
  type AuditEvent,
  type AuditLine,
  type ChainEnd,
  chained,
  type ChainFault,
  verifyChain,
  type VerifiedChain,
} from "../../govern/audit-chain.ts";
import { checkedPart, writeCheckpoint } from "./audit-checkpoint.ts";
import { takeAuditLock } from "./audit-lock.ts";

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
  const lock = await takeAuditLock(`${path}.lock`);
  if (!lock.ok) return lock;
  const tail = readTail(path);
  if (!tail.ok) {
    lock.value[Symbol.dispose]();
    return tail;
  }
  let { bytes, end } = tail.value;
  const { hasher } = tail.value;
  return ok({
    path,
    append: (op, event) => {
      const line = chained(end, { at: new Date().toISOString(), op, event }, sha256);
      const text = Buffer.from(`${JSON.stringify(line)}\n`, "utf8");
      const written = appendLine(path, text);
      if (!written.ok) return written;
      end = line;
      bytes += text.length;
      hasher.update(text);
      return ok(line);
    },
    [Symbol.dispose]: () => {
      if (end !== null) writeCheckpoint(`${path}.checked`, bytes, end, hasher);
      lock.value[Symbol.dispose]();
    },
  });
}

interface Tail {
  readonly bytes: number;
  /** Null for an empty log. */
  readonly end: ChainEnd | null;
  readonly hasher: Hasher;
}

/** The end of the log when all of it is whole. A last line that was cut short while it was written is taken away: it announced nothing. */
function readTail(path: string): Result<Tail, string> {
  const read = readLog(path);
  if (!read.ok) return read;
  const mended = mendEnd(path, read.value);
  if (!mended.ok) return mended;
  const log = mended.value;
  const { bytes, end, hasher } = checkedPart(`${path}.checked`, log);
  const { lines, fault } = verifyChain(linesOf(log.subarray(bytes)), sha256, end);
  if (fault !== null) return fail(brokenSentence(path, fault));
  return ok({ bytes: log.length, end: lines.at(-1) ?? end, hasher });
}

function mendEnd(path: string, log: Buffer): Result<Buffer, string> {
  const whole = log.lastIndexOf(NEWLINE) + 1;
  if (whole === log.length) return ok(log);
  // All of the line may be there but its end.
  const { lines } = verifyChain([log.toString("utf8", whole)], sha256);
  if (lines.length === 0) {
    const cut = truncated(path, whole);
    return cut.ok ? ok(log.subarray(0, whole)) : cut;
  }
  const ended = appendLine(path, Buffer.of(NEWLINE));
  return ended.ok ? ok(Buffer.concat([log, Buffer.of(NEWLINE)])) : ended;
}

/** An absent file is an empty log. Everything is checked. */
export function readAuditLog(path: string): Result<VerifiedChain, string> {
  const read = readLog(path);
  if (!read.ok) return read;
  const texts = linesOf(read.value);
  const { lines, fault } = verifyChain(texts, sha256);
  const isCutShort = read.value.length > 0 && read.value.at(-1) !== NEWLINE && fault?.line === texts.length;
  return ok({ lines, fault: isCutShort ? { line: texts.length, because: CUT_SHORT } : fault });
}

const NEWLINE = 10;
const CUT_SHORT =
  "was cut short while it was written, by a full disk or the end of the machine. What it was to announce was not done; the next command takes it away";

function readLog(path: string): Result<Buffer, string> {
  try {
    return ok(readFileSync(path));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === "ENOENT" ? ok(Buffer.alloc(0)) : fail(`The audit log ${path} cannot be read (${code}).`);
  }
}

function linesOf(log: Buffer): string[] {
  const texts = log.toString("utf8").split("\n");
  // Behind the last end of a line is nothing.
  if (texts.at(-1) === "") texts.pop();
  return texts;
}

export function sha256(text: string): string {
  return createHash("sha256").update(text, "utf8").digest("hex");
}

function brokenSentence(path: string, { line, because }: ChainFault): string {
  return `Line ${line} of the audit log ${path} ${because}. Nothing is changed while the log cannot be trusted: keep the file as evidence, and move it away to begin a new one.`;
}

/** All of it or nothing: what a full disk took half of is taken back. */
function appendLine(path: string, line: Buffer): Result<null, string> {
  let fd: number | null = null;
  try {
    fd = openSync(path, "a", 0o600);
    const before = fstatSync(fd).size;
    try {
      for (let done = 0; done < line.length; ) done += writeSync(fd, line, done);
      fsyncSync(fd);
    } catch (error) {
      ftruncateSync(fd, before);
      throw error;
    }
    return ok(null);
  } catch (error) {
    return fail(`The audit log ${path} cannot be written (${(error as NodeJS.ErrnoException).code}).`);
  } finally {
    if (fd !== null) closeSync(fd);
  }
}

function truncated(path: string, bytes: number): Result<null, string> {
  try {
    truncateSync(path, bytes);
    return ok(null);
  } catch (error) {
    return fail(`The audit log ${path} cannot be written (${(error as NodeJS.ErrnoException).code}).`);
  }
}
