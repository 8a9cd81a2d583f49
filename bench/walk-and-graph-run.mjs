// One measured run of bench/analysis.ts: walk and graph alone, in one thread, several passes over one copy of the target.
//
//   node bench/walk-and-graph-run.mjs DIST PID PASSES
//
// Prints one measurement per pass. The first is cold: compilation and first-touch faults count. Checks and names come
// between the two halves and are left out.

import path from "node:path";
import { clock, since } from "./clock.mjs";

const [dist = "", pid = "", passes = ""] = process.argv.slice(2);
const from = (file) => import(path.join(dist, file));
const { identifyProcess } = await from("app/identify-target.js");
const { captureProcess } = await from("capture/capture-process.js");
const { readObjects } = await from("heap/walk/read-objects.js");
const { checkHeap, nameHeap } = await from("heap/read-heap.js");
const { searchPaths } = await from("heap/analyse.js");
const { weigh } = await from("heap/analysis/weights.js");

const ORIGIN = {
  source: "live",
  takenAtMs: 0,
  pid: Number(pid),
  processStartTicks: null,
  command: [],
  executable: "",
  pauseMs: 0,
  memory: { rssBytes: null, sharedBytes: null, swapBytes: null },
  warnings: [],
};
const silent = () => {};

const known = identifyProcess(Number(pid));
if (!known.ok) throw new Error(known.error.code);
const { interpreter, layout } = known.value;
const captured = await captureProcess(Number(pid), {
  maxPauseMs: 60_000,
  progress: silent,
  shared: false,
  inspect: () => "take",
});
if (!captured.ok) throw new Error(captured.error.code);
const { image } = captured.value;

const measured = [];
for (let pass = 0; pass < Number(passes); pass++) measured.push(measurePass());
process.stdout.write(JSON.stringify(measured));

function measurePass() {
  const walkStart = clock();
  const read = readObjects({ image, interpreter, layout }, silent);
  const walk = since(walkStart);
  const snapshot = nameHeap(checkHeap(read), interpreter, ORIGIN, { values: false, progress: silent });
  const { refs, nodes } = snapshot;
  const graphStart = clock();
  const { rooted } = searchPaths(snapshot);
  const { retainedBytes } = weigh(refs, nodes.shallowBytes, nodes.oversize, {
    accepted: rooted.roots,
    held: new Uint32Array(0),
  });
  const graph = since(graphStart);
  if (retainedBytes.at(-1) === 0) throw new Error("nothing was read");
  return {
    objects: nodes.count,
    walkCpuMs: walk.cpuMs,
    graphCpuMs: graph.cpuMs,
    mainCpuMs: walk.mainCpuMs + graph.mainCpuMs,
  };
}
