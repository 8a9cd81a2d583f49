// How long a process stands still while it is copied, and where that time goes. Method: bench/method.md, "Pause".
// Run: node_modules/.bin/tsx bench/pause.ts [MIB] [ROUNDS]

import { byteWindows } from "../src/base/byte-windows.ts";
import { type ChildProcess, spawn } from "node:child_process";
import { readSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { captureProcess } from "../src/capture/capture-process.ts";
import { allocateCopyBuffer, touchCopyBuffer } from "../src/capture/copy-buffer.ts";
import { copyPages } from "../src/capture/copy-pages.ts";
import { openProcFs } from "../src/capture/proc-fs.ts";
import { surveyTarget } from "../src/capture/target-survey.ts";

const [mebibytes = 1024, rounds = 11] = process.argv.slice(2).map(Number);
const GIB = 2 ** 30;
/** About 470 bytes each in CPython 3.11: a dict, a list, a float, a tuple, a str and an int. */
const PROGRAM = `
import sys, time
rows = [{"id": i, "name": "user%d" % i, "row": [i, i + 1.5, (i,)]} for i in range(int(sys.argv[1]))]
print("ready", flush=True)
sys.stdin.read()
`;

interface Round {
  readonly pauseMs: number;
  readonly stopMs: number;
  readonly totalMs: number;
  readonly surveyMs: number;
  readonly poolMs: number;
  readonly singleMs: number;
  readonly gib: number;
}

const target = await startTarget(Math.round((mebibytes * 2 ** 20) / 476));
try {
  const results: Round[] = [];
  for (let round = 0; round <= rounds; round++) {
    const result = await measure(target.pid ?? 0);
    // The first round warms up the JIT and the page cache.
    if (round > 0) results.push(result);
  }
  report(results);
} finally {
  target.kill("SIGKILL");
}

async function startTarget(objects: number): Promise<ChildProcess> {
  const child = spawn("python3", ["-c", PROGRAM, String(objects)], { stdio: ["pipe", "pipe", "inherit"] });
  await new Promise((resolve, reject) => {
    child.stdout.once("data", resolve);
    child.once("exit", reject);
  });
  return child;
}

/** One capture, then its parts alone, on the same target and in turn, so that all of them see the same machine. */
async function measure(pid: number): Promise<Round> {
  const startMs = performance.now();
  const captured = await captureProcess(pid, { maxPauseMs: 60_000, progress: () => {} });
  const totalMs = performance.now() - startMs;
  if (!captured.ok) throw new Error(captured.error.code);
  const { pauseMs, stopMs, copiedBytes } = captured.value;
  captured.value[Symbol.dispose]();
  return { pauseMs, stopMs, totalMs, gib: copiedBytes / GIB, ...(await measureParts(pid)) };
}

async function measureParts(pid: number): Promise<Pick<Round, "surveyMs" | "poolMs" | "singleMs">> {
  const proc = openProcFs();
  const surveyStartMs = performance.now();
  const survey = await surveyTarget(proc, pid);
  const surveyMs = performance.now() - surveyStartMs;
  const opened = proc.open(`${pid}/mem`);
  if (!survey.ok || !opened.ok) throw new Error("the target is gone");
  using memory = opened.value;
  const { plan } = survey.value;
  const buffer = allocateCopyBuffer(plan, pid, false);
  if (!buffer.ok) throw new Error("no memory");
  await touchCopyBuffer(buffer.value, plan, () => {});
  const bytes = new Uint8Array(buffer.value);
  const windows = byteWindows(buffer.value, buffer.value.byteLength);
  const poolStartMs = performance.now();
  await copyPages(memory, windows, plan.jobs, () => false);
  const poolMs = performance.now() - poolStartMs;
  const singleStartMs = performance.now();
  for (const job of plan.jobs) {
    for (let done = 0; done < job.length; )
      done += readSync(memory.fd, bytes, job.offset + done, Math.min(16 << 20, job.length - done), job.address + done);
  }
  return { surveyMs, poolMs, singleMs: performance.now() - singleStartMs };
}

function report(results: readonly Round[]): void {
  const median = (pick: (round: Round) => number): number => {
    const sorted = results.map(pick).sort((a, b) => a - b);
    return sorted[sorted.length >> 1] ?? Number.NaN;
  };
  const best = Math.min(...results.map((round) => round.pauseMs / round.gib));
  const worst = Math.max(...results.map((round) => round.pauseMs / round.gib));
  const line = (name: string, value: string): void => console.log(`${name.padEnd(36)}${value}`);
  line(
    "machine",
    `${cpus().length} x ${cpus()[0]?.model ?? "?"}, load ${loadavg()[0]?.toFixed(1) ?? "?"}, Node ${process.version}`,
  );
  line("copied", `${(median((round) => round.gib) * 1024).toFixed(0)} MiB, ${results.length} rounds, medians`);
  line("pause", `${median((round) => round.pauseMs).toFixed(0)} ms`);
  line(
    "pause per GiB",
    `${median((round) => round.pauseMs / round.gib).toFixed(0)} ms (${best.toFixed(0)} to ${worst.toFixed(0)})`,
  );
  line("  until the last thread stood still", `${median((round) => round.stopMs).toFixed(1)} ms`);
  line("  mappings and page map", `${median((round) => round.surveyMs).toFixed(0)} ms`);
  line("  copy, thread pool", `${median((round) => round.poolMs).toFixed(0)} ms`);
  line("  copy, one thread (not used)", `${median((round) => round.singleMs).toFixed(0)} ms`);
  line("whole capture, preparation included", `${median((round) => round.totalMs).toFixed(0)} ms`);
}
