// Runs a command to its end by way of spawn.py: what it cost, and that nothing of it is left when we are interrupted.

import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { orAbort } from "./target.ts";

const WRAPPER: string = join(import.meta.dirname, "spawn.py");

export interface Command {
  readonly words: readonly string[];
  /** Any interpreter, for spawn.py. */
  readonly python: string;
  readonly folder: string;
  /** Gets what the command prints; what it complains about goes beside it, in `.err`. */
  readonly output: string;
  readonly limitSeconds: number;
}

/** What spawn.py prints. */
export interface Spent {
  readonly exitCode: number;
  readonly stopped: boolean;
  readonly wallSeconds: number;
  readonly cpuSeconds: number;
  readonly peakMib: number;
}

/** Throws with one sentence when the command failed or took too long, and with the reason of the signal. */
export async function spend(command: Command, interrupted: AbortSignal): Promise<Spent> {
  const spent = await run(command, interrupted);
  if (spent.stopped) throw new Error(tooLong(command.limitSeconds));
  if (spent.exitCode !== 0) throw new Error(`exit code ${spent.exitCode}: ${lastLine(command.output)}`);
  return spent;
}

export function tooLong(seconds: number): string {
  return `not done after ${seconds} s`;
}

async function run(command: Command, interrupted: AbortSignal): Promise<Spent> {
  interrupted.throwIfAborted();
  const wrapper = spawn(command.python, [WRAPPER, String(command.limitSeconds), command.output, ...command.words], {
    cwd: command.folder,
    stdio: ["ignore", "pipe", "inherit"],
    detached: true,
  });
  const gone = new Promise((resolve) => {
    wrapper.once("exit", resolve);
    wrapper.once("error", resolve);
  });
  const lines = createInterface({ input: wrapper.stdout })[Symbol.asyncIterator]();
  try {
    const line = await orAbort(lines.next(), interrupted);
    if (line.done === true) throw new Error(`${command.words[0]} could not be started`);
    return JSON.parse(line.value) as Spent;
  } finally {
    wrapper.kill("SIGTERM");
    await gone;
  }
}

function lastLine(output: string): string {
  const lines = [`${output}.err`, output].map((file) => readFileSync(file, "utf8").trim().split("\n").at(-1));
  return lines.find((line) => line !== undefined && line !== "") ?? "it said nothing";
}
