// CPU time and memory of the graph kernels. Method and figures: bench/method.md, "graph kernels".
//
//   npx tsx bench/graph.ts                         1 M, 5.9 M and 20 M nodes, 5 runs each
//   npx tsx bench/graph.ts --nodes 5900000 --runs 9
//   npx tsx bench/graph.ts --against /path/to/other/checkout     paired: this, other, this, other...

import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout } from "node:timers/promises";
import { parseArgs } from "node:util";
import type { dominators } from "../src/graph/dominators.ts";
import type { inDegrees } from "../src/graph/in-degrees.ts";
import type { reach } from "../src/graph/reach.ts";
import type { retained } from "../src/graph/retained.ts";
import { pythonLikeGraph } from "./python-like-graph.ts";

interface Kernels {
  readonly inDegrees: typeof inDegrees;
  readonly reach: typeof reach;
  readonly dominators: typeof dominators;
  readonly retained: typeof retained;
}

/** CPU milliseconds by kernel, the memory they needed, and a check that all did the same work. */
interface Measurement {
  readonly cpuMs: Record<string, number>;
  readonly extraBytesPerNode: number;
  readonly edges: number;
  readonly leafShare: number;
  readonly retainedBytes: number;
}

const KERNEL_FILES = ["in-degrees", "reach", "dominators", "retained"] as const;
const here: string = path.resolve(import.meta.dirname, "..");

const { values: options } = parseArgs({
  options: {
    nodes: { type: "string", multiple: true, default: ["1000000", "5900000", "20000000"] },
    runs: { type: "string", default: "5" },
    against: { type: "string" },
    child: { type: "string" },
  },
});

if (options.child === undefined) compare();
else process.stdout.write(JSON.stringify(await measure(options.child, Number(options.nodes[0]))));

/** Prints the median of each kernel for every size and checkout. */
function compare(): void {
  const checkouts = options.against === undefined ? [here] : [here, path.resolve(options.against)];
  for (const nodes of options.nodes.map(Number)) {
    const rounds = Array.from({ length: Number(options.runs) }, () =>
      checkouts.map((checkout) => runChild(checkout, nodes)),
    );
    for (const [index, checkout] of checkouts.entries()) {
      report(
        checkout,
        nodes,
        rounds.flatMap((round) => round.slice(index, index + 1)),
      );
    }
  }
}

function runChild(checkout: string, nodes: number): Measurement {
  const script = path.join(here, "bench", "graph.ts");
  const child = spawnSync(
    process.execPath,
    [
      ...process.execArgv,
      "--expose-gc",
      "--max-old-space-size=8192",
      script,
      "--child",
      checkout,
      "--nodes",
      String(nodes),
    ],
    { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] },
  );
  if (child.status !== 0) throw new Error(`a run over ${checkout} ended with status ${child.status}`);
  return JSON.parse(child.stdout) as Measurement;
}

function report(checkout: string, nodes: number, runs: readonly Measurement[]): void {
  const shape = runs.map((run) => `${run.edges} edges, ${(100 * run.leafShare).toFixed(0)} % leaves`);
  console.log(`\n${nodes} nodes, ${shape[0]}, ${runs.length} runs, ${checkout}`);
  const kernels = new Set(runs.flatMap((run) => Object.keys(run.cpuMs)));
  for (const kernel of kernels) {
    const times = runs.map((run) => run.cpuMs[kernel] ?? Number.NaN);
    const least = Math.min(...times).toFixed(0);
    console.log(`  ${kernel.padEnd(14)} ${median(times).toFixed(0).padStart(6)} ms CPU  (min ${least})`);
  }
  console.log(`  peak extra memory ${median(runs.map((run) => run.extraBytesPerNode)).toFixed(1)} bytes per node`);
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

/** One run in a fresh process: the kernels in the order a snapshot uses them, compiled as they go. */
async function measure(checkout: string, nodes: number): Promise<Measurement> {
  const { graph, sizes, tiers } = pythonLikeGraph(nodes);
  const kernels = await loadKernels(checkout);
  const roots = Uint32Array.from(tiers.flatMap((tier) => [...tier]));
  const before = await resetPeakBytes();
  const cpuMs: Record<string, number> = {};
  const timed = <T>(name: string, work: () => T): T => {
    const start = process.cpuUsage();
    const result = work();
    const used = process.cpuUsage(start);
    cpuMs[name] = (used.user + used.system) / 1000;
    return result;
  };
  const degrees = timed("inDegrees", () => kernels.inDegrees(graph));
  timed("reach", () => kernels.reach(graph, tiers, degrees.buffer));
  const tree = timed("dominators", () => kernels.dominators(graph, roots, degrees.buffer));
  const { bytes } = timed("retained", () => kernels.retained(tree, sizes, new Map()));
  cpuMs["sum"] = Object.values(cpuMs).reduce((sum, ms) => sum + ms, 0);
  return {
    cpuMs,
    extraBytesPerNode: (peakBytes() - before) / nodes,
    edges: graph.edgeTarget.length,
    leafShare: countLeaves(graph.edgeStart) / nodes,
    retainedBytes: bytes.at(-1) ?? 0,
  };
}

/** Makes the kernel forget the peak so far (proc(5), clear_refs) and returns the memory in use. */
async function resetPeakBytes(): Promise<number> {
  // Memory of dead arrays goes back to the system some time after the collection that finds them.
  for (let round = 0; round < 3; round++) {
    globalThis.gc?.();
    await setTimeout(100);
  }
  writeFileSync("/proc/self/clear_refs", "5");
  return peakBytes();
}

function peakBytes(): number {
  const peak = /VmHWM:\s+(\d+) kB/.exec(readFileSync("/proc/self/status", "utf8"));
  return Number(peak?.[1] ?? Number.NaN) * 1024;
}

async function loadKernels(checkout: string): Promise<Kernels> {
  const files = KERNEL_FILES.map(
    (file) => import(path.join(checkout, "src", "graph", `${file}.ts`)) as Promise<object>,
  );
  return Object.assign({}, ...(await Promise.all(files))) as Kernels;
}

function countLeaves(edgeStart: Uint32Array): number {
  let leaves = 0;
  for (let node = 0; node + 1 < edgeStart.length; node++) if (edgeStart[node] === edgeStart[node + 1]) leaves++;
  return leaves;
}
