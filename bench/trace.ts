// What a window of allocations costs a process: before, attached, while it is open, after it, and when the probe has left. CPU time
// of the program's own thread per round of work. Method: bench/method.md, "Tracing".
// Run: node_modules/.bin/tsx bench/trace.ts [ROUNDS] [PYTHON]...; 5 and every interpreter found if not given.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { attachProbe } from "../src/app/attach/attach-probe.ts";
import { findInterpreters } from "../test/support/interpreters.ts";

const [rounds = 5] = process.argv.slice(2, 3).map(Number);
const given = process.argv.slice(3);
const PHASES = ["plain", "attached", "1 frame", "8 frames", "after", "left"] as const;
const PHASE_MS = 1500;

async function costs(python: string): Promise<ReadonlyMap<string, number>> {
  const script = join(import.meta.dirname, "targets", "allocating.py");
  const child = spawn(python, [script], { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout });
  await once(lines, "line");
  const ask = async (): Promise<number> => {
    child.stdin.write("cost\n");
    const [line] = (await once(lines, "line")) as [string];
    return Number(line);
  };
  const measure = async (): Promise<number> => {
    await ask();
    await sleep(PHASE_MS);
    return await ask();
  };
  const least = new Map<string, number>();
  const keep = (phase: (typeof PHASES)[number], cost: number): void =>
    void least.set(phase, Math.min(least.get(phase) ?? Infinity, cost));
  for (let round = 0; round < rounds; round++) {
    keep("plain", await measure());
    const opened = await attachProbe(child.pid ?? 0, { waitSeconds: 30, gdb: false, say: () => {} });
    if (!opened.ok) throw new Error(JSON.stringify(opened.error));
    const { connection } = opened.value;
    keep("attached", await measure());
    for (const frames of [1, 8] as const) {
      await connection.request("trace-start", { frames });
      keep(frames === 1 ? "1 frame" : "8 frames", await measure());
      await connection.request("trace-stop", { limit: 1 });
    }
    keep("after", await measure());
    await opened.value[Symbol.asyncDispose]();
    keep("left", await measure());
  }
  child.kill();
  return least;
}

for (const python of given.length > 0 ? given : findInterpreters().map(({ path }) => path)) {
  const least = await costs(python);
  const plain = least.get("plain") ?? NaN;
  const shown = PHASES.map((phase) => `${phase} x${((least.get(phase) ?? NaN) / plain).toFixed(2)}`);
  console.log(`${python}: ${plain} ns a round; ${shown.join(", ")}`);
}
