// Snapshots of a process that never holds still: threads make containers and cycles while its collector runs all the
// time. Nothing here can be held against a truth; what must hold is that every reading is whole, plausible and harmless.

import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { readProcess } from "../../src/app/read-target.ts";
import { analyse } from "../../src/heap/analyse.ts";
import type { Snapshot } from "../../src/heap/snapshot.ts";
import {
  describeInterpreter,
  interpretersByMinor,
  readableInterpreters,
  type TestInterpreter,
} from "../support/interpreters.ts";
import { keepMeasured } from "../support/measured.ts";

const SNAPSHOTS = 20;
/** The longest wait between two snapshots; the instants are random, so a failure may not repeat. */
const LONGEST_WAIT_MS = 40;
/** At most this share of snapshots may fall into a collection in spite of all retries: on a busy machine a collection takes longer than they do. */
const COLLECTING_SHARE = 0.6;
/** The target makes and drops up to this share of its objects between two collections. */
const COUNT_SPREAD = 0.25;

describe.each(
  interpretersByMinor(readableInterpreters()).map((python) => [describeInterpreter(python), python] as const),
)("%s", (_, python) => {
  it(`reads a heap in motion ${SNAPSHOTS} times`, async () => {
    await using target = await startGcHeavy(python);
    const snapshots: Snapshot[] = [];
    for (let i = 0; i < SNAPSHOTS; i++) {
      await delay(Math.random() * LONGEST_WAIT_MS);
      const read = await readProcess(target.pid, { maxPauseMs: 5000, values: false, progress: () => {} });
      if (!read.ok) throw new Error(`snapshot ${i}: ${read.error.code}`);
      snapshots.push(read.value);
    }
    expect(target.threadStates().filter((state) => state === "T" || state === "t")).toEqual([]);
    const before = target.counts();
    await expect.poll(() => target.counts().every((count, i) => count > before[i]!), { timeout: 10_000 }).toBe(true);
    expectPlausible(snapshots);
    keepMeasured("random-stops", python, { "random stops": `${snapshots.length} of ${SNAPSHOTS}` });
  }, 90_000);
});

function expectPlausible(snapshots: readonly Snapshot[]): void {
  const counts = snapshots.map(({ nodes }) => nodes.count);
  const middle = counts.toSorted((a, b) => a - b)[counts.length >>> 1]!;
  const collecting = snapshots.filter(({ meta }) => meta.collector.collecting);
  expect(collecting.length, "snapshots taken during a collection").toBeLessThanOrEqual(SNAPSHOTS * COLLECTING_SHARE);
  for (const [i, { nodes, meta, refs, threads }] of snapshots.entries()) {
    const what = `snapshot ${i} of ${counts.join(" ")}`;
    // A running collection has objects on lists of its own, which only its C frame knows; the snapshot says so.
    expect(meta.exactness, what).toBeGreaterThanOrEqual(meta.collector.collecting ? 0.93 : 0.97);
    expect(Math.abs(nodes.count - middle) / middle, what).toBeLessThan(COUNT_SPREAD);
    expect(meta.unreadableReferences / refs.edgeTarget.length, what).toBeLessThan(0.001);
    expect(meta.warnings.length > 0, `${what}: ${meta.warnings.join(" ")}`).toBe(meta.collector.collecting);
    expect(threads.map(({ name }) => name).toSorted(), what).toEqual([
      "MainThread",
      "worker-0",
      "worker-1",
      "worker-2",
    ]);
  }
  // The analysis of a heap in motion ends and accounts for every object.
  const { retainedBytes, garbage, snapshot } = analyse(snapshots.at(-1)!);
  expect(retainedBytes[snapshot.refs.nodeCount]! + garbage.shallowBytes).toBe(snapshot.meta.liveBytes);
}

interface GcHeavy extends AsyncDisposable {
  readonly pid: number;
  /** How often each thread has gone round. */
  counts(): readonly bigint[];
  /** The state letter of every thread, as in /proc/PID/stat. */
  threadStates(): readonly string[];
}

async function startGcHeavy(python: TestInterpreter): Promise<GcHeavy> {
  const folder = mkdtempSync(join(tmpdir(), "deadweight-stops-"));
  const file = join(folder, "counter");
  writeFileSync(file, new Uint8Array(24));
  const script = join(import.meta.dirname, "../support/truth/gc-heavy.py");
  const child = spawn(python.path, ["-B", script, file], { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const first = await lines.next();
  expect(first.value).toBe("ready");
  const pid = child.pid ?? 0;
  return {
    pid,
    counts: () => {
      const bytes = readFileSync(file);
      return [0, 8, 16].map((offset) => bytes.readBigInt64LE(offset));
    },
    threadStates: () =>
      readdirSync(`/proc/${pid}/task`).map((thread) => {
        const stat = readFileSync(`/proc/${pid}/task/${thread}/stat`, "utf8");
        return stat.slice(stat.lastIndexOf(")") + 2, stat.lastIndexOf(")") + 3);
      }),
    [Symbol.asyncDispose]: async () => {
      const ended = new Promise((settle) => child.once("exit", settle));
      child.kill("SIGKILL");
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
