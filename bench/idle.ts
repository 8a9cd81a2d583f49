// What a probe that nobody asks anything costs: throughput of a program with it, paired with the same program without it before and after;
// and the CPU time of the probe's own thread. Method: bench/method.md, "Idle". Run: npx tsx bench/idle.ts [PAIRS] [PYTHON]...

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { attachProbe } from "../src/app/attach/attach-probe.ts";
import { findInterpreters } from "../test/support/interpreters.ts";

const [pairs = 9] = process.argv.slice(2, 3).map(Number);
const given = process.argv.slice(3);
const PHASE_MS = 1000;
const IDLE_MS = 20_000;
const ATTACH = { waitSeconds: 30, gdb: false, say: (): void => {} };

for (const python of given.length > 0 ? given : findInterpreters().map(({ path }) => path))
  console.log(`${python}\n  ${await throughput(python)}\n  ${await ownTime(python)}`);

/** CPU nanoseconds of a round of work with the probe, against the mean of those just before it came and just after it left. */
async function throughput(python: string): Promise<string> {
  const { child, pid, lines } = await start(python, ["bench/targets/allocating.py"]);
  const cost = async (): Promise<number> => {
    const asked = async (): Promise<number> => {
      child.stdin?.write("cost\n");
      const [line] = (await once(lines, "line")) as [string];
      return Number(line);
    };
    await asked();
    await sleep(PHASE_MS);
    return await asked();
  };
  const [attached, again]: [number[], number[]] = [[], []];
  for (let pair = 0; pair < pairs; pair++) {
    const before = await cost();
    const opened = await attachProbe(pid, ATTACH);
    if (!opened.ok) throw new Error(JSON.stringify(opened.error));
    const during = await cost();
    await opened.value[Symbol.asyncDispose]();
    const after = await cost();
    attached.push((2 * during) / (before + after));
    again.push(after / before);
  }
  child.kill();
  return `attached x${spread(attached)}, the same without it x${spread(again)} (least/median/most of ${pairs} pairs)`;
}

/** Nanoseconds that all threads but the main one ran, in a process whose main thread runs Python a hundred times a second. */
async function ownTime(python: string): Promise<string> {
  const waits = "import time\nprint('ready', flush=True)\nwhile True: time.sleep(0.01)";
  const { child, pid } = await start(python, ["-c", waits]);
  const opened = await attachProbe(pid, ATTACH);
  if (!opened.ok) throw new Error(JSON.stringify(opened.error));
  await using attached = opened.value;
  const shares: string[] = [];
  for (const perSecond of [0, 1, 10]) {
    await attached.connection.request("stats");
    await sleep(500);
    const timer =
      perSecond === 0 ? null : setInterval(() => void attached.connection.request("stats"), 1000 / perSecond);
    const before = otherThreadsNs(pid);
    await sleep(IDLE_MS);
    shares.push(`${((otherThreadsNs(pid) - before) / (IDLE_MS * 1e4)).toFixed(4)} % asked ${perSecond} times a second`);
    if (timer !== null) clearInterval(timer);
  }
  child.kill();
  return `its thread takes of a core: ${shares.join(", ")}`;
}

function otherThreadsNs(pid: number): number {
  return readdirSync(`/proc/${pid}/task`)
    .filter((task) => Number(task) !== pid)
    .map((task) => Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, "utf8").split(" ")[0]))
    .reduce((sum, each) => sum + each, 0);
}

async function start(
  python: string,
  words: readonly string[],
): Promise<{ readonly child: ChildProcess; readonly pid: number; readonly lines: ReturnType<typeof createInterface> }> {
  const child = spawn(python, words, { cwd: join(import.meta.dirname, ".."), stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout });
  await once(lines, "line");
  return { child, pid: child.pid ?? 0, lines };
}

function spread(values: readonly number[]): string {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number): string => (sorted[Math.floor(share * (sorted.length - 1))] ?? NaN).toFixed(3);
  return `${at(0)}/${at(0.5)}/${at(1)}`;
}
