// The heap of a small program that says "ready" and waits.

import { readProcess } from "../../src/app/read-target.ts";
import type { Snapshot } from "../../src/heap/snapshot.ts";
import { startProcess } from "../capture/start-target.ts";
import type { TestInterpreter } from "../support/interpreters.ts";

/** Runs `program`, reads its heap when it is ready, and ends it. */
export async function snapshotOfProgram(python: TestInterpreter, program: string): Promise<Snapshot> {
  await using target = await startProcess(python.path, ["-B", "-c", program]);
  const read = await readProcess(target.pid, { maxPauseMs: 5000, values: false, progress: () => {} });
  if (!read.ok) throw new Error(read.error.code);
  return read.value;
}
