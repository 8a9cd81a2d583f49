// What a gate of `npm run check` is. A gate that looked at nothing has failed, whatever its exit code says: a linter
// that cannot parse its input is often green.

import { spawn } from "node:child_process";

/** What one gate found. `looked` is how much it looked at, in `unit`s; null when it did not say. */
export interface GateResult {
  readonly problems: readonly string[];
  readonly looked: number | null;
  readonly unit: string;
}

export interface Gate {
  readonly name: string;
  readonly run: (root: string) => Promise<GateResult>;
}

/** Adds the failure that every gate shares: nothing was checked. */
export function judge(result: GateResult): { readonly passed: boolean; readonly problems: readonly string[] } {
  const problems = [...result.problems];
  if (result.looked === null || result.looked === 0) problems.push(`looked at 0 ${result.unit}: nothing was checked`);
  return { passed: problems.length === 0, problems };
}

export interface Finished {
  readonly code: number;
  readonly output: string;
}

/** Runs a program to its end and keeps what it printed, stdout and stderr in the order they came. */
export function runProgram(command: string, args: readonly string[], cwd: string): Promise<Finished> {
  return new Promise((settle, reject) => {
    const child = spawn(command, args, {
      cwd,
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, NO_COLOR: "1" },
    });
    const chunks: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => chunks.push(chunk));
    child.on("error", reject);
    child.on("close", (code) => settle({ code: code ?? 1, output: Buffer.concat(chunks).toString("utf8") }));
  });
}
