// One try to copy a target: stop, let the caller look, survey again, copy, resume, and see whether the copy can be trusted.

import { byteWindows } from "../base/byte-windows.ts";
import type { TargetError } from "../model/target-error.ts";
import { clearCopyBuffer } from "./copy-buffer.ts";
import { copyPages } from "./copy-pages.ts";
import type { Inspect, OpenTarget } from "./open-target.ts";
import { createMemoryReader } from "./outside-reader.ts";
import { isSameProcess, isStopped, stopProcess, waitUntilRunning } from "./pause-target.ts";
import type { OpenFile, ProcFs } from "./proc-fs.ts";
import type { TaskState } from "./proc-stat.ts";
import type { ResumeWatchdog } from "./resume-watchdog.ts";
import { beginPause, standStill, type TargetPause } from "./target-pause.ts";
import { surveyTarget, type TargetSurvey } from "./target-survey.ts";

export interface AttemptInput {
  readonly proc: ProcFs;
  readonly target: OpenTarget;
  /** Null when the target stands still already: it is then neither stopped nor resumed. */
  readonly watchdog: ResumeWatchdog | null;
  /** Stands still without being stopped; see CaptureOptions. */
  readonly isAsleep: boolean;
  readonly buffer: ArrayBufferLike;
  readonly inspect: Inspect | undefined;
  /** Copy even if `inspect` says "retry". */
  readonly mustTake: boolean;
  readonly maxPauseMs: number;
}

export interface CopiedMemory {
  readonly survey: TargetSurvey;
  readonly buffer: ArrayBufferLike;
  /** /proc/PID/mem, open; the owner of the copy closes it. */
  readonly memory: OpenFile;
  readonly copiedBytes: number;
  readonly unreadablePages: number;
  readonly pauseMs: number;
  readonly stopMs: number;
  readonly takenAtMs: number;
  readonly takenDespiteInspect: boolean;
}

/**
 * `busy`: inspect said no. `disturbed`: it ran while it was copied. `outgrown`: the buffer is too small by now. `late`: not
 * all of its threads stood still in time.
 */
export type Attempt =
  | { readonly kind: "copied"; readonly memory: CopiedMemory }
  | { readonly kind: "busy" | "disturbed" | "outgrown" }
  | { readonly kind: "late"; readonly straggler: TaskState | null }
  | { readonly kind: "failed"; readonly error: TargetError };

/** Our own limit strikes a little before the watchdog's. */
const LIMIT_MARGIN = 0.98;
/** A thread that does not stop within this is stuck in the kernel. */
const STOP_LIMIT_MS = 1000;

export async function attemptCopy(input: AttemptInput): Promise<Attempt> {
  const { proc, target, watchdog, maxPauseMs } = input;
  const { pid } = target.facts;
  if (watchdog === null) return copyStandingStill(input, standStill());
  if (!(await watchdog.arm(maxPauseMs)))
    return failed({ code: "cannot-stop", pid, detail: "the watchdog that would resume it if we die has gone" });
  const attempt = await copyPaused(input, watchdog);
  const isRunning = await waitUntilRunning(proc, target.facts);
  if (isRunning) return attempt;
  closeMemory(attempt);
  return failed({
    code: "cannot-stop",
    pid,
    detail: "it did not go on after SIGCONT; check its state with: ps -o pid,stat -p " + pid,
  });
}

async function copyPaused(input: AttemptInput, watchdog: ResumeWatchdog): Promise<Attempt> {
  const { proc, target, maxPauseMs } = input;
  const { pid } = target.facts;
  using pause = beginPause({ proc, target: target.facts, limitMs: maxPauseMs * LIMIT_MARGIN, watchdog });
  const stop = await stopProcess(proc, target.facts, Math.min(STOP_LIMIT_MS, maxPauseMs));
  switch (stop.kind) {
    case "gone":
      return failed({ code: "exited-during-read", pid });
    case "refused":
      return failed({ code: "cannot-stop", pid, detail: "the kernel does not let us send it SIGSTOP" });
    case "late":
      return { kind: "late", straggler: stop.stragglers[0] ?? null };
    case "stopped":
      // Not without `await`: the pause would be over before the copy begins.
      return await copyStandingStill(input, pause);
  }
}

async function copyStandingStill(input: AttemptInput, pause: TargetPause): Promise<Attempt> {
  const { proc, target } = input;
  const { pid } = target.facts;
  const takenAtMs = Date.now();
  const stopMs = pause.elapsedMs();
  // Opened now and not before: a descriptor keeps the address space of its time, and the target may have called exec.
  const memory = proc.open(`${pid}/mem`);
  if (!memory.ok) return failed({ code: "exited-during-read", pid });
  const wantsRetry = input.inspect?.(createMemoryReader(memory.value), target) === "retry";
  const attempt =
    wantsRetry && !input.mustTake ? ({ kind: "busy" } as const) : await copyAll(input, pause, memory.value);
  if (attempt.kind !== "copied") {
    memory.value[Symbol.dispose]();
    return attempt;
  }
  return { kind: "copied", memory: { ...attempt.memory, stopMs, takenAtMs, takenDespiteInspect: wantsRetry } };
}

async function copyAll(input: AttemptInput, pause: TargetPause, memory: OpenFile): Promise<Attempt> {
  const { proc, target, buffer, maxPauseMs } = input;
  const { pid } = target.facts;
  const surveyed = await surveyTarget(proc, pid);
  if (!surveyed.ok) return failed(surveyed.error);
  const survey = surveyed.value;
  if (survey.plan.image.bufferBytes > buffer.byteLength) return { kind: "outgrown" };
  const outcome = await copyPages(memory, byteWindows(buffer, buffer.byteLength), survey.plan.jobs, () =>
    pause.isOver(),
  );
  const stoodStill = !pause.isOver() && (input.isAsleep || isStopped(proc, pid));
  pause.resume();
  const endedBy = pause.endedBy();
  // On a busy machine the watchdog's clock may strike before ours.
  if (endedBy === "limit" || (!stoodStill && pause.elapsedMs() >= maxPauseMs * LIMIT_MARGIN)) {
    return failed({
      code: "pause-limit",
      pid,
      limitMs: maxPauseMs,
      copiedBytes: outcome.copiedBytes,
      totalBytes: survey.plan.bytes,
      estimatedMs: null,
    });
  }
  if (endedBy !== null) return failed({ code: "interrupted", pid, signal: endedBy });
  if (outcome.gone || !isSameProcess(proc, target.facts)) return failed({ code: "exited-during-read", pid });
  if (!stoodStill) {
    clearCopyBuffer(buffer, survey.plan.jobs);
    return { kind: "disturbed" };
  }
  const pauseMs = pause.elapsedMs();
  return {
    kind: "copied",
    memory: { survey, buffer, memory, ...outcome, pauseMs, stopMs: 0, takenAtMs: 0, takenDespiteInspect: false },
  };
}

function failed(error: TargetError): Attempt {
  return { kind: "failed", error };
}

function closeMemory(attempt: Attempt): void {
  if (attempt.kind === "copied") attempt.memory.memory[Symbol.dispose]();
}
