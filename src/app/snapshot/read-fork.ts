// Reads a process through a sleeping copy of it: the process forks once and goes on, and we read the copy as long as we
// like. Reading breaks no copy-on-write, so what it costs is what the process itself writes to meanwhile.

import { fail, ok, type Result } from "../../base/result.ts";
import { redactCommand } from "../../base/secrets.ts";
import { classifyTarget } from "../../capture/classify-target.ts";
import { openProcFs, type ProcFs } from "../../capture/proc-fs.ts";
import { readMemoryRollup } from "../../capture/proc-memory.ts";
import { readStat } from "../../capture/proc-stat.ts";
import type { Snapshot } from "../../heap/snapshot.ts";
import type { AttachError } from "../../model/attach-error.ts";
import { runInTarget } from "../attach/run-in-target.ts";
import { readProcess, type ReadTargetOptions } from "../read-target.ts";
import { insideCall } from "./inside-call.ts";
import { type Leash, openLeash } from "./leash.ts";
import type { HelpedSnapshotError } from "./snapshot-way.ts";

/** A copy that nobody ends sleeps no longer. */
const MOST_SECONDS = 600;
/** Of a large process the copy takes a tenth of a second for each GiB, more on a busy machine. */
const COPY_WITHIN_MS = 60_000;

interface Copy {
  readonly pid: number;
  readonly startTimeTicks: number;
  /** How long the process stood still for it. */
  readonly pauseMs: number;
}

/** Writes to the process, which the caller must have been asked for. The copy is gone when this returns. */
export async function readForked(
  pid: number,
  options: ReadTargetOptions,
): Promise<Result<Snapshot, HelpedSnapshotError>> {
  const proc = openProcFs();
  const facts = classifyTarget(proc, pid);
  if (!facts.ok) return fail({ code: "heap", error: facts.error });
  const opened = await openLeash();
  if (!opened.ok) return fail({ code: "inside-failed", pid, detail: opened.error });
  await using leash = opened.value;
  const memory = readMemoryRollup(proc, pid);
  options.progress({ phase: "copying the process", done: 0, total: null, unit: "bytes" });
  const takenAtMs = Date.now();
  const made = await makeCopy(proc, pid, leash);
  if (!made.ok) return made;
  const copy = made.value;
  const end = (): void => endCopy(proc, copy);
  process.once("exit", end);
  try {
    const read = await readProcess(copy.pid, {
      ...options,
      // Nobody waits for the copy.
      maxPauseMs: Number.POSITIVE_INFINITY,
      standsFor: {
        takenAtMs,
        pid,
        processStartTicks: facts.value.startTimeTicks,
        command: redactCommand(facts.value.command),
        executable: facts.value.executable,
        pauseMs: copy.pauseMs,
        ...(memory.ok ? { memory: memory.value } : {}),
      },
    });
    return read.ok ? ok(read.value) : fail({ code: "heap", error: read.error });
  } finally {
    process.off("exit", end);
    end();
  }
}

async function makeCopy(proc: ProcFs, pid: number, leash: Leash): Promise<Result<Copy, HelpedSnapshotError>> {
  const source = insideCall({
    modules: ["_heap_twin"],
    expression: `_heap_twin.make(${JSON.stringify(leash.socketPath)}, ${MOST_SECONDS})`,
    goesOn: false,
  });
  const called = await runInTarget(pid, source, { endWithinMs: COPY_WITHIN_MS });
  if (!called.ok) return fail(insideError(pid, called.error));
  const [child = 0, pauseMs = 0] = called.value.answer.split(" ").map(Number);
  const stat = readStat(proc, child);
  if (!stat.ok || stat.value.parentPid !== pid)
    return fail({ code: "inside-failed", pid, detail: "its copy ended before it could be read" });
  return ok({ pid: child, startTimeTicks: stat.value.startTimeTicks, pauseMs: pauseMs + called.value.pauseMs });
}

/** A sentence from inside is one of ours, and needs no name of a Python exception before it. */
export function insideError(pid: number, error: AttachError): HelpedSnapshotError {
  if (error.code !== "attach-failed-inside") return { code: "attach", error };
  const detail = error.detail.replace(/^(?:SnapshotRefused|OSError|RuntimeError|CannotFork): (?:\[Errno \d+\] )?/, "");
  return { code: "inside-failed", pid, detail: detail.replace(/\.$/, "") };
}

/** Only what is still the copy: its number may be another's by now. */
function endCopy(proc: ProcFs, copy: Copy): void {
  const stat = readStat(proc, copy.pid);
  if (!stat.ok || stat.value.startTimeTicks !== copy.startTimeTicks || stat.value.state === "Z") return;
  try {
    process.kill(copy.pid, "SIGKILL");
  } catch {
    // It ended by itself, between our look and now.
  }
}
