// Stops a process, and lets it go on again. SIGSTOP stops every thread; a thread in the kernel stops when it comes back,
// so the stop is complete only when each is seen in state T. A process that stood still before we came is left alone.

import { setTimeout as delay } from "node:timers/promises";
import { errorCode, type ProcFs } from "./proc-fs.ts";
import { isDeadState, isStoppedState, readStat, readTaskStates, type TaskState } from "./proc-stat.ts";

/** One process for good: a pid alone may be given to another one. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly startTimeTicks: number;
}

/** What became of the wish to stop. */
export type StopOutcome =
  | { readonly kind: "stopped" }
  | { readonly kind: "gone" }
  | { readonly kind: "refused" }
  | { readonly kind: "late"; readonly stragglers: readonly TaskState[] };

/** First polls follow each other at once: most stops take less than a millisecond. */
const BUSY_POLLS = 50;
const RUNNING_LIMIT_MS = 1000;

export function isSameProcess(proc: ProcFs, target: ProcessIdentity): boolean {
  const stat = readStat(proc, target.pid);
  return stat.ok && stat.value.startTimeTicks === target.startTimeTicks && !isDeadState(stat.value.state);
}

/** Every thread that still exists stands still. */
export function isStopped(proc: ProcFs, pid: number): boolean {
  const stat = readStat(proc, pid);
  return (
    stat.ok && (isStoppedState(stat.value.state) || isDeadState(stat.value.state)) && stragglers(proc, pid).length === 0
  );
}

/** Sends SIGSTOP and waits until all threads stand still, at most `limitMs`. The caller resumes, whatever comes back. */
export async function stopProcess(proc: ProcFs, target: ProcessIdentity, limitMs: number): Promise<StopOutcome> {
  if (!isSameProcess(proc, target)) return { kind: "gone" };
  const code = signal(target.pid, "SIGSTOP");
  if (code !== "") return { kind: code === "ESRCH" ? "gone" : "refused" };
  const deadlineMs = performance.now() + limitMs;
  for (let polls = 0; ; polls++) {
    if (isStopped(proc, target.pid)) return { kind: isSameProcess(proc, target) ? "stopped" : "gone" };
    if (!isSameProcess(proc, target)) return { kind: "gone" };
    if (performance.now() > deadlineMs) return { kind: "late", stragglers: stragglers(proc, target.pid) };
    if (polls < BUSY_POLLS) await new Promise<void>((resolve) => setImmediate(resolve));
    else await delay(1);
  }
}

/** Sends SIGCONT unless the pid is known to be free or somebody else's: in doubt (no file left to open) it is sent. */
export function resumeProcess(proc: ProcFs, target: ProcessIdentity): void {
  const stat = readStat(proc, target.pid);
  const isOther = stat.ok ? stat.value.startTimeTicks !== target.startTimeTicks : stat.error === "absent";
  if (!isOther) signal(target.pid, "SIGCONT");
}

/** Waits until no thread stands still any more, asking again once in between. True also when the process has ended. */
export async function waitUntilRunning(proc: ProcFs, target: ProcessIdentity): Promise<boolean> {
  const startMs = performance.now();
  let askedAgain = false;
  for (;;) {
    if (!isSameProcess(proc, target)) return true;
    if (!readTaskStates(proc, target.pid).some((task) => task.state === "T")) return true;
    const waitedMs = performance.now() - startMs;
    if (waitedMs > RUNNING_LIMIT_MS) return false;
    if (waitedMs > RUNNING_LIMIT_MS / 2 && !askedAgain) {
      askedAgain = true;
      resumeProcess(proc, target);
    }
    await delay(1);
  }
}

function stragglers(proc: ProcFs, pid: number): TaskState[] {
  return readTaskStates(proc, pid).filter((task) => !isStoppedState(task.state) && !isDeadState(task.state));
}

/** The errno name, or "" when the signal was sent. */
function signal(pid: number, name: "SIGSTOP" | "SIGCONT"): string {
  try {
    process.kill(pid, name);
    return "";
  } catch (error) {
    return errorCode(error) === "" ? "EINVAL" : errorCode(error);
  }
}
