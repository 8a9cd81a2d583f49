// From a process or a core file to a snapshot in memory. The copy of the target's memory is let go before this returns.

import { isAllocationFailure } from "../base/allocation-failure.ts";
import { fail, ok, type Result } from "../base/result.ts";
import { redactCommand } from "../base/secrets.ts";
import { type CapturedProcess, captureProcess } from "../capture/capture-process.ts";
import { openCore } from "../capture/core-file.ts";
import { isCollecting } from "../cpython/collector-state.ts";
import { openProcFs } from "../capture/proc-fs.ts";
import type { HeapAnalysis } from "../heap/analyse.ts";
import { type HeapOrigin, readHeap } from "../heap/read-heap.ts";
import type { Snapshot } from "../heap/snapshot.ts";
import type { Progress } from "../model/progress.ts";
import type { TargetError } from "../model/target-error.ts";
import type { HeapSource } from "../heap/walk/read-objects.ts";
import { type Helper, startHelpers, threadCount } from "../workers/helper-threads.ts";
import { analyseInThreads, readHeapInThreads } from "../workers/read-heap-in-threads.ts";
import { collectNow } from "./collect-now.ts";
import { immediateSignals } from "./immediate-signals.ts";
import { identify, identifyProcess } from "./identify-target.ts";

export interface ReadTargetOptions {
  /** The target never stands still longer than this. */
  readonly maxPauseMs: number;
  /** Keep string values, not only structure and names. */
  readonly values: boolean;
  readonly progress: Progress;
  /** Ctrl-C is heard when the heap has been read, instead of ending us while it is: there is more to lose than this heap. */
  readonly hearsSignalsLater?: boolean;
  /** What is read is a sleeping copy of another process: this is said of it. */
  readonly standsFor?: Partial<HeapOrigin>;
  /** For a core file: the interpreter that wrote it. */
  readonly executable?: string;
  /** For a core file: folder that stands for "/" when its files are looked for. */
  readonly sysroot?: string;
}

/** A heap, and its analysis where helper threads had it done by the way. */
export interface TargetHeap {
  readonly snapshot: Snapshot;
  readonly analysis: HeapAnalysis | null;
}

export async function readProcess(pid: number, options: ReadTargetOptions): Promise<Result<Snapshot, TargetError>> {
  const read = await readProcessHeap(pid, options, false);
  return read.ok ? ok(read.value.snapshot) : read;
}

/** As `readProcess`. `isAnalysed`: the analysis will be asked for too, so that helpers may make it. */
export async function readProcessHeap(
  pid: number,
  options: ReadTargetOptions,
  isAnalysed: boolean,
): Promise<Result<TargetHeap, TargetError>> {
  const known = identifyProcess(pid);
  if (!known.ok) return known;
  const { interpreter, layout } = known.value;
  // Helpers start up while the target is copied.
  await using threads = startHelpers(isWorthHelpers(pid) ? threadCount() - 1 : 0);
  const read = await copyAndRead(pid, { interpreter, layout }, options, threads.helpers);
  if (!read.ok) return read;
  const snapshot = read.value;
  // The copy is garbage by now, and as large as the target.
  collectNow();
  return ok({ snapshot, analysis: isAnalysed ? await analyseTogether(snapshot, threads.helpers) : null });
}

async function copyAndRead(
  pid: number,
  known: Pick<HeapSource, "interpreter" | "layout">,
  options: ReadTargetOptions,
  helpers: readonly Helper[],
): Promise<Result<Snapshot, TargetError>> {
  const { interpreter, layout } = known;
  const captured = await captureProcess(pid, {
    maxPauseMs: options.maxPauseMs,
    progress: options.progress,
    shared: helpers.length > 0,
    isAsleep: options.standsFor !== undefined,
    inspect: (memory) => (isCollecting(memory, interpreter, layout) ? "retry" : "take"),
  });
  if (!captured.ok) return captured;
  using copy = captured.value;
  options.progress({ phase: "reading the copy", done: 0, total: null, unit: "objects" });
  const source = { image: copy.image, interpreter, layout };
  const origin = { ...originOf(pid, copy), ...options.standsFor };
  // Awaited here: the copy is let go of when this returns. The target runs again, and no file is open for writing.
  using _signals = options.hearsSignalsLater === true ? null : immediateSignals();
  return await refusable(source, pid, () =>
    helpers.length === 0 ? readAlone(source, origin, options) : readTogether(source, origin, options, helpers),
  );
}

/** Memory that the system does not give us is an expected failure. */
async function refusable(
  { image }: HeapSource,
  pid: number | null,
  read: () => Result<Snapshot, TargetError> | Promise<Result<Snapshot, TargetError>>,
): Promise<Result<Snapshot, TargetError>> {
  try {
    return await read();
  } catch (error) {
    if (!isAllocationFailure(error)) throw error;
    return fail({ code: "too-large", pid, bytes: image.copiedBytes, limitBytes: null });
  }
}

function readAlone(
  { image, interpreter, layout }: HeapSource,
  origin: HeapOrigin,
  options: ReadTargetOptions,
): Result<Snapshot, TargetError> {
  return readHeap(image, interpreter, layout, origin, options);
}

async function readTogether(
  source: HeapSource,
  origin: HeapOrigin,
  options: ReadTargetOptions,
  helpers: readonly Helper[],
): Promise<Result<Snapshot, TargetError>> {
  try {
    return await readHeapInThreads(source, origin, options, helpers);
  } catch (error) {
    // Whoever is left works on what nobody will read.
    await Promise.all(helpers.map((helper) => helper.end()));
    // A mistake of ours shows up again when the heap is read alone; what a helper died of need not.
    const detail = error instanceof Error ? error.message : String(error);
    const warnings = [...origin.warnings, `Reading in several threads failed (${detail}); the heap was read in one.`];
    return readAlone(source, { ...origin, warnings }, options);
  }
}

/** Null when nobody is there to help, or the helper died: whoever needs an analysis then makes it alone. */
async function analyseTogether(snapshot: Snapshot, [helper]: readonly Helper[]): Promise<HeapAnalysis | null> {
  if (helper === undefined) return null;
  try {
    return await analyseInThreads(snapshot, helper);
  } catch {
    return null;
  }
}

/**
 * Below this helpers cost more than they save: each compiles the hot functions for itself, about 0.4 s of CPU. On two
 * cores the balance is even at some 2 M objects; see bench/method.md, "Analysis".
 */
const HELPERS_FROM_BYTES = 128 << 20;

function isWorthHelpers(pid: number): boolean {
  const statm = openProcFs().readText(`${pid}/statm`);
  const residentPages = statm.ok ? Number(statm.value.split(" ")[1]) : 0;
  return residentPages * 4096 >= HELPERS_FROM_BYTES;
}

function originOf(pid: number, copy: CapturedProcess): HeapOrigin {
  const { facts, takenAtMs, pauseMs } = copy;
  const warnings: string[] = [];
  if (facts.unreadablePages > 0)
    warnings.push(`${facts.unreadablePages} pages of the process could not be read; objects in them are missing.`);
  return {
    source: "live",
    takenAtMs,
    pid,
    processStartTicks: facts.startTimeTicks,
    command: redactCommand(facts.command),
    executable: facts.executable,
    pauseMs,
    memory: { rssBytes: facts.rssBytes, sharedBytes: facts.sharedBytes, swapBytes: facts.swapBytes },
    warnings,
  };
}

export async function readCore(file: string, options: ReadTargetOptions): Promise<Result<Snapshot, TargetError>> {
  const opened = await openCore(file, options);
  if (!opened.ok) return opened;
  using core = opened.value;
  const known = identify(core.mappings, (path) => core.openMappedFile(path), core.memory, core.pid);
  if (!known.ok) return known;
  const { interpreter, layout } = known.value;
  const source = { image: core.image, interpreter, layout };
  const origin: HeapOrigin = {
    source: "core",
    takenAtMs: core.takenAtMs,
    pid: core.pid,
    processStartTicks: null,
    command: redactCommand(core.command),
    executable: interpreter.file,
    pauseMs: null,
    memory: { rssBytes: null, sharedBytes: null, swapBytes: null },
    warnings: core.warnings,
  };
  using _signals = immediateSignals();
  return await refusable(source, core.pid, () => readAlone(source, origin, options));
}
