// What may happen to a process while it is diagnosed: each ends with what was seen until then, or with one sentence.

import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, it, vi } from "vitest";
import { type AskedTarget, diagnoseProcess, type DiagnoseAsked } from "../../../src/app/diagnose/diagnose-process.ts";
import type { Result } from "../../../src/base/result.ts";
import type { Progress } from "../../../src/model/progress.ts";
import type { Diagnosis } from "../../../src/model/diagnosis.ts";
import { listProcesses } from "../../../src/capture/list-processes.ts";
import { openProcFs } from "../../../src/capture/proc-fs.ts";
import { readStat } from "../../../src/capture/proc-stat.ts";
import { endProcess, waitForLine } from "../../capture/start-target.ts";
import { findInterpreters } from "../../support/interpreters.ts";

const SERVED = join(import.meta.dirname, "served");
const PYTHON = findInterpreters().at(-1)!.path;
const LONGEST_MS = 120_000;

/** Ended when it is disposed: hooks of a test do not know which of several at a time they belong to. */
async function fragile(
  what: "exit" | "kill" | "exec" | "fork" | "nothing",
): Promise<{ readonly pid: number } & AsyncDisposable> {
  const child = spawn(PYTHON, [join(SERVED, "fragile.py"), what], { stdio: ["ignore", "pipe", "inherit"] });
  await waitForLine(child, "ready");
  return { pid: child.pid ?? 0, [Symbol.asyncDispose]: () => endProcess(child) };
}

/** Does something once, when the watch has lasted so long. */
function after(seconds: number, act: () => void): Progress {
  let isDone = false;
  return ({ phase, done }) => {
    if (isDone || phase !== "watching" || done < seconds) return;
    isDone = true;
    act();
  };
}

/** Proof needs ten (src/watch/series-rules.ts). */
const SEEN_ENOUGH_SECONDS = 12;

/** The diagnosis, or the sentence why there is none. */
async function diagnosed(
  target: AskedTarget,
  forSeconds: number,
  more: Partial<DiagnoseAsked> = {},
): Promise<{ readonly report: Diagnosis | null; readonly said: string }> {
  const found: Result<Diagnosis, { readonly message: string }> = await diagnoseProcess({
    target,
    forSeconds,
    samplesPerSecond: 4,
    snapshots: null,
    load: null,
    keepFolder: null,
    compareFile: null,
    maxPauseMs: 30_000,
    toolVersion: "test",
    progress: () => {},
    signal: new AbortController().signal,
    ...more,
  });
  return found.ok
    ? { report: found.value, said: found.value.warnings.join("\n") }
    : { report: null, said: found.error.message };
}

const byPid = (pid: number): AskedTarget => ({ kind: "pid", pid });
const command = (...words: readonly string[]): AskedTarget => ({ kind: "command", words });

function scratchFolder(): { readonly folder: string } & Disposable {
  const folder = mkdtempSync(join(tmpdir(), "dw-faults-"));
  return { folder, [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) };
}

describe.concurrent("what was seen until then is judged when the process", { timeout: LONGEST_MS }, () => {
  it.each([
    ["exit", "ends", /The process ended after \d+ s; what had been seen until then is judged\./],
    ["kill", "is killed", /The process (ended|was gone) after \d+ s/],
    ["exec", "starts another program", /The process started another program \(exec\) after \d+ s/],
  ] as const)("%s: %s", async (what, _, sentence) => {
    await using target = await fragile(what);
    const progress = after(SEEN_ENOUGH_SECONDS, () => process.kill(target.pid, "SIGUSR1"));
    const { report, said } = await diagnosed(byPid(target.pid), 40, { progress, snapshots: 12 });
    expect(said).toMatch(sentence);
    expect(report?.leaks[0]?.holder.name, JSON.stringify(report?.because)).toBe("REGISTRY");
    expect(report?.window.seconds).toBeLessThan(35);
  });

  it("forks children that it replaces: they are nothing to us", async () => {
    await using target = await fragile("fork");
    const { report } = await diagnosed(byPid(target.pid), SEEN_ENOUGH_SECONDS);
    expect(report?.target.pid).toBe(target.pid);
    expect(report?.leaks[0]?.holder.name, JSON.stringify(report?.because)).toBe("REGISTRY");
  });

  it("is stopped in the middle: the time is named, and it goes on being stopped", async () => {
    await using target = await fragile("nothing");
    const progress = after(4, () => process.kill(target.pid, "SIGSTOP"));
    const { report, said } = await diagnosed(byPid(target.pid), 12, { progress });
    expect(said).toMatch(
      /The process stood still for \S+ % of the time, stopped by a signal \(SIGSTOP\) or a debugger/,
    );
    expect(report?.window.snapshots).toBeGreaterThan(1);
    expect(stateOf(target.pid)).toBe("T");
    process.kill(target.pid, "SIGCONT");
  });

  it("is no longer waited for: Ctrl-C", async () => {
    await using target = await fragile("nothing");
    const interruption = new AbortController();
    const progress = after(SEEN_ENOUGH_SECONDS, () => interruption.abort());
    const asked = { signal: interruption.signal, progress, snapshots: 36 };
    const { report, said } = await diagnosed(byPid(target.pid), 120, asked);
    expect(said).toMatch(/It was interrupted after \S+ s of 2 min; what had been seen until then is judged\./);
    expect(report?.leaks[0]?.holder.name, JSON.stringify(report?.because)).toBe("REGISTRY");
  });
});

function childrenOf(pid: number): readonly number[] {
  return listProcesses(openProcFs())
    .filter((each) => each.parentPid === pid)
    .map((each) => each.pid);
}

/** T stopped, Z ended; X when there is none. */
function stateOf(pid: number): string {
  const stat = readStat(openProcFs(), pid);
  return stat.ok ? stat.value.state : "X";
}

describe.concurrent("one sentence when", { timeout: LONGEST_MS }, () => {
  it.each([
    ["exit", /^Process \d+ ended after \S+ m?s, before a second snapshot could be taken\. /],
    ["exec", /^Process \d+ started another program \(exec\) after \S+ m?s, before a second snapshot/],
  ] as const)("there is one snapshot only: %s", async (what, sentence) => {
    using scratch = scratchFolder();
    const { folder } = scratch;
    await using target = await fragile(what);
    const progress = after(0, () => process.kill(target.pid, "SIGUSR1"));
    const asked = { snapshots: 2, keepFolder: folder, progress };
    const { report, said } = await diagnosed(byPid(target.pid), 30, asked);
    expect(report).toBeNull();
    expect(said).toMatch(sentence);
    expect(said).toContain(`The first snapshot is kept: deadweight top ${folder}/`);
    expect(readdirSync(folder).length).toBe(1);
  });

  it("a worker ends that its supervisor replaces: the newer one is named", async ({ onTestFinished }) => {
    const lines = [
      "import subprocess, sys",
      "worker = [sys.executable, sys.argv[1], 'exit']",
      "first = subprocess.Popen(worker)",
      "print(first.pid, flush=True)",
      "first.wait()",
      "subprocess.Popen(worker).wait()",
    ];
    const supervisor = spawn(PYTHON, ["-c", lines.join("\n"), join(SERVED, "fragile.py")]);
    const pid = await new Promise<number>((settle) =>
      supervisor.stdout.once("data", (text) => settle(Number.parseInt(String(text)))),
    );
    onTestFinished(() => {
      for (const each of childrenOf(supervisor.pid ?? 0)) process.kill(each, "SIGKILL");
      supervisor.kill("SIGKILL");
    });
    await delay(1500);
    const progress = after(1, () => process.kill(pid, "SIGUSR1"));
    const { said } = await diagnosed(byPid(pid), 30, { progress, snapshots: 2 });
    expect(said).toMatch(/^Process \d+ ended after .* Its parent \d+ has started 1 process since, \d+ the last: /);
  });

  it("the process is a zombie", async ({ onTestFinished }) => {
    const parent = spawn(PYTHON, [
      "-c",
      "import os, time\nprint(os.spawnl(os.P_NOWAIT, '/bin/true', 'true'), flush=True)\ntime.sleep(60)",
    ]);
    onTestFinished(() => void parent.kill("SIGKILL"));
    const pid = await new Promise<number>((settle) => parent.stdout.once("data", (text) => settle(Number(text))));
    await delay(500);
    const { said } = await diagnosed(byPid(pid), 10);
    expect(said).toMatch(/zombie|has ended/);
  });

  it("the process is of another program, or there is none", async ({ onTestFinished }) => {
    expect((await diagnosed(byPid(2 ** 22 + 1), 10)).said).toMatch(/no process/i);
    const sleeping = spawn("sleep", ["60"]);
    onTestFinished(() => void sleeping.kill("SIGKILL"));
    expect((await diagnosed(byPid(sleeping.pid ?? 0), 10)).said).toMatch(/Python/);
  });
});

describe.concurrent("the disk is full", { timeout: LONGEST_MS }, () => {
  const folder = mkdtempSync(join(tmpdir(), "dw-full-"));
  const mounted = spawnSync("sh", ["-c", 'mount -t tmpfs -o size=64m tmpfs "$0"', folder], { encoding: "utf8" });
  const isFull = mounted.status === 0;
  const why = isFull ? "" : ` SKIPPED, no file system of its own: ${mounted.stderr.trim()}`;

  it.skipIf(!isFull)(`later: the diagnosis is made, and whole files stay${why}`, async ({ onTestFinished }) => {
    onTestFinished(() => {
      spawnSync("sh", ["-c", 'umount "$0"', folder]);
      rmSync(folder, { recursive: true, force: true });
    });
    await using target = await fragile("nothing");
    const fill = after(0, () => void spawnSync("dd", ["if=/dev/zero", `of=${join(folder, "full")}`, "bs=64k"]));
    const asked = { keepFolder: folder, progress: fill };
    const { report, said } = await diagnosed(byPid(target.pid), SEEN_ENOUGH_SECONDS, asked);
    expect(said).toMatch(/Of the snapshots the first \w+ (is|are) kept: .*(space|full)/i);
    expect(report?.leaks[0]?.holder.name).toBe("REGISTRY");
    // No half file is left behind.
    expect(readdirSync(folder).toSorted()).toEqual([`deadweight-${target.pid}-01.dwsnap`, "full"]);
  });

  it("from the start: said before anybody waits", async () => {
    await using target = await fragile("nothing");
    const beganMs = performance.now();
    const { report, said } = await diagnosed(byPid(target.pid), 60, { keepFolder: "/dev/full/heaps" });
    expect(report).toBeNull();
    expect(said).toContain("/dev/full/heaps");
    expect(performance.now() - beganMs).toBeLessThan(30_000);
  });
});

describe.concurrent("a command that", { timeout: LONGEST_MS }, () => {
  it.each([
    ["cannot be started", command("/no/such/program"), /`\/no\/such\/program` could not be started \(.*ENOENT.*\)$/],
    ["ends at once", command("true"), /`true` ended with exit code 0 before a Python process came of it/],
    ["fails at once", command("sh", "-c", "exit 7"), /ended with exit code 7 before a Python process came of it/],
    [
      "never becomes Python",
      command("sleep", "600"),
      /runs, but no Python process that can be read came of it in 15 s/,
    ],
    ["is Python and ends", command(PYTHON, "-c", "import time; time.sleep(1)"), /ended with exit code 0 as soon as/],
  ])("%s", async (_, target, sentence) => {
    const { report, said } = await diagnosed(target, 10);
    expect(report).toBeNull();
    expect(said).toMatch(sentence);
  });

  it("runs behind a shell is found, watched and ended", async () => {
    const line = `${PYTHON} ${join(SERVED, "fragile.py")} nothing; true`;
    const { report } = await diagnosed(command("sh", "-c", line), SEEN_ENOUGH_SECONDS);
    expect(report?.leaks[0]?.holder.name).toBe("REGISTRY");
    const pid = report?.target.pid ?? 0;
    await delay(500);
    expect(["Z", "X"]).toContain(stateOf(pid));
  });
});

// Alone: the clock is everybody's.
describe("the clock of the machine", { timeout: LONGEST_MS }, () => {
  it("is set back by an hour, again and again: growth keeps its direction", async ({ onTestFinished }) => {
    await using target = await fragile("nothing");
    const clock = Date.now.bind(Date);
    let hours = 0;
    const setBack: Progress = ({ phase }) => {
      if (phase === "watching") hours += 1;
    };
    const real = vi.spyOn(Date, "now").mockImplementation(() => clock() - hours * 3_600_000);
    onTestFinished(() => real.mockRestore());
    const { report } = await diagnosed(byPid(target.pid), SEEN_ENOUGH_SECONDS, { progress: setBack, snapshots: 7 });
    expect(report?.leaks[0]?.holder.name, JSON.stringify(report?.because)).toBe("REGISTRY");
    expect(report?.leaks[0]?.leaked.countGrowth).toBeGreaterThan(0);
  });
});
