// A Python process that holds something with a name, for tests that run the built tool on it.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";

const PROGRAM = [
  "import sys",
  "LEDGER = {'entry-%d' % number: [number] * 10 for number in range(20000)}",
  "print('ready', flush=True)",
  "sys.stdin.read()",
].join("\n");

export interface HoldingProcess extends Disposable {
  readonly pid: number;
  /** What it holds, as the tool names it. */
  readonly holder: string;
}

/** Starts the process and waits until it holds what it should; it ends with the scope, or with us. */
export async function startHoldingProcess(): Promise<HoldingProcess> {
  const child: ChildProcess = spawn("python3", ["-c", PROGRAM], { stdio: ["pipe", "pipe", "inherit"] });
  const stop = (): void => {
    child.kill("SIGKILL");
  };
  if (child.stdout === null || child.pid === undefined) throw new Error("python3 did not start");
  await Promise.race([
    once(child.stdout, "data"),
    once(child, "exit").then(() => Promise.reject(new Error("python3 ended before it was ready"))),
  ]);
  return { pid: child.pid, holder: "LEDGER", [Symbol.dispose]: stop };
}
