// How far the miss ratios of `caches advise` are from the truth: traces are replayed through a real cache and read from outside; the truth is
// played call by call. npx tsx bench/cache-curves.ts [--kind lru_cache|cached|cachetools] [--traces FOLDER] [--calls N] [--python 3.11]
// [--only WORD]
// Method: bench/method.md, "Curves of caches".

import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { type Followed, followOrders } from "../src/app/caches/follow-orders.ts";
import { readCachesOf } from "../src/app/caches/list-caches.ts";
import type { OrderFollower } from "../src/app/caches/order-follower.ts";
import { openProcessOrders } from "../src/app/caches/process-orders.ts";
import { curveOf } from "../src/govern/miss-curve.ts";
import { sumsOf } from "../src/govern/miss-tally.ts";
import type { CacheInHeap } from "../src/heap/caches/find-caches.ts";
import { exactMissRatio } from "../test/support/exact-lru.ts";
import { findInterpreters } from "../test/support/interpreters.ts";
import { packageVenv } from "../test/support/package-venv.ts";
import { type CacheTrace, madeTraces, publicTraces, traceBytes } from "./cache-traces.ts";

const { values } = parseArgs({
  options: {
    traces: { type: "string" },
    calls: { type: "string", default: "300000" },
    python: { type: "string", default: "3.11" },
    only: { type: "string", default: "" },
    bounds: { type: "string", default: "1024,8192" },
    kind: { type: "string", default: "lru_cache" },
    batch: { type: "string", default: "20" },
  },
});
const python = findInterpreters().find(({ version }) => version.startsWith(values.python));
if (python === undefined) throw new Error(`no CPython ${values.python}`);
const made = values.kind === "cachetools" ? packageVenv(python, ["cachetools"]) : { program: python.path };
if ("reason" in made) throw new Error(made.reason);
const { program } = made;
const calls = Number(values.calls);
const folder = mkdtempSync(join(tmpdir(), "dw-bench-curves-"));

interface Outcome {
  readonly below: number;
  readonly above: number;
  readonly worstBelow: number;
  readonly worstAbove: number;
  readonly points: number;
  readonly largest: number;
  readonly share: number;
  readonly seconds: number;
  readonly lost: number;
}

try {
  console.log(
    `CPython ${python.version}, ${values.kind}, ${calls} calls a trace, the first third to warm up; errors in points of miss ratio`,
  );
  console.log(
    `${"trace".padEnd(34)}${"bound".padStart(7)}${"below".padStart(8)}${"worst".padStart(7)}${"above".padStart(8)}${"worst".padStart(7)}${"to".padStart(8)}${"points".padStart(8)}${"core".padStart(7)}`,
  );
  const traces = [
    ...madeTraces(calls),
    ...(values.traces === undefined ? [] : publicTraces(values.traces, calls, python.path)),
  ];
  const all: Outcome[] = [];
  for (const trace of traces.filter(({ name }) => name.includes(values.only)))
    for (const bound of values.bounds.split(",").map(Number)) {
      const outcome = await measure(trace, bound);
      all.push(outcome);
      console.log(lineOf(trace.name, bound, outcome));
    }
  const mean = (of: (each: Outcome) => number): string =>
    (
      all
        .map(of)
        .filter((each) => !Number.isNaN(each))
        .reduce((sum, each, _, { length }) => sum + each / length, 0) * 100
    ).toFixed(2);
  console.log(`mean of all: below ${mean(({ below }) => below)}, above ${mean(({ above }) => above)}`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function lineOf(name: string, bound: number, outcome: Outcome): string {
  const points = (share: number): string => (Number.isNaN(share) ? "-" : (share * 100).toFixed(2));
  return `${name.padEnd(34)}${String(bound).padStart(7)}${points(outcome.below).padStart(8)}${points(outcome.worstBelow).padStart(7)}${points(outcome.above).padStart(8)}${points(outcome.worstAbove).padStart(7)}${String(outcome.largest).padStart(8)}${String(outcome.points).padStart(8)}${(outcome.share * 100).toFixed(0).padStart(6)}%${outcome.lost > 0 ? `  ${outcome.lost} calls lost` : ""}`;
}

/** Replays a trace and follows it from outside. */
async function measure(trace: CacheTrace, bound: number): Promise<Outcome> {
  const path = join(folder, "trace");
  writeFileSync(path, traceBytes(trace));
  const warm = Math.floor(trace.keys.length / 3);
  const words = [
    join(import.meta.dirname, "targets/replay.py"),
    path,
    String(bound),
    String(warm),
    values.batch,
    values.kind,
  ];
  const env = { ...process.env, PYTHONPATH: join(import.meta.dirname, "../python/src"), PYTHONDONTWRITEBYTECODE: "1" };
  const child = spawn(program, words, { env, stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  try {
    await lines.next();
    const cache = await cacheIn(child.pid ?? 0);
    const orders = openProcessOrders(child.pid ?? 0);
    if (!orders.ok) throw new Error(orders.error.code);
    using open = orders.value;
    const follower = open.follow(cache, bound);
    if (follower === null) throw new Error("the order could not be read");
    const stop = new AbortController();
    const seconds = ((trace.keys.length - warm) / Number(values.batch)) * 0.00125;
    const following = followOrders([follower], {
      forSeconds: seconds * 30,
      budgetShare: 0.3,
      progress: () => {},
      signal: stop.signal,
    });
    child.stdin.write("go\n");
    await lines.next();
    stop.abort();
    const followed = await following;
    follower.look(followed.seconds * 1000);
    if (follower.end !== null) throw new Error(`it ended: ${follower.end}`);
    return outcomeOf(trace, bound, warm, follower, followed);
  } finally {
    child.stdin.end();
    child.kill();
  }
}

async function cacheIn(pid: number): Promise<CacheInHeap> {
  const read = await readCachesOf(String(pid), { maxPauseMs: 5000, progress: () => {} });
  if (!read.ok) throw new Error(read.error.message);
  const cache = read.value.caches.find(({ name }) => name === "__main__.load");
  if (cache === undefined) throw new Error("the cache was not found");
  return cache;
}

function outcomeOf(
  { keys }: CacheTrace,
  bound: number,
  warm: number,
  follower: OrderFollower,
  followed: Followed,
): Outcome {
  const curve = curveOf(follower.tally).filter(({ size }) => size >= bound / 16 && size <= bound * 4);
  // A cache that does not count has no calls of the same key in a row; what is compared is misses.
  const made = sumsOf(follower.tally.blocks).calls / (keys.length - warm - follower.lostCalls);
  const scale = follower.isCounted ? 1 : made;
  const errors = curve.map(({ size, missRatio }) => ({
    size,
    error: Math.abs(missRatio * scale - exactMissRatio(keys, size, warm)),
  }));
  const below = errors.filter(({ size }) => size < bound).map(({ error }) => error);
  const above = errors.filter(({ size }) => size > bound).map(({ error }) => error);
  const mean = (list: readonly number[]): number => list.reduce((sum, each) => sum + each, 0) / list.length;
  return {
    below: mean(below),
    above: mean(above),
    worstBelow: below.length === 0 ? Number.NaN : Math.max(...below),
    worstAbove: above.length === 0 ? Number.NaN : Math.max(...above),
    points: curve.length,
    largest: curve.at(-1)?.size ?? 0,
    share: followed.spentShare,
    seconds: followed.seconds,
    lost: follower.lostCalls,
  };
}
