// Watching real processes: one, several workers that come and go, far too many; snapshots at thresholds; our own memory.

import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, it, onTestFinished } from "vitest";
import { createFinder } from "../../../src/app/watch/find-workers.ts";
import { watchFleet } from "../../../src/app/watch/watch-fleet.ts";
import type { WatchAsked, WatchOutcome, WatchSession } from "../../../src/app/watch/watch-session.ts";
import type { WatchReport } from "../../../src/model/watch-report.ts";
import { endProcess, startProcess } from "../../capture/start-target.ts";
import { strictValidator } from "../../report/strict-schema.ts";
import { findInterpreters } from "../../support/interpreters.ts";

const python = findInterpreters().at(-1)!.path;

const GROWING = `
import functools, sys, time
REGISTRY = {}
@functools.lru_cache(maxsize=50)
def price(number):
    return number * 2
print("ready", flush=True)
number = 0
while True:
    for _ in range(20):
        number += 1
        REGISTRY[number] = "x" * 100
        price(number % 70)
        price(number % 7)
    time.sleep(0.02)
`;

/** Four workers of one parent; number 1 grows faster. A worker that ends is replaced. */
const WORKERS = `
import os, time
REGISTRY = {}
def work(fast):
    number = 0
    while True:
        for _ in range(200 if fast else 5):
            number += 1
            REGISTRY[number] = number
        time.sleep(0.02)
def start(at):
    if os.fork() == 0:
        work(at == 1)
for at in range(4):
    start(at)
print("ready", flush=True)
while True:
    os.wait()
    start(9)
`;

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), "dw-watch-"));
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

function asked(target: WatchAsked["target"], more: Partial<WatchAsked> = {}): WatchAsked {
  return {
    target,
    samplesPerSecond: 10,
    reportEveryMs: 300,
    forSeconds: null,
    load: null,
    maxPauseMs: 60_000,
    shelf: { folder: folder(), mostFiles: 20, mostBytes: 2 ** 30 },
    snapshotAt: [],
    record: null,
    metrics: null,
    otlp: null,
    toolVersion: "1.2.3",
    ...more,
  };
}

async function opened(request: WatchAsked): Promise<WatchSession> {
  const session = await watchFleet(request);
  if (!session.ok) throw new Error(session.error.message);
  return session.value;
}

/** Reports until one fits, at most 200. */
async function until(
  reports: ReturnType<WatchSession["reports"]>,
  fits: (report: WatchReport) => boolean,
): Promise<WatchReport> {
  for (let count = 0; count < 200; count++) {
    const next = await reports.next();
    if (next.done === true) throw new Error(`the watch ended: ${next.value.how} ${next.value.sentence}`);
    if (fits(next.value)) return next.value;
  }
  throw new Error("no report fits");
}

async function outcomeOf(reports: ReturnType<WatchSession["reports"]>): Promise<WatchOutcome> {
  for (;;) {
    const next = await reports.next();
    if (next.done === true) return next.value;
  }
}

describe("one process", () => {
  it("shows what grows, its caches and its signals, in the documented form", async () => {
    await using target = await startProcess(python, ["-c", GROWING]);
    await using session = await opened(asked({ kind: "pid", pid: target.pid, alone: true }));
    const report = await until(session.reports(), ({ processes: [first] }) => {
      const holder = first?.holders[0];
      return holder?.shape === "growing" && holder.perSecond > 10;
    });
    const [process] = report.processes;
    expect(process!.holders[0]).toMatchObject({ path: "sys.modules['__main__'].REGISTRY", type: "dict", bound: null });
    expect(process!.caches[0]).toMatchObject({ path: expect.stringContaining("price"), bound: 50, entries: 50 });
    expect(process!.caches[0]!.hits).toBeGreaterThan(0);
    expect(process!.memory.anonBytes).toBeGreaterThan(2 ** 20);
    expect(strictValidator("watch")(JSON.parse(JSON.stringify(report)))).toEqual([]);
  }, 60_000);

  it("ends with a sentence when the process does, and when it is told to", async () => {
    const target = await startProcess(python, ["-c", GROWING]);
    await using session = await opened(asked({ kind: "pid", pid: target.pid, alone: true }));
    const reports = session.reports();
    await reports.next();
    await target[Symbol.asyncDispose]();
    const end = await outcomeOf(reports);
    expect(end.how).toBe("gone");
    expect(end.sentence).toMatch(/^Nothing is left to watch\. Process \d+ ended after \S+ m?s\./);

    await using other = await startProcess(python, ["-c", GROWING]);
    await using told = await opened(asked({ kind: "pid", pid: other.pid, alone: true }, { reportEveryMs: 60_000 }));
    const rest = told.reports();
    const next = rest.next();
    told.end();
    expect(await next).toMatchObject({ done: true, value: { how: "told" } });
  }, 60_000);

  it.each([
    [{ kind: "pid", pid: 2 ** 22 + 1, alone: true }, /no process/],
    [{ kind: "match", pattern: /no program is called so 31415/ }, /has a command line that matches/],
    [{ kind: "pid", pid: process.pid, alone: true }, /this is the running command itself/],
  ] as const)("refuses %j with the reason", async (target, sentence) => {
    expect(await watchFleet(asked(target))).toMatchObject({
      ok: false,
      error: { message: expect.stringMatching(sentence) },
    });
  });
});

describe("workers of one parent", () => {
  it("are one view, with the odd one named; one that is recycled is followed on", async () => {
    await using parent = await startProcess(python, ["-c", WORKERS]);
    onTestFinished(() => endChildren(parent.pid));
    await using session = await opened(asked({ kind: "pid", pid: parent.pid, alone: false }));
    const reports = session.reports();
    const first = await until(reports, ({ sums }) => sums[0]?.processes === 4 && sums[0].outlier !== null);
    const pids = first.processes.map(({ pid }) => pid);
    expect(pids).toHaveLength(4);
    expect(pids).not.toContain(parent.pid);
    expect(first.sums[0]!.path).toBe("sys.modules['__main__'].REGISTRY");
    const [oldest] = pids;
    process.kill(oldest!, "SIGKILL");
    const later = await until(reports, ({ processes }) => {
      const now = processes.filter(({ state }) => state === "running").map(({ pid }) => pid);
      return now.length === 4 && !now.includes(oldest!);
    });
    expect(later.processes.some(({ pid }) => !pids.includes(pid))).toBe(true);
    endChildren(parent.pid);
  }, 120_000);

  it("of which there are too many end in a clear message", async () => {
    const mark = `many-${process.pid}`;
    const children = Array.from({ length: 18 }, () =>
      spawn(python, ["-c", "input()", mark], { stdio: ["pipe", "ignore", "ignore"] }),
    );
    onTestFinished(async () => {
      for (const each of children) await endProcess(each);
    });
    const find = createFinder({ kind: "match", pattern: new RegExp(mark) });
    while (children.some(({ pid }) => !isPython(find, pid))) await new Promise((resolve) => setTimeout(resolve, 50));
    const found = find();
    expect(found).toMatchObject({
      ok: false,
      error: expect.stringMatching(/matches 18 Python processes, and at most 16/),
    });
  }, 60_000);
});

/** Found once exec is over: before that it looks like us. */
function isPython(find: ReturnType<typeof createFinder>, _pid: number | undefined): boolean {
  const found = find();
  return !found.ok && found.error.includes(" 18 ");
}

function endChildren(parent: number): void {
  const found = createFinder({ kind: "pid", pid: parent, alone: false })();
  try {
    process.kill(parent, "SIGKILL");
  } catch {
    // Gone already.
  }
  for (const pid of found.ok ? found.value : []) if (pid !== parent) process.kill(pid, "SIGKILL");
}

describe("snapshots", () => {
  it("are taken at thresholds, once, and name what is new", async () => {
    await using target = await startProcess(python, ["-c", GROWING]);
    const request = asked(
      { kind: "pid", pid: target.pid, alone: true },
      { snapshotAt: [{ kind: "bytes", bytes: 2 ** 20 }] },
    );
    await using session = await opened(request);
    const reports = session.reports();
    const report = await until(reports, ({ events }) => events.length > 0);
    expect(report.events[0]).toMatch(/^Snapshot of process \d+ since resident memory reached [\d.]+ MiB: .*\.dwsnap$/);
    expect(report.processes[0]!.snapshots).toBe(2);
    for (let count = 0; count < 5; count++) await reports.next();
    expect(readdirSync(request.shelf.folder)).toHaveLength(1);
  }, 60_000);

  it("never take more room than they may; the first and the latest of a process stay", async () => {
    await using target = await startProcess(python, ["-c", GROWING]);
    const request = asked({ kind: "pid", pid: target.pid, alone: true });
    await using session = await opened({ ...request, shelf: { ...request.shelf, mostFiles: 3 } });
    const foreign = join(request.shelf.folder, "notes.txt");
    writeFileSync(foreign, "mine");
    utimesSync(foreign, 0, 0);
    const files: string[] = [];
    for (let count = 0; count < 5; count++) {
      const taken = await session.snapshot(target.pid, "a test");
      if (!taken.ok) throw new Error(taken.error.message);
      files.push(taken.value);
    }
    const names = [files[0], files[3], files[4], foreign].map((file) => file!.slice(request.shelf.folder.length + 1));
    expect(readdirSync(request.shelf.folder).toSorted()).toEqual(names.toSorted());
  }, 60_000);
});

/** What waits for the collector is not kept. */
function collect(): void {
  setFlagsFromString("--expose-gc");
  (runInNewContext("gc") as () => void)();
}

it("our own memory stays where it is, however long we watch", async () => {
  await using target = await startProcess(python, ["-c", GROWING]);
  await using session = await opened(
    asked({ kind: "pid", pid: target.pid, alone: true }, { reportEveryMs: 10, samplesPerSecond: 10 }),
  );
  const reports = session.reports();
  const heapAfter = async (count: number): Promise<number> => {
    for (let at = 0; at < count; at++) await reports.next();
    collect();
    return process.memoryUsage().heapUsed + process.memoryUsage().arrayBuffers;
  };
  await heapAfter(100);
  const before = await heapAfter(100);
  const after = await heapAfter(400);
  expect(after - before).toBeLessThan(6 * 2 ** 20);
}, 120_000);
