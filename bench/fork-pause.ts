// How long a process stands still for `snapshot --fork`, as the process itself sees it: a loop in it looks at the clock all
// the time, and keeps its largest gap. Method: docs/snapshot-inside.md, "What it costs".
// Run: node_modules/.bin/tsx bench/fork-pause.ts [MIB] [ROUNDS] [PYTHON]

import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { loadavg } from "node:os";
import { createInterface } from "node:readline";
import { readForked } from "../src/app/snapshot/read-fork.ts";
import { explainHelpedError } from "../src/app/snapshot/snapshot-way.ts";

const mebibytes = Number(process.argv[2] ?? 512);
const rounds = Number(process.argv[3] ?? 5);
const python = process.argv[4] ?? "python3";
/** Rows of some 470 bytes; then a loop that prints its largest gap every quarter of a second. */
const PROGRAM = `
import sys, time
rows = [{"id": i, "name": "user%d" % i, "row": [i, i + 1.5, (i,)]} for i in range(int(sys.argv[1]))]
print("ready", flush=True)
clock = time.perf_counter
while True:
    last = clock()
    end, largest = last + 0.25, 0.0
    while last < end:
        now = clock()
        if now - last > largest:
            largest = now - last
        last = now
    print("%.3f" % (largest * 1000), flush=True)
`;

interface Round {
  /** Largest gap in the loop. */
  readonly gapMs: number;
  /** What the snapshot says of itself. */
  readonly toldMs: number;
  readonly readMs: number;
}

const target = spawn(python, ["-c", PROGRAM, String(Math.round((mebibytes * 2 ** 20) / 476))], {
  stdio: ["ignore", "pipe", "inherit"],
});
try {
  const gaps = readGaps(target);
  await gaps.ready;
  const gib = residentGib(target.pid ?? 0);
  const idle = await gaps.within(async () => await new Promise((resolve) => setTimeout(resolve, 3000)));
  console.log(
    `${gib.toFixed(2)} GiB resident, load ${loadavg()[0]?.toFixed(1)}; gap with nothing going on: ${idle.gapMs.toFixed(0)} ms`,
  );
  const found: Round[] = [];
  for (let round = 0; round < rounds; round++) {
    let toldMs = 0;
    const { gapMs, tookMs } = await gaps.within(async () => {
      const read = await readForked(target.pid ?? 0, { maxPauseMs: 60_000, values: false, progress: () => {} });
      if (!read.ok) throw new Error(explainHelpedError(read.error));
      toldMs = read.value.meta.pauseMs ?? 0;
    });
    found.push({ gapMs, toldMs, readMs: tookMs });
    console.log(`gap ${gapMs.toFixed(1)} ms, told ${toldMs.toFixed(1)} ms, snapshot ${(tookMs / 1000).toFixed(1)} s`);
  }
  const best = (of: (round: Round) => number): string => Math.min(...found.map(of)).toFixed(1);
  console.log(
    `least gap ${best(({ gapMs }) => gapMs)} ms = ${(Math.min(...found.map(({ gapMs }) => gapMs)) / gib).toFixed(0)} ms per GiB`,
  );
} finally {
  target.kill("SIGKILL");
}

function residentGib(pid: number): number {
  return (Number(readFileSync(`/proc/${pid}/statm`, "utf8").split(" ")[1]) * 4096) / 2 ** 30;
}

interface Gaps {
  readonly ready: Promise<void>;
  /** The largest gap while `work` ran and shortly after. */
  readonly within: (work: () => Promise<unknown>) => Promise<{ readonly gapMs: number; readonly tookMs: number }>;
}

function readGaps(child: ChildProcess): Gaps {
  if (child.stdout === null) throw new Error("the target has no output");
  const lines = createInterface({ input: child.stdout });
  const seen: number[] = [];
  const ready = new Promise<void>((resolve) => lines.once("line", () => resolve()));
  lines.on("line", (line) => seen.push(Number(line)));
  return {
    ready,
    within: async (work) => {
      seen.length = 0;
      const startMs = performance.now();
      await work();
      const tookMs = performance.now() - startMs;
      await new Promise((resolve) => setTimeout(resolve, 700));
      return { gapMs: Math.max(...seen.filter((gap) => !Number.isNaN(gap))), tookMs };
    },
  };
}
