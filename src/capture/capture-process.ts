// Copies the memory of a running process: prepare everything, stop it, copy, let it go on, then index the copy.
// Nothing is written to the target and nothing is started in it. This file is the order of events; each step has its own.

import { fail, ok, type Result } from "../base/result.ts";
import { createImage } from "../cpython/image-plan.ts";
import type { MemoryImage } from "../cpython/memory-image.ts";
import type { Progress } from "../model/progress.ts";
import type { TargetError } from "../model/target-error.ts";
import { allocateCopyBuffer, touchCopyBuffer } from "./copy-buffer.ts";
import { type Attempt, attemptCopy, type CopiedMemory } from "./copy-attempt.ts";
import { checkMemoryLimit, estimateCopyMs } from "./copy-estimate.ts";
import { type Inspect, openTarget, type OpenTarget } from "./open-target.ts";
import { createOutsideReader } from "./outside-reader.ts";
import { isStopped } from "./pause-target.ts";
import { openProcFs, type ProcFs } from "./proc-fs.ts";
import type { ProcessMapping } from "./proc-maps.ts";
import { type MemoryRollup, readMemoryRollup } from "./proc-memory.ts";
import type { ReadAt } from "./read-at.ts";
import { type ResumeWatchdog, startResumeWatchdog } from "./resume-watchdog.ts";
import { surveyTarget } from "./target-survey.ts";
import type { TargetFacts } from "./classify-target.ts";

export interface CaptureOptions {
  /** The target never stands still longer than this. */
  readonly maxPauseMs: number;
  readonly progress: Progress;
  /** Put the copy into a SharedArrayBuffer, for worker threads. */
  readonly shared?: boolean;
  readonly inspect?: Inspect;
  /** It runs no code and never will, like a copy made by fork that sleeps: it is neither stopped nor resumed. */
  readonly isAsleep?: boolean;
  /** How often `inspect` may say "retry" before the copy is taken all the same; 10 if not given. */
  readonly maxRetries?: number;
  readonly proc?: ProcFs;
}

export interface CaptureFacts extends TargetFacts, MemoryRollup {
  /** Somebody else had stopped it; we left it so. */
  readonly wasStopped: boolean;
  /** Pauses it took, those that ended in "retry" included. */
  readonly pauses: number;
  /** `inspect` still said "retry" when the copy was taken. */
  readonly takenDespiteInspect: boolean;
  /** Pages that exist and that the kernel would not give; zeros in the copy. */
  readonly unreadablePages: number;
}

export interface CapturedProcess extends Disposable {
  readonly image: MemoryImage;
  /** As they were while the target stood still. */
  readonly mappings: readonly ProcessMapping[];
  /** From before SIGSTOP until after SIGCONT, the pause that was copied in. */
  readonly pauseMs: number;
  /** The part of it until the last thread stood still. */
  readonly stopMs: number;
  readonly copiedBytes: number;
  /** Milliseconds since 1970. */
  readonly takenAtMs: number;
  readonly facts: CaptureFacts;
  /** A file the target has mapped, by its path in `mappings`; works after the target has gone. */
  openMappedFile(path: string): ReadAt | null;
}

const MAX_RETRIES = 10;
/** A thread may wait in the kernel once, for a page or for a child; again and again it is stuck. */
const LATE_RETRIES = 2;
const SPARE_GROWTH = 4;
/** 1 GiB and four fifths of the target: systems refuse address space far beyond their memory. */
const LARGEST_SPARE = 16;
/** Far above the limit; below it a try is worth it, because the estimate is taken from a running target. */
const HOPELESS = 2;

export async function captureProcess(
  pid: number,
  options: CaptureOptions,
): Promise<Result<CapturedProcess, TargetError>> {
  const proc = options.proc ?? openProcFs();
  const opened = openTarget(pid, proc);
  if (!opened.ok) return opened;
  const target = opened.value;
  let captured: Result<CapturedProcess, TargetError> | null = null;
  try {
    captured = await captureOpened(proc, target, options);
    return captured;
  } finally {
    if (captured?.ok !== true) target[Symbol.dispose]();
  }
}

async function captureOpened(
  proc: ProcFs,
  target: OpenTarget,
  options: CaptureOptions,
): Promise<Result<CapturedProcess, TargetError>> {
  const { pid, startTimeTicks } = target.facts;
  const wasStopped = options.isAsleep === true || isStopped(proc, pid);
  // Its start-up runs beside the preparation.
  const starting = wasStopped ? Promise.resolve(null) : startResumeWatchdog(pid, startTimeTicks);
  try {
    const prepared = await prepareBuffer(proc, target, options);
    const watchdog = await starting;
    if (!prepared.ok) return prepared;
    if (watchdog === null && !wasStopped)
      return fail({ code: "cannot-stop", pid, detail: "the watchdog that would resume it if we die did not start" });
    const memory = readMemoryRollup(proc, pid);
    const copied = await copyWithRetries({ proc, target, options, watchdog }, prepared.value);
    return copied.ok ? ok(toCaptured(target, copied.value, memory.ok ? memory.value : NO_ROLLUP, wasStopped)) : copied;
  } finally {
    await (await starting)?.[Symbol.asyncDispose]();
  }
}

const NO_ROLLUP: MemoryRollup = { rssBytes: 0, sharedBytes: 0, swapBytes: 0 };

/** Memory for the copy, touched; refused when there is too little of it or of time. */
async function prepareBuffer(
  proc: ProcFs,
  target: OpenTarget,
  options: CaptureOptions,
  spareFactor = 1,
): Promise<Result<ArrayBufferLike, TargetError>> {
  const { pid } = target.facts;
  const survey = await surveyTarget(proc, pid);
  if (!survey.ok) return survey;
  const { plan } = survey.value;
  const tooLarge = checkMemoryLimit(proc, pid, plan.bytes);
  if (tooLarge !== null) return fail(tooLarge);
  const buffer = allocateCopyBuffer(plan, pid, options.shared === true, spareFactor);
  if (!buffer.ok) return buffer;
  await touchCopyBuffer(buffer.value, plan, options.progress);
  const estimatedMs = await estimateCopyMs(proc, pid, buffer.value, plan);
  if (estimatedMs < HOPELESS * options.maxPauseMs) return buffer;
  return fail({
    code: "pause-limit",
    pid,
    limitMs: options.maxPauseMs,
    copiedBytes: 0,
    totalBytes: plan.bytes,
    estimatedMs,
  });
}

interface CopyWork {
  readonly proc: ProcFs;
  readonly target: OpenTarget;
  readonly options: CaptureOptions;
  /** Null for a target that stands still already. */
  readonly watchdog: ResumeWatchdog | null;
}

interface TakenCopy extends CopiedMemory {
  readonly pauses: number;
  readonly takenDespiteInspect: boolean;
}

async function copyWithRetries(work: CopyWork, firstBuffer: ArrayBufferLike): Promise<Result<TakenCopy, TargetError>> {
  const { proc, target, options, watchdog } = work;
  const maxRetries = options.maxRetries ?? MAX_RETRIES;
  let buffer = firstBuffer;
  let spareFactor = 1;
  let timesLate = 0;
  let attempt: Attempt | null = null;
  for (let tries = 0; tries <= maxRetries + 2; tries++) {
    const mustTake = tries >= maxRetries;
    attempt = await attemptCopy({
      proc,
      target,
      watchdog,
      buffer,
      isAsleep: options.isAsleep === true,
      inspect: options.inspect,
      mustTake,
      maxPauseMs: options.maxPauseMs,
    });
    if (attempt.kind === "copied") return ok({ ...attempt.memory, pauses: tries + 1 });
    if (attempt.kind === "failed") return fail(attempt.error);
    if (attempt.kind === "late") {
      timesLate += 1;
      if (timesLate > LATE_RETRIES) return fail(cannotStop(target.facts.pid, attempt));
    }
    if (attempt.kind === "outgrown") {
      // What was room enough for a moment's growth is not for this target; room that stays unused costs nothing.
      spareFactor = Math.min(spareFactor * SPARE_GROWTH, LARGEST_SPARE);
      const larger = await prepareBuffer(proc, target, options, spareFactor);
      if (!larger.ok) return larger;
      buffer = larger.value;
    } else {
      await new Promise((resolve) => setTimeout(resolve, waitMs(tries)));
    }
  }
  return fail(cannotStop(target.facts.pid, attempt));
}

function cannotStop(pid: number, last: Attempt | null): TargetError {
  if (last?.kind === "outgrown")
    return { code: "cannot-stop", pid, detail: "it maps memory faster than we can prepare for" };
  if (last?.kind === "late") {
    const { taskId = pid, state = "?" } = last.straggler ?? {};
    return { code: "cannot-stop", pid, detail: `thread ${taskId} stays in state ${state}` };
  }
  return { code: "cannot-stop", pid, detail: "something else resumed it while it was being copied" };
}

/** 5 to 20 ms, never in step with a periodic target. */
function waitMs(tries: number): number {
  return 5 + ((tries * 7) % 16);
}

function toCaptured(target: OpenTarget, copy: TakenCopy, rollup: MemoryRollup, wasStopped: boolean): CapturedProcess {
  const { mappings, plan } = copy.survey;
  const outside = createOutsideReader(mappings, copy.memory, target.files);
  return {
    image: createImage(plan.image, copy.buffer, copy.copiedBytes, outside),
    mappings,
    pauseMs: copy.pauseMs,
    stopMs: copy.stopMs,
    copiedBytes: copy.copiedBytes,
    takenAtMs: copy.takenAtMs,
    facts: {
      ...target.facts,
      ...rollup,
      wasStopped,
      pauses: copy.pauses,
      takenDespiteInspect: copy.takenDespiteInspect,
      unreadablePages: copy.unreadablePages,
    },
    openMappedFile: (path) => target.files.open(path),
    [Symbol.dispose]: () => {
      copy.memory[Symbol.dispose]();
      target[Symbol.dispose]();
    },
  };
}
