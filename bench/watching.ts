// What watching costs: us, and the process that is watched. Method: bench/method.md, "Watching".
// Run: node_modules/.bin/tsx bench/watching.ts [CONTAINERS] [PAIRS]

import { type ChildProcess, spawn } from "node:child_process";
import { loadavg } from "node:os";
import { createInterface } from "node:readline";
import { openWatch, type Watch } from "../src/app/watch/watch-process.ts";
import { readProcess } from "../src/app/read-target.ts";
import { openProcFs } from "../src/capture/proc-fs.ts";
import { batchSpots, WIDEST_GAP_BYTES } from "../src/cpython/gauge-batches.ts";
import { createGaugeReader } from "../src/capture/gauge-reader.ts";
import { Seen } from "../src/cpython/gauge-rounds.ts";
import { createMemoryReader } from "../src/capture/outside-reader.ts";
import { spotsOf } from "../src/cpython/gauge-spots.ts";
import { identifyProcess } from "../src/app/identify-target.ts";
import { analyse } from "../src/heap/analyse.ts";
import { settleOwners } from "../src/heap/holders/ownership.ts";
import { pickGauges } from "../src/heap/queries/gauges.ts";
import type { Gauge } from "../src/model/gauge.ts";

const [containers = 50_000, pairs = 12] = process.argv.slice(2).map(Number);
const WINDOW_MS = 2000;

/**
 * Containers of four kinds, some dense and some with 600 bytes between them, and a loop that counts: how far it comes for each
 * second of its own processor time tells what watching takes from it, whatever else the machine does.
 */
const PROGRAM = `
import sys, time, threading
n = int(sys.argv[1])
kinds = [dict, list, set, list]
rows = []
for i in range(n):
    rows.append(kinds[i % 4]())
    if i % 3 == 0:
        rows[-1].__class__ and globals().setdefault("_padding", []).append(bytes(600))
    if kinds[i % 4] is list:
        rows[-1].append(i)
    elif kinds[i % 4] is set:
        rows[-1].add(i)
    else:
        rows[-1][i] = i
live = {}
print("ready", flush=True)
def work(seconds):
    end, count = time.perf_counter() + seconds, 0
    began = time.process_time()
    while time.perf_counter() < end:
        for i in range(2000):
            live[i & 1023] = count
            count += 1
            rows[count % n]
    return count / (time.process_time() - began)
for line in sys.stdin:
    print(work(float(line)), flush=True)
`;

const target = await startTarget();
try {
  const gauges = await gaugesOf(target.pid);
  console.log(`${gauges.length} containers, load ${loadavg()[0]?.toFixed(1)}`);
  reportBatches(target.pid, gauges);
  await reportOwnCost(target, gauges);
  await reportTargetCost(target, gauges);
} finally {
  target.child.kill("SIGKILL");
}

interface Target {
  readonly pid: number;
  readonly child: ChildProcess;
  /** Counts for so long; counts per second of its own processor time. */
  work(ms: number): Promise<number>;
}

async function startTarget(): Promise<Target> {
  const child = spawn("python3", ["-c", PROGRAM, String(containers)], { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  await lines.next();
  return {
    pid: child.pid ?? 0,
    child,
    work: async (ms) => {
      child.stdin.write(`${ms / 1000}\n`);
      return Number((await lines.next()).value);
    },
  };
}

async function gaugesOf(pid: number): Promise<Gauge[]> {
  const read = await readProcess(pid, { maxPauseMs: 10_000, values: false, progress: () => {} });
  if (!read.ok) throw new Error(read.error.code);
  const heap = settleOwners(analyse(read.value));
  const startMs = performance.now();
  const gauges = pickGauges(heap, containers);
  console.log(`picked from ${read.value.nodes.count} objects in ${(performance.now() - startMs).toFixed(0)} ms`);
  return gauges;
}

/** How much one look at everything costs, by the widest gap that is read over. */
function reportBatches(pid: number, gauges: readonly Gauge[]): void {
  const known = identifyProcess(pid);
  const opened = openProcFs().open(`${pid}/mem`);
  if (!known.ok || !opened.ok) throw new Error("the target is gone");
  using file = opened.value;
  const { layout, interpreter } = known.value;
  const spots = spotsOf(gauges, layout, interpreter, createMemoryReader(file));
  const buffer = new Uint8Array(1 << 17);
  for (const gap of [0, 64, 256, 1024, WIDEST_GAP_BYTES, 1 << 15]) {
    const batches = batchSpots(spots, gap);
    const costs = Array.from({ length: 7 }, () => {
      const before = process.cpuUsage();
      for (let at = 0; at < batches.count; at++)
        file.readInto(buffer, 0, batches.bytes[at] ?? 0, spots.address[batches.firstSpot[at] ?? 0] ?? 0);
      const { user, system } = process.cpuUsage(before);
      return (user + system) / 1000;
    });
    console.log(
      `  gap ${String(gap).padStart(5)}: ${batches.count} reads, ${median(costs).toFixed(1)} ms of processor time`,
    );
  }
  const reader = createGaugeReader(file, spots, gauges.length, layout);
  const before = process.cpuUsage();
  for (let at = 0; at < 5; at++) reader.tick(Number.POSITIVE_INFINITY);
  const { user, system } = process.cpuUsage(before);
  const alive = reader.readings.state.filter((state) => state === Seen.alive).length;
  console.log(`  whole round with its checks: ${((user + system) / 5000).toFixed(1)} ms; ${alive} alive`);
}

/** The tool's own processor time at 2 Hz while the target works, and how long it takes until everything was seen again. */
async function reportOwnCost(watched: Target, gauges: readonly Gauge[]): Promise<void> {
  for (const share of [0, 0.02]) {
    using watch = open(watched.pid, share === 0 ? [] : gauges, { rateHz: 2, budgetShare: share, forMs: 20_000 });
    const working = watched.work(20_500);
    const before = process.cpuUsage();
    const startMs = performance.now();
    for await (const _tick of watch.ticks());
    const { user, system } = process.cpuUsage(before);
    const percent = (user + system) / 10 / (performance.now() - startMs);
    console.log(`tool at 2 Hz, ${share === 0 ? "no" : "all"} containers: ${percent.toFixed(2)} % of a core`);
    await working;
  }
}

function open(
  pid: number,
  gauges: readonly Gauge[],
  options: { rateHz: number; budgetShare: number; forMs: number },
): Watch {
  const watch = openWatch(pid, gauges, { ...options, load: null });
  if (!watch.ok) throw new Error(watch.error.code);
  return watch.value;
}

/** Windows in turn: alone, watched, alone again. The two alone tell the noise. */
async function reportTargetCost(watched: Target, gauges: readonly Gauge[]): Promise<void> {
  const ratios: number[] = [];
  const noise: number[] = [];
  await watched.work(WINDOW_MS);
  for (let pair = 0; pair < pairs; pair++) {
    const before = await watched.work(WINDOW_MS);
    const during = await watchedWindow(watched, gauges);
    const after = await watched.work(WINDOW_MS);
    ratios.push(during / ((before + after) / 2) - 1);
    noise.push(after / before - 1);
  }
  console.log(`target, watched against alone: ${percents(ratios)}`);
  console.log(`target, alone against alone:   ${percents(noise)}`);
}

async function watchedWindow(watched: Target, gauges: readonly Gauge[]): Promise<number> {
  using watch = open(watched.pid, gauges, { rateHz: 2, budgetShare: 0.02, forMs: WINDOW_MS });
  const working = watched.work(WINDOW_MS);
  for await (const _tick of watch.ticks());
  return working;
}

function percents(ratios: readonly number[]): string {
  const sorted = ratios.toSorted((a, b) => a - b);
  const text = (ratio: number | undefined): string => `${((ratio ?? 0) * 100).toFixed(2)} %`;
  const at = (share: number): string => text(sorted[Math.round((sorted.length - 1) * share)]);
  return `median ${text(median(ratios))} (quartiles ${at(0.25)} to ${at(0.75)})`;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
}
