// test/app/watch/containers.py with a line in and a line out.

import { join } from "node:path";
import { createInterface } from "node:readline";
import { spawn } from "node:child_process";
import { onTestFinished } from "vitest";
import { readProcess } from "../../../src/app/read-target.ts";
import { pickGauges } from "../../../src/heap/queries/gauges.ts";
import { analyse } from "../../../src/heap/analyse.ts";
import { settleOwners } from "../../../src/heap/holders/ownership.ts";
import type { Gauge } from "../../../src/model/gauge.ts";
import { endProcess } from "../../capture/start-target.ts";

export type Sizes = Readonly<Record<string, number>>;

export interface ContainerProgram extends AsyncDisposable {
  readonly pid: number;
  /** Name -> address of the container. */
  readonly addresses: Sizes;
  /** Sends a command and gives the answer. */
  ask(command: string): Promise<Sizes>;
  /** Sends a command that has no answer. */
  tell(command: string): void;
}

export async function startContainers(python: string): Promise<ContainerProgram> {
  const child = spawn(python, [join(import.meta.dirname, "containers.py")], { stdio: ["pipe", "pipe", "inherit"] });
  onTestFinished(() => endProcess(child));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const line = async (): Promise<string> => String((await lines.next()).value);
  const addresses = JSON.parse(await line()) as Sizes;
  if ((await line()) !== "ready") throw new Error("the program did not start");
  const tell = (command: string): void => void child.stdin.write(`${command}\n`);
  return {
    pid: child.pid ?? 0,
    addresses,
    tell,
    ask: async (command) => {
      tell(command);
      return JSON.parse(await line()) as Sizes;
    },
    [Symbol.asyncDispose]: () => endProcess(child),
  };
}

/** The gauges of a snapshot that is taken now. */
export async function gaugesOf(pid: number, limit?: number): Promise<Gauge[]> {
  const read = await readProcess(pid, { maxPauseMs: 5000, values: false, progress: () => {} });
  if (!read.ok) throw new Error(read.error.code);
  return pickGauges(settleOwners(analyse(read.value)), limit);
}
