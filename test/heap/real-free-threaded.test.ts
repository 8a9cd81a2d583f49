// Builds without a GIL: what the collector knows lies in pages of mimalloc, by thread, and counts are in two parts. The
// figures against the program's own `gc` are in truth.test.ts; here are the places where such a heap differs from others.
// tools/interpreters/build.ts makes these interpreters; without one nothing here runs, and the test run says so.

import { spawnSync } from "node:child_process";
import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { queryTop, queryWhy } from "../../src/app/heap-queries.ts";
import { readProcess } from "../../src/app/read-target.ts";
import { analyse } from "../../src/heap/analyse.ts";
import type { Snapshot } from "../../src/heap/snapshot.ts";
import { keepMeasured } from "../support/measured.ts";
import { startProcess } from "../capture/start-target.ts";
import { describeInterpreter, freeThreadedInterpreters, type TestInterpreter } from "../support/interpreters.ts";

const PROGRAM = `
import collections, gc, sys, threading
class Kept: pass
class Slotted:
    __slots__ = ("a", "__weakref__")
class Large(tuple): pass
class Cycle: pass
class Frozen: pass
KEPT, SLOTTED, FROZEN = {}, [], [Frozen() for _ in range(700)]
gc.collect()
gc.freeze()
gc.disable()
def fill(first):
    for number in range(first, first + 3000):
        KEPT[number] = Kept()
        SLOTTED.append(Slotted())
threads = [threading.Thread(target=fill, args=(first,)) for first in (0, 3000, 6000, 9000)]
for each in threads: each.start()
for each in threads: each.join()
del threads
LARGE = Large(range(5_000_000))
def garbage():
    for _ in range(400):
        one, other = Cycle(), Cycle()
        one.other, other.other = other, one
maker = threading.Thread(target=garbage)
maker.start()
maker.join()
del maker
shared = ["shared by threads"]
ready = threading.Barrier(4)
def serve():
    mine = [shared] * 10
    ready.wait()
    stop.wait()
stop = threading.Event()
for number in range(3): threading.Thread(target=serve, name="server-%d" % number, daemon=True).start()
ready.wait()
print("ready", flush=True)
sys.stdin.readline()
`;

/** Makes and drops objects in threads that run at once, while it keeps a known number. */
const BUSY = `
import sys, threading, time
class Kept: pass
KEPT = [[Kept() for _ in range(1000)] for _ in range(10)]
def work():
    while True:
        row = [{"n": number} for number in range(200)]
        row.append(row)
        time.sleep(0.002)
for _ in range(3): threading.Thread(target=work, daemon=True).start()
print("ready", flush=True)
sys.stdin.readline()
`;

const STOPS = 8;
const interpreters = freeThreadedInterpreters();

describe.each(interpreters.map((python) => [describeInterpreter(python), python] as const))("%s", (_, python) => {
  for (const mode of ["release", "dev"] as const) {
    it(`finds what threads made that have ended, what is frozen and what is garbage, in ${mode} mode`, async () => {
      const snapshot = await readProgram(python, PROGRAM, mode === "dev" ? ["-X", "dev"] : []);
      expect(countsOf(snapshot)).toEqual({ Kept: 12_000, Slotted: 12_000, Frozen: 700, Large: 1, Cycle: 800 });
      expect(analyse(snapshot).garbage).toMatchObject({ count: 800 });
      // In 3.13 garbage of a type from a thread that ended still counts its type in that thread.
      expect(snapshot.meta.exactness).toBeGreaterThan(0.98);
      expect(snapshot.meta.collector.permanentObjects).toBeGreaterThan(700);
      expect(snapshot.meta.collector.generations[0]?.objects).toBeGreaterThan(24_000);
      expect(snapshot.meta.python).toBe(`${python.version}t`);
      const why = queryWhy(snapshot, "Kept", { paths: 1 });
      expect(why.ok && why.value.subjects[0]?.paths[0]?.path).toMatch(/^sys\.modules\['__main__'\]\.KEPT\[\d+\]$/);
    }, 60_000);
  }

  it("counts what several threads refer to", async () => {
    const snapshot = await readProgram(python, PROGRAM, []);
    const names = snapshot.threads.map(({ name }) => name).toSorted();
    expect(names).toEqual(["MainThread", "server-0", "server-1", "server-2"]);
    const locals = snapshot.roots.filter(({ origin }) => origin.kind === "frame-local" && origin.name === "mine");
    expect(locals).toHaveLength(3);
    const { node, excess } = snapshot.excess;
    const unexplained = new Map(Array.from(node, (each, at) => [each, excess[at]]));
    for (const { node: mine } of locals) expect(unexplained.get(mine) ?? 0, "a list of ten references").toBe(0);
  });

  it(`reads a heap that threads change at once, ${STOPS} times`, async () => {
    await using target = await startProcess(python.path, ["-I", "-c", BUSY]);
    for (let stop = 0; stop < STOPS; stop++) {
      await delay(Math.random() * 40);
      const snapshot = await snapshotOf(target.pid);
      expect(countsOf(snapshot)["Kept"]).toBe(10_000);
      // A collection counts the garbage it has found once more, and the snapshot says that one was running.
      expect(snapshot.meta.warnings.length > 0).toBe(snapshot.meta.collector.collecting);
      // A count in two parts may be stopped between them.
      if (!snapshot.meta.collector.collecting) expect(snapshot.meta.exactness).toBeGreaterThan(0.96);
    }
    keepMeasured("free-threaded", python, { "random stops": `${STOPS} of ${STOPS}` });
  }, 90_000);

  it("is refused by name where it is not only read", async () => {
    await using target = await startProcess(python.path, ["-I", "-c", BUSY]);
    const { status, stderr } = spawnSync(process.execPath, [
      "dist/cli/main.js",
      "attach",
      String(target.pid),
      "--for",
      "1",
    ]);
    expect(status).not.toBe(0);
    expect(String(stderr)).toContain("is a free-threaded build");
  });
});

// A file without a test fails the run.
it(`covers ${interpreters.length === 0 ? "none" : interpreters.map(describeInterpreter).join(", ")}`, ({ skip }) => {
  skip(interpreters.length === 0, "no build without a GIL is here: tools/interpreters/build.ts makes one");
});

async function readProgram(python: TestInterpreter, program: string, options: readonly string[]): Promise<Snapshot> {
  await using target = await startProcess(python.path, ["-I", ...options, "-c", program]);
  return await snapshotOf(target.pid);
}

async function snapshotOf(pid: number): Promise<Snapshot> {
  const read = await readProcess(pid, { maxPauseMs: 5000, values: false, progress: () => {} });
  if (!read.ok) throw new Error(read.error.code);
  return read.value;
}

/** Objects of the program's own classes, by class. */
function countsOf(snapshot: Snapshot): Readonly<Record<string, number>> {
  const own = queryTop(snapshot, { limit: 10_000 }).byType.filter(({ name }) => name.startsWith("__main__."));
  return Object.fromEntries(own.map(({ name, count }) => [name.slice("__main__.".length), count]));
}
