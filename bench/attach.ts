// What attaching costs a process, and whether each call is run exactly once. Method: bench/method.md, "Attaching".
// Run: node_modules/.bin/tsx bench/attach.ts [CALLS] [ROUNDS] [PYTHON]...; 60, 15 and every interpreter found if not given.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { attachProbe } from "../src/app/attach/attach-probe.ts";
import { runInTarget } from "../src/app/attach/run-in-target.ts";
import { findInterpreters } from "../test/support/interpreters.ts";

const [calls = 60, rounds = 15] = process.argv.slice(2, 4).map(Number);
const given = process.argv.slice(4);
const COUNT = "import __main__\n__main__.calls.append(1)\nanswer = len(__main__.calls)";
const ATTACH = { waitSeconds: 30, gdb: false, say: (): void => {} };
const PROJECT = join(import.meta.dirname, "..");

interface Target {
  readonly child: ChildProcess;
  readonly pid: number;
  readonly ask: () => Promise<number>;
}

async function start(python: string, script: string, words: readonly string[] = []): Promise<Target> {
  const child = spawn(python, [join(PROJECT, script), ...words], { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout });
  await once(lines, "line");
  const ask = async (): Promise<number> => {
    child.stdin.write("gap\n");
    const [line] = (await once(lines, "line")) as [string];
    return Number(line);
  };
  return { child, pid: child.pid ?? 0, ask };
}

/** Runs a call again and again in the middle of four threads; false when one was lost or ran twice. */
async function exactlyOnce(python: string): Promise<string> {
  const { child, pid } = await start(python, "test/app/attach/targets/busy.py", ["4"]);
  const pauses: number[] = [];
  let count = 0;
  for (let n = 1; n <= calls; n++) {
    const ran = await runInTarget(pid, COUNT, { thread: n % 2 === 0 ? "any" : "main", beginWithinMs: 30_000 });
    if (!ran.ok) return `call ${n}: ${JSON.stringify(ran.error)}`;
    count = Number(ran.value.answer);
    pauses.push(ran.value.pauseMs);
    if (count !== n) break;
  }
  const code = child.exitCode;
  child.kill();
  return `${count} of ${calls} once, alive ${code === null}, stopped ${spread(pauses)} ms`;
}

/** Largest holes that a loop sees, in turn: nothing happens, a call, a whole attach and detach. */
async function gaps(python: string): Promise<string> {
  const { child, pid, ask } = await start(python, "bench/targets/gaps.py");
  const [none, call, attach]: [number[], number[], number[]] = [[], [], []];
  for (let round = 0; round < rounds; round++) {
    await ask();
    await sleep(400);
    none.push(await ask());
    await runInTarget(pid, COUNT);
    call.push(await ask());
    const attached = await attachProbe(pid, ATTACH);
    if (!attached.ok) return JSON.stringify(attached.error);
    await attached.value.connection.request("ping");
    await attached.value[Symbol.asyncDispose]();
    await sleep(100);
    attach.push(await ask());
  }
  child.kill();
  return `worst gap without ${spread(none)}, call ${spread(call)}, attach and leave ${spread(attach)} ms`;
}

function spread(values: readonly number[]): string {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number): string => (sorted[Math.floor(share * (sorted.length - 1))] ?? NaN).toFixed(1);
  return `${at(0)}/${at(0.5)}/${at(1)}`;
}

for (const python of given.length > 0 ? given : findInterpreters().map(({ path }) => path)) {
  console.log(`${python}\n  ${await exactlyOnce(python)}\n  ${await gaps(python)} (least/median/most)`);
}
