// The example service as a child process of the demo: started with a free port, stopped on every way out.

import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";

import { readableProgram } from "./allow-siblings.ts";

const FOLDER = join(import.meta.dirname, "../../examples/leaky-service");
const START_LIMIT_MS = 10_000;

export interface LeakyService extends Disposable {
  readonly pid: number;
  /** "http://127.0.0.1:41234". */
  readonly address: string;
  /** True when the kernel had to be told that the tool may read the service. */
  readonly permissionGiven: boolean;
}

/** Starts the service; rejects when it does not print its address in time. */
export async function startLeakyService(switches: readonly string[], signal: AbortSignal): Promise<LeakyService> {
  const { args, permissionGiven } = readableProgram(["-u", join(FOLDER, "service.py"), "--port", "0", ...switches]);
  const env = { ...process.env, PYTHONDONTWRITEBYTECODE: "1" };
  const child = spawn("python3", args, { stdio: ["ignore", "pipe", "inherit"], env });
  const stop = (): void => {
    child.kill("SIGKILL");
  };
  process.once("exit", stop);
  try {
    const address = await firstLine(child, signal);
    if (child.pid === undefined) throw new Error("the example service did not start");
    return { pid: child.pid, address: address.replace("listening on ", ""), permissionGiven, [Symbol.dispose]: stop };
  } catch (error) {
    stop();
    throw error;
  }
}

async function firstLine(child: ChildProcess, signal: AbortSignal): Promise<string> {
  if (child.stdout === null) throw new Error("the example service has no stdout");
  const limit = AbortSignal.any([signal, AbortSignal.timeout(START_LIMIT_MS)]);
  const lines = createInterface({ input: child.stdout, signal: limit });
  for await (const line of lines) return line;
  throw new Error("the example service ended, or was silent, before it printed its address");
}
