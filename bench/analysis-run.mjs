// One measured run of bench/analysis.ts: what `deadweight top PID` does before it answers, with a clock around the analysis.
//
//   node bench/analysis-run.mjs DIST PID

import { readFileSync } from "node:fs";
import path from "node:path";
import { clock, since } from "./clock.mjs";

const [dist = "", pid = ""] = process.argv.slice(2);
const { readProcessHeap } = await import(path.join(dist, "app/read-target.js"));
const { analyse } = await import(path.join(dist, "heap/analyse.js"));

let copied = null;
const start = clock();
const read = await readProcessHeap(Number(pid), { maxPauseMs: 60_000, values: false, progress: noteCopy }, true);
if (!read.ok) throw new Error(read.error.code);
const { snapshot } = read.value;
const analysis = read.value.analysis ?? analyse(snapshot);
if (copied === null) throw new Error("nothing was copied");
const { wallMs, cpuMs, mainCpuMs } = since(copied);
if (analysis.retainedBytes.at(-1) === 0) throw new Error("nothing was read");
for (const warning of snapshot.meta.warnings) console.error(warning);

const measurement = {
  objects: snapshot.nodes.count,
  edges: snapshot.refs.edgeTarget.length,
  wallMs,
  cpuMs,
  mainCpuMs,
  pauseMs: snapshot.meta.pauseMs,
  wholeWallMs: since(start).wallMs,
  peakBytes: Number(/VmHWM:\s+(\d+)/.exec(readFileSync("/proc/self/status", "utf8"))?.[1]) * 1024,
};
process.stdout.write(JSON.stringify(measurement));

/** The reading says when the copy is complete. */
function noteCopy({ phase }) {
  if (phase === "reading the copy") copied ??= clock();
}
