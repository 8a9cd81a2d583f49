// Runs Python in a process that was not prepared for it, exactly once or not at all.

import { setTimeout as sleep } from "node:timers/promises";
import { fail, ok, type Result } from "../../base/result.ts";
import { callInTarget, type CallLeft } from "../../capture/call-in-target.ts";
import { classifyTarget } from "../../capture/classify-target.ts";
import { openProcFs, type ProcFs } from "../../capture/proc-fs.ts";
import { readStatus } from "../../capture/proc-status.ts";
import { remoteDebuggingForbiddenBy } from "../../capture/remote-debugging.ts";
import { waitingCall } from "../../capture/waiting-call.ts";
import type { CallingThread } from "../../cpython/call-plan.ts";
import type { AttachError } from "../../model/attach-error.ts";
import { type ExchangeFolder, makeExchangeFolder } from "./exchange-folder.ts";

export interface RunInTargetOptions {
  /** Which thread runs it: "main" (default), or "any" that is sooner at it (3.12 and 3.13 only). */
  readonly thread?: CallingThread;
  /** How long the process may take to begin; 10 s if not given. Then the call is withdrawn and never runs. */
  readonly beginWithinMs?: number;
  /** How long it may take once it has begun; 30 s if not given. */
  readonly endWithinMs?: number;
  /** Called once, when nobody has taken the call within a second; a sentence's part, as "it waits in accept". */
  readonly onArmed?: (waitsIn: string | null) => void;
  /** Withdraws the call. */
  readonly signal?: AbortSignal;
  /** Takes the call there when it is not taken by itself; see call-with-gdb.ts. */
  readonly byForce?: (left: CallLeft, exchange: ExchangeFolder) => Promise<AttachError | null>;
}

export interface RanInTarget {
  /** What `source` left in its variable `answer`, as text. */
  readonly answer: string;
  readonly versionHex: number;
  /** How long the process stood still for the call to be written. */
  readonly pauseMs: number;
}

const BEGIN_WITHIN_MS = 10_000;
const END_WITHIN_MS = 30_000;
const SAY_ARMED_AFTER_MS = 1000;
const LOOK_EVERY_MS = 2;
const LOOK_EVERY_AT_MOST_MS = 50;
const FIRST_WITHOUT_QUEUE = 0x030e0000;

/**
 * Executes `source` in process `pid`, in a namespace of its own in which `answer` (text) is given back. The program sees no
 * name, module or exception of it; what `source` itself does, it sees. Runs in the middle of whatever the thread does, so
 * `source` must be short: the program's thread waits for it.
 *
 * A call that is not taken in time is withdrawn and never runs. Fails before anything is written when the process forbids it,
 * belongs to somebody else, or does not look as its version of CPython does. Leaves no file.
 */
export async function runInTarget(
  pid: number,
  source: string,
  options: RunInTargetOptions = {},
): Promise<Result<RanInTarget, AttachError>> {
  const proc = openProcFs();
  const refusal = refuseBeforehand(proc, pid);
  if (refusal !== null) return fail(refusal);
  const made = makeExchangeFolder(pid, source);
  if (!made.ok) return made;
  using exchange = made.value;
  const { line: text, lineFile: file } = exchange;
  const left = await callInTarget(pid, { text, file, thread: options.thread ?? "main" }, proc);
  if (!left.ok) return left;
  const notTaken = await untilTaken({ proc, pid, exchange, left: left.value, options });
  if (notTaken !== null) return fail(notTaken);
  const answer = await untilAnswered(proc, pid, exchange, options.endWithinMs ?? END_WITHIN_MS);
  const { versionHex, pauseMs } = left.value;
  return answer.ok ? ok({ answer: answer.value, versionHex, pauseMs }) : answer;
}

/** What needs no look at memory. */
function refuseBeforehand(proc: ProcFs, pid: number): AttachError | null {
  const facts = classifyTarget(proc, pid);
  if (!facts.ok) return facts.error;
  const by = remoteDebuggingForbiddenBy(proc, pid);
  if (by !== null) return { code: "attach-forbidden", pid, by };
  const status = readStatus(proc, pid);
  const ourUid = process.geteuid?.() ?? 0;
  if (!status.ok || status.value.effectiveUid === ourUid) return null;
  return { code: "attach-other-user", pid, ownerUid: status.value.effectiveUid, ourUid };
}

interface Waiting {
  readonly proc: ProcFs;
  readonly pid: number;
  readonly exchange: ExchangeFolder;
  readonly left: CallLeft;
  readonly options: RunInTargetOptions;
}

/** Null when the process has taken the call; else it was withdrawn. */
async function untilTaken(waiting: Waiting): Promise<AttachError | null> {
  const { proc, pid, exchange, left, options } = waiting;
  const startMs = performance.now();
  const limitMs = options.beginWithinMs ?? BEGIN_WITHIN_MS;
  let isSaid = false;
  for (let looks = 0; exchange.isWaiting(); looks++) {
    const waitedMs = performance.now() - startMs;
    if (!proc.list(`${pid}/task`).ok) return { code: "exited-during-read", pid };
    if (waitedMs > limitMs || options.signal?.aborted === true) return takeBack(waiting, waitedMs);
    if (!isSaid && waitedMs > SAY_ARMED_AFTER_MS) {
      isSaid = true;
      const forced = await options.byForce?.(left, exchange);
      if (forced !== undefined) return forced;
      options.onArmed?.(waitingCall(proc, pid));
    }
    await sleep(Math.min(LOOK_EVERY_MS + looks / 4, LOOK_EVERY_AT_MOST_MS));
  }
  return null;
}

/** Null when the process took the call just before. */
function takeBack({ proc, pid, exchange, left }: Waiting, waitedMs: number): AttachError | null {
  if (!exchange.withdraw()) return null;
  return {
    code: "attach-not-taken",
    pid,
    seconds: Math.round(waitedMs / 1000),
    waitsIn: waitingCall(proc, pid),
    canUseGdb: left.versionHex < FIRST_WITHOUT_QUEUE,
  };
}

async function untilAnswered(
  proc: ProcFs,
  pid: number,
  exchange: ExchangeFolder,
  limitMs: number,
): Promise<Result<string, AttachError>> {
  const startMs = performance.now();
  for (let looks = 0; performance.now() - startMs < limitMs; looks++) {
    const outcome = exchange.outcome();
    if (outcome?.startsWith("ok ") === true) return ok(outcome.slice(3));
    if (outcome !== null) return fail({ code: "attach-failed-inside", pid, detail: outcome.replace(/^failed /, "") });
    if (!proc.list(`${pid}/task`).ok) return fail({ code: "exited-during-read", pid });
    await sleep(Math.min(LOOK_EVERY_MS + looks / 4, LOOK_EVERY_AT_MOST_MS));
  }
  return fail({ code: "attach-failed-inside", pid, detail: `it has not ended within ${limitMs / 1000} s` });
}
