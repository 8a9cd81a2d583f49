// Walk and graph of real processes, in one thread and in several. Method and figures: bench/method.md, "Analysis".
//
//   npm run build && npx tsx bench/analysis.ts                       1 M, 5 M and 20 M objects, 7 pairs each
//   npx tsx bench/analysis.ts --objects 5000000 --pairs 11 --python ~/.pyenv/versions/3.13.0/bin/python3
//   npx tsx bench/analysis.ts --dist /path/to/other/dist             another build, for comparison
//
// Runs dist/: threads start compiled files only.

import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";

const here: string = import.meta.dirname;
const { values: options } = parseArgs({
  options: {
    objects: { type: "string", multiple: true, default: ["1000000", "5000000", "20000000"] },
    pairs: { type: "string", default: "7" },
    python: { type: "string", default: "python3" },
    dist: { type: "string", default: path.join(here, "../dist") },
    threads: { type: "string", default: String(Math.min(cpus().length, 8)) },
  },
});

/** What analysis-run.mjs says: one cold process that copies, reads and analyses the target. */
interface Measurement {
  readonly objects: number;
  readonly edges: number;
  /** From the copy in memory to the finished analysis. */
  readonly wallMs: number;
  /** Of the same stretch, all threads of the process: workers, compiler and collector too. */
  readonly cpuMs: number;
  /** Of the main thread alone: what the wall clock cannot fall below, however busy the machine. */
  readonly mainCpuMs: number;
  readonly pauseMs: number;
  readonly wholeWallMs: number;
  readonly peakBytes: number;
}

/** One pass of walk-and-graph-run.mjs. */
interface Pass {
  readonly objects: number;
  readonly walkCpuMs: number;
  readonly graphCpuMs: number;
  /** Of both, the main thread alone. */
  readonly mainCpuMs: number;
}

/** The first is cold; from the third on nothing is compiled any more. */
const PASSES = 3;

await compare();

async function compare(): Promise<void> {
  const machine = `${cpus().length} x ${cpus()[0]?.model ?? "?"}, Node ${process.version}, ${options.python}`;
  console.log(`${machine}, load ${loadavg()[0]?.toFixed(1) ?? "?"} at the start\n`);
  console.log(
    "| objects | edges | threads | wall ms (range) | main-thread CPU ms | CPU ms | objects / CPU-s | peak RSS / target | pause ms |",
  );
  console.log("|--:|--:|--:|--:|--:|--:|--:|--:|--:|");
  for (const objects of options.objects) await compareOn(objects);
  console.log(`\nload ${loadavg()[0]?.toFixed(1) ?? "?"} at the end`);
}

/** Pairs of runs, one thread and several in turn, on one target at rest. */
async function compareOn(objects: string): Promise<void> {
  const target = await startTarget(objects);
  try {
    const pid = target.pid ?? 0;
    const targetBytes = residentBytes(pid);
    const alone: Measurement[] = [];
    const together: Measurement[] = [];
    for (let pair = 0; pair < Number(options.pairs); pair++) {
      // Who goes first changes with every pair.
      const order = pair % 2 === 0 ? ([alone, together] as const) : ([together, alone] as const);
      for (const runs of order) runs.push(runChild(pid, runs === alone ? "1" : options.threads));
    }
    report(alone, "1", targetBytes);
    report(together, options.threads, targetBytes);
    reportWalkAndGraph(alone.map(() => runWalkAndGraph(pid)));
    const ratios = alone.map((run, pair) => (together[pair]?.wallMs ?? Number.NaN) / run.wallMs);
    console.log(`| | | ${options.threads} : 1 | ${median(ratios).toFixed(2)} (median of pairs) | | | | | |`);
  } finally {
    target.kill("SIGKILL");
  }
}

async function startTarget(objects: string): Promise<ChildProcess> {
  const script = path.join(here, "targets", "heap.py");
  const child = spawn(options.python, [script, objects], { stdio: ["pipe", "pipe", "inherit"] });
  await new Promise((resolve, reject) => {
    child.stdout.once("data", resolve);
    child.once("exit", reject);
    child.once("error", reject);
  });
  return child;
}

/** Each run is a process of its own. */
function runWalkAndGraph(pid: number): readonly Pass[] {
  const script = path.join(here, "walk-and-graph-run.mjs");
  return JSON.parse(runScript([script, path.resolve(options.dist), String(pid), String(PASSES)], "1")) as Pass[];
}

function runChild(pid: number, threads: string): Measurement {
  const script = path.join(here, "analysis-run.mjs");
  return JSON.parse(runScript([script, path.resolve(options.dist), String(pid)], threads)) as Measurement;
}

/** Plain JavaScript: the loader of tsx would count as our memory and time. */
function runScript(args: readonly string[], threads: string): string {
  const child = spawnSync(process.execPath, args, {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, DEADWEIGHT_THREADS: threads },
  });
  if (child.status !== 0) throw new Error(`a run with ${threads} threads ended with status ${child.status}`);
  return child.stdout;
}

function report(runs: readonly Measurement[], threads: string, targetBytes: number): void {
  const of = (pick: (run: Measurement) => number): number => median(runs.map(pick));
  const walls = runs.map((run) => run.wallMs);
  const cells = [
    millions(of((run) => run.objects)),
    millions(of((run) => run.edges)),
    threads,
    `${median(walls).toFixed(0)} (${Math.min(...walls).toFixed(0)}-${Math.max(...walls).toFixed(0)})`,
    of((run) => run.mainCpuMs).toFixed(0),
    of((run) => run.cpuMs).toFixed(0),
    millions(of((run) => run.objects / (run.cpuMs / 1000))),
    of((run) => run.peakBytes / targetBytes).toFixed(2),
    of((run) => run.pauseMs).toFixed(0),
  ];
  console.log(`| ${cells.join(" | ")} |`);
}

/** Medians by pass: what the goal of 5 M objects per CPU-second speaks of. */
function reportWalkAndGraph(runs: readonly (readonly Pass[])[]): void {
  for (const [pass, name] of [
    [0, "cold"],
    [PASSES - 1, "warm"],
  ] as const) {
    const of = (pick: (measured: Pass) => number): number =>
      median(runs.flatMap((passes) => passes.slice(pass, pass + 1)).map(pick));
    const rate = millions(of((run) => run.objects / ((run.walkCpuMs + run.graphCpuMs) / 1000)));
    const [walk, graph, main] = [of((run) => run.walkCpuMs), of((run) => run.graphCpuMs), of((run) => run.mainCpuMs)];
    console.log(
      `| | | walk + graph, ${name} | walk ${walk.toFixed(0)} + graph ${graph.toFixed(0)} ms CPU | ${main.toFixed(0)} | ${(walk + graph).toFixed(0)} | ${rate} | | |`,
    );
  }
}

function millions(value: number): string {
  return `${(value / 1e6).toFixed(2)} M`;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

function residentBytes(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) * 1024;
}
