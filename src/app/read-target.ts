// From a process or a core file to a snapshot in memory. The copy of the target's memory is let go before this returns.

import { type Result } from "../base/result.ts";
import { redactCommand } from "../base/secrets.ts";
import { captureProcess } from "../capture/capture-process.ts";
import { openCore } from "../capture/core-file.ts";
import { isCollecting } from "../cpython/collector-state.ts";
import { readHeap } from "../heap/read-heap.ts";
import type { Snapshot } from "../heap/snapshot.ts";
import type { Progress } from "../model/progress.ts";
import type { TargetError } from "../model/target-error.ts";
import { collectNow } from "./collect-now.ts";
import { identify, identifyProcess } from "./identify-target.ts";

export interface ReadTargetOptions {
  /** The target never stands still longer than this. */
  readonly maxPauseMs: number;
  /** Keep string values, not only structure and names. */
  readonly values: boolean;
  readonly progress: Progress;
  /** For a core file: the interpreter that wrote it. */
  readonly executable?: string;
}

export async function readProcess(pid: number, options: ReadTargetOptions): Promise<Result<Snapshot, TargetError>> {
  const known = identifyProcess(pid);
  if (!known.ok) return known;
  const { interpreter, layout } = known.value;
  const captured = await captureProcess(pid, {
    maxPauseMs: options.maxPauseMs,
    progress: options.progress,
    inspect: (memory) => (isCollecting(memory, interpreter, layout) ? "retry" : "take"),
  });
  if (!captured.ok) return captured;
  using copy = captured.value;
  const { facts } = copy;
  const warnings: string[] = [];
  if (facts.unreadablePages > 0)
    warnings.push(`${facts.unreadablePages} pages of the process could not be read; objects in them are missing.`);
  return readHeap(
    copy.image,
    interpreter,
    layout,
    {
      source: "live",
      takenAtMs: copy.takenAtMs,
      pid,
      command: redactCommand(facts.command),
      executable: facts.executable,
      pauseMs: copy.pauseMs,
      memory: { rssBytes: facts.rssBytes, sharedBytes: facts.sharedBytes, swapBytes: facts.swapBytes },
      warnings,
    },
    { ...options, collectNow },
  );
}

export async function readCore(file: string, options: ReadTargetOptions): Promise<Result<Snapshot, TargetError>> {
  const { executable, progress } = options;
  const opened = await openCore(file, executable === undefined ? { progress } : { progress, executable });
  if (!opened.ok) return opened;
  using core = opened.value;
  const known = identify(core.mappings, (path) => core.openMappedFile(path), core.memory, core.pid);
  if (!known.ok) return known;
  return readHeap(
    core.image,
    known.value.interpreter,
    known.value.layout,
    {
      source: "core",
      takenAtMs: core.takenAtMs,
      pid: core.pid,
      command: redactCommand(core.command),
      executable: known.value.interpreter.file,
      pauseMs: null,
      memory: { rssBytes: null, sharedBytes: null, swapBytes: null },
      warnings: core.warnings,
    },
    { ...options, collectNow },
  );
}
