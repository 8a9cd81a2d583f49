// A service of test/support that does a round of work for each line it is given, and says "ready" after each.

import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { readProcess } from "../../src/app/read-target.ts";
import type { Snapshot } from "../../src/heap/snapshot.ts";
import type { TestInterpreter } from "../support/interpreters.ts";

export interface Service extends AsyncDisposable {
  readonly pid: number;
  /** Settles when one more round is done. */
  work(): Promise<void>;
}

/** The service after its first round; `script` lies in test/support. */
export async function startService(python: TestInterpreter, script: string): Promise<Service> {
  const file = join(import.meta.dirname, "../support", script);
  const child = spawn(python.path, ["-B", file], { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ready = async (): Promise<void> => {
    const { value } = await lines.next();
    if (value !== "ready") throw new Error(`${script} said ${String(value)} instead of "ready"`);
  };
  await ready();
  return {
    pid: child.pid ?? 0,
    work: () => {
      child.stdin.write("\n");
      return ready();
    },
    [Symbol.asyncDispose]: async () => {
      const ended = new Promise((settle) => child.once("exit", settle));
      child.kill("SIGKILL");
      await ended;
    },
  };
}

/** Its heap as it stands. */
export async function snapshotOf(pid: number): Promise<Snapshot> {
  const read = await readProcess(pid, { maxPauseMs: 5000, values: false, progress: () => {} });
  if (!read.ok) throw new Error(read.error.code);
  return read.value;
}
