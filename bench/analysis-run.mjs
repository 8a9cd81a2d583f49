// One measured run of bench/analysis.ts: what `deadweight top PID` does before it answers, with a clock around the analysis.
//
//   node bench/analysis-run.mjs DIST PID

import { readFileSync } from "node:fs";
import path from "node:path";

const [dist = "", pid = ""] = process.argv.slice(2);
const { readProcessHeap } = await import(path.join(dist, "app/read-target.js"));
const { analyse } = await import(path.join(dist, "heap/analyse.js"));

let copied = null;
const start = now();
const read = await readProcessHeap(Number(pid), { maxPauseMs: 60_000, values: false, progress: noteCopy }, true);
if (!read.ok) throw new Error(read.error.code);
const { snapshot } = read.value;
const analysis = read.value.analysis ?? analyse(snapshot);
const end = now();
if (analysis.retainedBytes.at(-1) === 0 || copied === null) throw new Error("nothing was read");
for (const warning of snapshot.meta.warnings) console.error(warning);

const measurement = {
  objects: snapshot.nodes.count,
  edges: snapshot.refs.edgeTarget.length,
  wallMs: end.wallMs - copied.wallMs,
  cpuMs: end.cpuMs - copied.cpuMs,
  mainCpuMs: end.mainCpuMs - copied.mainCpuMs,
  pauseMs: snapshot.meta.pauseMs,
  wholeWallMs: end.wallMs - start.wallMs,
  peakBytes: Number(/VmHWM:\s+(\d+)/.exec(readFileSync("/proc/self/status", "utf8"))?.[1]) * 1024,
};
process.stdout.write(JSON.stringify(measurement));

/** The reading says when the copy is complete. */
function noteCopy({ phase }) {
  if (phase === "reading the copy") copied ??= now();
}

function now() {
  const { user, system } = process.cpuUsage();
  // Nanoseconds on a CPU of the thread that reads it: proc(5), schedstat.
  const onCpu = Number(readFileSync("/proc/thread-self/schedstat", "utf8").split(" ")[0]);
  return { wallMs: performance.now(), cpuMs: (user + system) / 1000, mainCpuMs: onCpu / 1e6 };
}
