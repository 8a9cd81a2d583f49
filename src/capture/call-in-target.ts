// Leaves a call in a running interpreter: everything is looked up first, then the process is stopped for some milliseconds, its
// queue is checked and written, and it goes on. Who takes the call, and when, is the interpreter's business. The stop has a use of
// its own: from 3.14 on a wait that a signal interrupts (epoll_wait, not accept) looks for scripts before it goes on.

import { fail, ok, type Result } from "../base/result.ts";
import type { CallingThread, CallPlan } from "../cpython/call-plan.ts";
import type { Interpreter } from "../cpython/interpreter.ts";
import type { OutsideReader } from "../cpython/memory-image.ts";
import { layoutForVersion, supportedVersions } from "../cpython/layout-for-version.ts";
import { planPendingCall } from "../cpython/pending-calls.ts";
import { planRemoteExec, REMOTE_EXEC_MINORS } from "../cpython/remote-exec.ts";
import { versionText } from "../cpython/version-text.ts";
import type { AttachError } from "../model/attach-error.ts";
import { checkDebugOffsets, DEBUG_OFFSETS_BYTES } from "../cpython/debug-offsets.ts";
import { findInterpreter } from "./find-interpreter.ts";
import { type OpenTarget, openTarget } from "./open-target.ts";
import { createMemoryReader } from "./outside-reader.ts";
import { isStopped, stopProcess, waitUntilRunning } from "./pause-target.ts";
import { openProcFs, type ProcFs } from "./proc-fs.ts";
import { findMapping } from "./proc-maps.ts";
import { type ResumeWatchdog, startResumeWatchdog } from "./resume-watchdog.ts";
import { beginPause, standStill, type TargetPause } from "./target-pause.ts";
import { urgently } from "./urgent.ts";
import { writeMemory } from "./write-memory.ts";

/** What the interpreter is to run: a line of Python, and a file with that line for those that take a file (3.14+). */
export interface CallToMake {
  readonly text: string;
  readonly file: string;
  readonly thread: CallingThread;
}

export interface CallLeft {
  readonly versionHex: number;
  /** From before SIGSTOP until after SIGCONT; 0 when somebody else had stopped it. */
  readonly pauseMs: number;
  readonly wasStopped: boolean;
  /** Only the main thread can take it. */
  readonly isForMainThread: boolean;
  /** Addresses of what the interpreter exports. */
  readonly symbols: Interpreter["symbols"];
}

const MAX_PAUSE_MS = 250;
/** A queue that is just in use is free again in microseconds. */
const MOST_TRIES = 20;
const FIRST_MINOR_WITHOUT_QUEUE = 14;
const FIRST_MINOR_WITH_ANY_THREAD = 12;
const KNOWN = `final releases of Python ${supportedVersions[0]} to 3.${Math.max(...REMOTE_EXEC_MINORS)}`;

interface Work {
  readonly proc: ProcFs;
  readonly target: OpenTarget;
  readonly interpreter: Interpreter;
  readonly call: CallToMake;
}

type Attempt =
  | { readonly kind: "left"; readonly pauseMs: number }
  | { readonly kind: "busy"; readonly seen: string }
  | { readonly kind: "failed"; readonly error: AttachError };

/** Leaves the call or says why not; then nothing was written. About 60 ms, of which the process stands still a few. */
export async function callInTarget(
  pid: number,
  call: CallToMake,
  proc: ProcFs = openProcFs(),
): Promise<Result<CallLeft, AttachError>> {
  const opened = openTarget(pid, proc);
  if (!opened.ok) return opened;
  using target = opened.value;
  const interpreter = identify(proc, target);
  if (!interpreter.ok) return interpreter;
  const work: Work = { proc, target, interpreter: interpreter.value, call };
  const minor = minorOf(interpreter.value);
  const wasStopped = isStopped(proc, pid);
  const watchdog = wasStopped ? null : await startResumeWatchdog(pid, target.facts.startTimeTicks);
  try {
    if (watchdog === null && !wasStopped)
      return fail({ code: "cannot-stop", pid, detail: "the watchdog that would resume it if we die did not start" });
    const left = await leaveCall(work, watchdog);
    if (!left.ok) return left;
    return ok({
      versionHex: interpreter.value.versionHex,
      pauseMs: left.value,
      wasStopped,
      symbols: interpreter.value.symbols,
      isForMainThread:
        call.thread === "main" || minor < FIRST_MINOR_WITH_ANY_THREAD || minor >= FIRST_MINOR_WITHOUT_QUEUE,
    });
  } finally {
    await watchdog?.[Symbol.asyncDispose]();
  }
}

function minorOf({ versionHex }: Interpreter): number {
  return (versionHex >>> 16) & 0xff;
}

/** Fails for versions we must not write to, and where the interpreter's own record contradicts our table. */
function identify(proc: ProcFs, target: OpenTarget): Result<Interpreter, AttachError> {
  const { pid } = target.facts;
  const opened = proc.open(`${pid}/mem`);
  if (!opened.ok) return fail({ code: "exited-during-read", pid });
  using file = opened.value;
  const memory = createMemoryReader(file);
  const found = findInterpreter(
    target.mappings.filter((mapping) => mapping.inode !== 0),
    (path) => target.files.open(path),
    (address, length) => memory.read(address, length),
    { pid, supported: [...supportedVersions, ...REMOTE_EXEC_MINORS.map((minor) => `3.${minor}`)] },
  );
  if (!found.ok) return found;
  const interpreter = found.value;
  const version = versionText(interpreter.versionHex);
  const isFinal = ((interpreter.versionHex >>> 4) & 0xf) === 0xf;
  const layout = layoutForVersion(interpreter.versionHex);
  if (!isFinal || (layout === null && !REMOTE_EXEC_MINORS.includes(minorOf(interpreter))))
    return fail({ code: "attach-unknown-release", pid, version, known: KNOWN });
  const runtime = interpreter.symbols.get("_PyRuntime");
  if (layout === null || runtime === undefined) return ok(interpreter);
  const [problem] = checkDebugOffsets(memory.read(runtime, DEBUG_OFFSETS_BYTES), layout);
  return problem === undefined ? ok(interpreter) : fail({ code: "layout-mismatch", version, detail: problem });
}

async function leaveCall(work: Work, watchdog: ResumeWatchdog | null): Promise<Result<number, AttachError>> {
  const { pid } = work.target.facts;
  let seen = "";
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const attempt = watchdog === null ? standingStill(work, standStill()) : await paused(work, watchdog);
    if (attempt.kind === "left") return ok(attempt.pauseMs);
    if (attempt.kind === "failed") return fail(attempt.error);
    seen = attempt.seen;
    // Never in step with a periodic target.
    await new Promise((resolve) => setTimeout(resolve, 3 + ((tries * 7) % 16)));
  }
  return fail({ code: "attach-busy", pid, seen });
}

async function paused(work: Work, watchdog: ResumeWatchdog): Promise<Attempt> {
  const { proc, target } = work;
  const { pid } = target.facts;
  if (!(await watchdog.arm(MAX_PAUSE_MS)))
    return failed({ code: "cannot-stop", pid, detail: "the watchdog that would resume it if we die has gone" });
  const attempt = await stopped(work, watchdog);
  if (await waitUntilRunning(proc, target.facts)) return attempt;
  return failed({
    code: "cannot-stop",
    pid,
    detail: `it did not go on after SIGCONT; check its state with: ps -o pid,stat -p ${pid}`,
  });
}

async function stopped(work: Work, watchdog: ResumeWatchdog): Promise<Attempt> {
  const { proc, target } = work;
  const { pid } = target.facts;
  using _urgent = urgently();
  using pause = beginPause({ proc, target: target.facts, limitMs: MAX_PAUSE_MS, watchdog });
  const stop = await stopProcess(proc, target.facts, MAX_PAUSE_MS);
  switch (stop.kind) {
    case "gone":
      return failed({ code: "exited-during-read", pid });
    case "refused":
      return failed({ code: "cannot-stop", pid, detail: "the kernel does not let us send it SIGSTOP" });
    case "late":
      return { kind: "busy", seen: `thread ${stop.stragglers[0]?.taskId ?? pid} does not stop` };
    case "stopped":
      // The pause ends by its limit while we wait, never while we write: writing is one stretch without a wait.
      return pause.isOver() ? { kind: "busy", seen: "it took too long to stop" } : standingStill(work, pause);
  }
}

function standingStill(work: Work, pause: TargetPause): Attempt {
  const { proc, target, interpreter } = work;
  const { pid } = target.facts;
  const memory = proc.open(`${pid}/mem`);
  if (!memory.ok) return failed({ code: "exited-during-read", pid });
  using file = memory.value;
  const plan = planCall(work, createMemoryReader(file));
  const version = versionText(interpreter.versionHex);
  switch (plan.kind) {
    case "busy":
      return plan;
    case "refused":
      return failed({ code: "attach-unsound", pid, version, seen: plan.seen });
    case "forbidden":
      return failed({ code: "attach-forbidden", pid, by: null });
    case "write": {
      // The watchdog has a clock of its own, and others may send SIGCONT.
      if (!isStopped(proc, pid)) return { kind: "busy", seen: "something else resumed it" };
      const written = writeMemory(proc, pid, plan.writes);
      if (!written.ok) return failed({ code: "attach-no-write", pid, detail: written.error });
      pause.resume();
      return { kind: "left", pauseMs: pause.elapsedMs() };
    }
  }
}

function planCall({ target, interpreter, call }: Work, memory: OutsideReader): CallPlan {
  const layout = layoutForVersion(interpreter.versionHex);
  const runtime = interpreter.symbols.get("_PyRuntime");
  if (runtime === undefined) return { kind: "refused", seen: "it exports no runtime state" };
  if (layout === null || layout.pendingCalls === null)
    return planRemoteExec(memory, runtime, interpreter.versionHex, call.file);
  const isCode = (address: number): boolean => findMapping(target.mappings, address)?.executable === true;
  return planPendingCall(memory, layout, { interpreter, thread: call.thread, isCode }, call.text);
}

function failed(error: AttachError): Attempt {
  return { kind: "failed", error };
}
