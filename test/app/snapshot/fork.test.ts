// `snapshot --fork` on real processes: what the copy says, what it leaves behind, and who ends it.

import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, onTestFinished, test } from "vitest";
import { queryWhy } from "../../../src/app/heap-queries.ts";
import { readProcess } from "../../../src/app/read-target.ts";
import { readForked } from "../../../src/app/snapshot/read-fork.ts";
import { readFromInside } from "../../../src/app/snapshot/read-inside.ts";
import { explainHelpedError } from "../../../src/app/snapshot/snapshot-way.ts";
import { takeSnapshot } from "../../../src/app/take-snapshot.ts";
import type { Snapshot } from "../../../src/heap/snapshot.ts";
import { startProcess } from "../../capture/start-target.ts";
import { describeInterpreter, readableInterpreters, type TestInterpreter } from "../../support/interpreters.ts";
import { startHolding } from "./holding-program.ts";
import { expectSameHolders } from "./same-holders.ts";
import { ownTemporaries } from "../../support/own-temporaries.ts";

const OPTIONS = { maxPauseMs: 5000, values: false, progress: (): void => {} };
const LONG_MS = 240_000;

/** Runs Python now and then, and accepts a connection, reads a byte and closes it. */
const SERVER = `
import os, signal, socket, sys, time
heard = []
signal.signal(signal.SIGCHLD, lambda *_: heard.append("SIGCHLD"))
if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=lambda: heard.append("hook"), after_in_child=lambda: heard.append("hook"))
kept = {number: "kept%d" % number for number in range(2000)}
print("ready", flush=True)
while not os.path.exists(sys.argv[1]):
    time.sleep(0.01)
    try:
        waited = os.waitpid(-1, os.WNOHANG)
        heard.append("child %r" % (waited,))
    except ChildProcessError:
        pass
print("heard", heard, flush=True)
sys.stdin.read()
`;

function childrenOf(pid: number): string[] {
  const all = readdirSync(`/proc/${pid}/task`).flatMap((task) => {
    try {
      return readFileSync(`/proc/${pid}/task/${task}/children`, "utf8").trim().split(" ");
    } catch {
      return [];
    }
  });
  return all.filter((child) => child !== "");
}

async function untilChildless(pid: number): Promise<void> {
  for (let looks = 0; looks < 2000 && childrenOf(pid).length > 0; looks++) await delay(10);
  expect(childrenOf(pid)).toEqual([]);
}

async function forked(pid: number): Promise<Snapshot> {
  const read = await readForked(pid, OPTIONS);
  if (!read.ok) throw new Error(explainHelpedError(read.error));
  return read.value;
}

function pathsOf(snapshot: Snapshot, selector: string): readonly string[] {
  const why = queryWhy(snapshot, selector);
  if (!why.ok) throw new Error(why.error.sentence);
  return why.value.subjects.flatMap(({ paths }) => paths.map(({ path }) => path));
}

const interpreters = readableInterpreters().map((python) => [describeInterpreter(python), python] as const);
const newest = interpreters.at(-1)?.[1] as TestInterpreter;

describe.each(interpreters)("%s", (_, python) => {
  test(
    "the copy says what the process says, and nothing is left",
    async () => {
      await using program = await startHolding(python);
      const telling = setInterval(() => void program.tell("calls"), 20);
      onTestFinished(() => clearInterval(telling));
      const copy = await forked(program.pid);
      clearInterval(telling);
      const outside = await readProcess(program.pid, OPTIONS);
      if (!outside.ok) throw new Error(outside.error.code);
      expect(copy.meta).toMatchObject({
        pid: program.pid,
        processStartTicks: outside.value.meta.processStartTicks,
        command: outside.value.meta.command,
      });
      expectSameHolders(copy, outside.value);
      expect(pathsOf(copy, "__main__.USERS")).toEqual(pathsOf(outside.value, "__main__.USERS"));
      expect(copy.threads.map(({ name }) => name).sort()).toEqual(["MainThread", "worker-1"]);
      await untilChildless(program.pid);
      expect(await program.tell("heard")).toBe("heard ");
    },
    LONG_MS,
  );

  test(
    "the process writes its heap down itself when it is told to from outside",
    async () => {
      await using program = await startHolding(python);
      const telling = setInterval(() => void program.tell("calls"), 20);
      onTestFinished(() => clearInterval(telling));
      const read = await readFromInside(program.pid, OPTIONS);
      clearInterval(telling);
      if (!read.ok) throw new Error(explainHelpedError(read.error));
      const outside = await readProcess(program.pid, OPTIONS);
      if (!outside.ok) throw new Error(outside.error.code);
      expectSameHolders(read.value, outside.value);
      await untilChildless(program.pid);
      const modules = JSON.stringify(queryWhy(outside.value, "sys.modules"));
      expect(modules).not.toContain("_deadweight_inside");
    },
    LONG_MS,
  );
});

test(
  "the program hears of no child, runs no at-fork hook, and what it closes is closed",
  async () => {
    const heard: string[] = [];
    const done = join("/tmp", `dw-fork-${process.pid}-done`);
    await using target = await startProcess(newest.path, ["-c", SERVER, done], undefined, (text) => heard.push(text));
    for (let round = 0; round < 3; round++) await forked(target.pid);
    await untilChildless(target.pid);
    execFileSync("touch", [done]);
    onTestFinished(() => void execFileSync("rm", ["-f", done]));
    while (!heard.join("").includes("heard")) await delay(10);
    expect(heard.join("")).toContain("heard []");
  },
  LONG_MS,
);

test(
  "the copy ends when the tool is killed",
  async () => {
    // What the tool makes stays when it is killed.
    using _own = ownTemporaries();
    await using target = await startProcess(newest.path, ["-c", BUSY]);
    const tool = spawn(
      process.execPath,
      [...tsxArguments(), join(import.meta.dirname, "fork-driver.ts"), String(target.pid)],
      { stdio: ["ignore", "pipe", "inherit"] },
    );
    onTestFinished(() => void tool.kill("SIGKILL"));
    await untilSaid(tool, "copied");
    expect(childrenOf(target.pid)).toHaveLength(1);
    tool.kill("SIGKILL");
    await untilChildless(target.pid);
  },
  LONG_MS,
);

test("what cannot be copied is refused in a sentence", async () => {
  const notOne = await takeSnapshot("/etc/hostname", "/nowhere.dwsnap", { ...OPTIONS, way: "fork" });
  expect(notOne.ok ? "" : explainHelpedError(notOne.error)).toBe(
    "--fork and --inside need a running process, and /etc/hostname is none: give its process ID, or leave the option out.",
  );
  const gone = await readForked(2 ** 22 - 1, OPTIONS);
  expect(gone.ok ? "" : explainHelpedError(gone.error)).toContain("There is no process");
});

test.each([
  ["no more processes", "import resource; resource.setrlimit(resource.RLIMIT_NPROC, (1, 1))", /did not make a copy/],
])(
  "a process that may not fork says so and goes on (%s)",
  async (_, before, sentence) => {
    // Root may have any number of processes.
    if (process.geteuid?.() === 0) return;
    await using target = await startProcess(newest.path, ["-c", `${before}\n${BUSY}`]);
    const read = await readForked(target.pid, OPTIONS);
    expect(read.ok ? "" : explainHelpedError(read.error)).toMatch(sentence);
  },
  LONG_MS,
);

test(
  "a worker that runs without threads is refused, and nothing is left in it",
  async () => {
    const like = `import sys, types; module = types.ModuleType("uwsgi"); module.opt = {"workers": b"1"}; sys.modules["uwsgi"] = module`;
    await using target = await startProcess(newest.path, ["-c", `${like}\n${BUSY}`]);
    for (const read of [await readForked(target.pid, OPTIONS), await readFromInside(target.pid, OPTIONS)])
      expect(read.ok ? "" : explainHelpedError(read.error)).toMatch(
        /^Process \d+ took no snapshot of itself, and goes on as before: this uWSGI worker runs without threads/,
      );
    expect(childrenOf(target.pid)).toEqual([]);
  },
  LONG_MS,
);

const BUSY = "import time; print('ready', flush=True)\nwhile True: time.sleep(0.01)";

function tsxArguments(): string[] {
  return ["--import", "tsx"];
}

async function untilSaid(child: ChildProcess, word: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    child.stdout?.on("data", (chunk: Buffer) => {
      if (chunk.toString().includes(word)) resolve();
    });
    child.once("exit", () => reject(new Error("the tool ended")));
  });
}
