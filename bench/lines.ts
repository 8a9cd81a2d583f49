// Slowdown of line-by-line memory beside memory_profiler, in one run, in CPU time per iteration. Method: bench/method.md, "Lines".
// Run: node_modules/.bin/tsx bench/lines.ts [PAIRS]; needs an environment per interpreter, which it makes.

import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { findInterpreters } from "../test/support/interpreters.ts";
import { packageVenv } from "../test/support/package-venv.ts";

const [pairs = 3] = process.argv.slice(2).map(Number);
const TARGET = join(import.meta.dirname, "targets", "lines.py");
const SOURCES = join(import.meta.dirname, "..", "python", "src");
/** memory_profiler needs 0.2 ms for an iteration: as many as fit into a second. */
const ITERATIONS: Readonly<Record<string, number>> = { plain: 300_000, deadweight: 300_000, memory_profiler: 2000 };
const TOOLS = Object.keys(ITERATIONS);
const LOOPS = ["rare", "steady"];

for (const python of findInterpreters()) {
  const venv = packageVenv(python, ["pytest", "pytest-xdist", "memory_profiler"]);
  if ("reason" in venv) {
    console.log(venv.reason);
    continue;
  }
  const least = new Map<string, number>();
  for (let pair = 0; pair < pairs; pair++) {
    for (const tool of pair % 2 === 0 ? TOOLS : TOOLS.toReversed()) {
      for (const [loop, cost] of costs(venv.program, tool)) {
        const key = `${tool} ${loop}`;
        least.set(key, Math.min(least.get(key) ?? Infinity, cost));
      }
    }
  }
  for (const loop of LOOPS) {
    const plain = least.get(`plain ${loop}`) ?? NaN;
    const [ours, theirs] = ["deadweight", "memory_profiler"].map(
      (tool) => (least.get(`${tool} ${loop}`) ?? NaN) / plain,
    );
    const ratio = (theirs ?? NaN) / (ours ?? NaN);
    console.log(
      `${python.version} ${loop.padEnd(7)} plain ${plain.toFixed(0)} ns, deadweight x${ours?.toFixed(2)}, memory_profiler x${theirs?.toFixed(0)}: ${ratio.toFixed(0)} times less`,
    );
  }
}

function costs(program: string, tool: string): readonly (readonly [string, number])[] {
  const environment = { ...process.env, PYTHONPATH: SOURCES };
  const words = [TARGET, tool, String(ITERATIONS[tool])];
  const text = execFileSync(program, words, { encoding: "utf8", env: environment });
  return [...text.matchAll(/^cost (\w+) ([\d.]+)$/gm)].map((match) => [match[1] ?? "", Number(match[2])] as const);
}
