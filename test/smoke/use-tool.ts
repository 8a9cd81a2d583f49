// The shortest useful session with the tool, the same for every way of installing and running it.

import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { expect } from "vitest";

import { startHoldingProcess } from "./holding-process.ts";

const LIMIT_MS = 60_000;

/** Runs `--help`, `doctor`, `snapshot` and `top` in `folder`, with `start` as the words before the command. */
export async function useTool(start: readonly string[], folder: string): Promise<void> {
  const [program = "", ...before] = start;
  const run = (...args: string[]): string =>
    execFileSync(program, [...before, ...args], { cwd: folder, encoding: "utf8", timeout: LIMIT_MS });
  using target = await startHoldingProcess();
  const pid = String(target.pid);

  expect(run("--help")).toMatch(/snapshot .*\n.*top /);
  expect(JSON.parse(run("doctor", pid, "--json"))).toMatchObject({ schema: "deadweight/doctor@1", readable: true });

  const file = join(folder, "heap.dwsnap");
  expect(JSON.parse(run("snapshot", pid, "-o", file, "--json"))).toMatchObject({ schema: "deadweight/snapshot@1" });
  expect(run("top", file)).toContain(target.holder);
}
