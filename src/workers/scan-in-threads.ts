// Scans many files, in two threads where that pays. Helpers take batches when they are free; the main thread scans too.

import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import type { Rule } from "../rules/rule.ts";
import { calmCompiler } from "./calm-compiler.ts";
import type { HelperAnswer, HelperRequest, ScanDone, ScanJob } from "./scan-jobs.ts";
import { openScanTools, scanOne } from "./scan-share.ts";
import { tightenCollector } from "./tighten-collector.ts";

/** A job and how large its file is. */
export interface SizedJob {
  readonly job: ScanJob;
  readonly bytes: number;
}

export interface ThreadOptions {
  /** Threads, the main one included; null: two where they pay. */
  readonly threads: number | null;
  /** Called for every file that is done, in the main thread, in no order. */
  readonly onDone: (job: ScanJob, done: ScanDone) => void;
}

/** A helper compiles the hot functions for itself: below this one thread is done sooner (measured: bench/method.md, Scan). */
const WORTH_A_HELPER_BYTES = 32 * 1024 * 1024;
const BATCH_BYTES = 256 * 1024;
const MOST_THREADS = 8;
/** Sources that run unbuilt have no compiled worker, and scan alone. */
const WORKER = new URL("./scan-thread.js", import.meta.url);

/** Resolves when all are done. A helper that dies costs time only: its batch is scanned here. */
export async function scanInThreads(
  jobs: readonly SizedJob[],
  rules: readonly Rule[],
  { threads, onDone }: ThreadOptions,
): Promise<void> {
  tightenCollector();
  calmCompiler();
  const batches = batchesOf(jobs);
  const helpers = Array.from({ length: helperCount(jobs, threads) }, () => startHelper());
  const tools = await openScanTools(
    rules,
    jobs.map((each) => each.job),
  );
  const scanHere = (batch: readonly ScanJob[]): void => {
    for (const job of batch) onDone(job, scanOne(job, tools));
  };
  const runHelper = async (helper: Helper): Promise<void> => {
    for (let batch = batches.pop(); batch !== undefined; batch = batches.pop()) {
      const done = await helper.scan(batch);
      if (done === null) {
        scanHere(batch);
        return;
      }
      batch.forEach((job, at) => {
        const one = done[at];
        if (one !== undefined) onDone(job, one);
      });
    }
  };
  try {
    const running = helpers.map(runHelper);
    for (let batch = batches.pop(); batch !== undefined; batch = batches.pop()) {
      scanHere(batch);
      // Answers of helpers are heard only between batches.
      if (helpers.length > 0) await new Promise((resolve) => setImmediate(resolve));
    }
    await Promise.all(running);
  } finally {
    await Promise.all(helpers.map((helper) => helper.end()));
  }
}

function helperCount(jobs: readonly SizedJob[], threads: number | null): number {
  if (!existsSync(fileURLToPath(WORKER))) return 0;
  if (threads !== null) return Math.min(threads, MOST_THREADS) - 1;
  const bytes = jobs.reduce((sum, each) => sum + each.bytes, 0);
  return bytes > WORTH_A_HELPER_BYTES ? 1 : 0;
}

/** Batches of about one size, the large files first: popped from the end. */
function batchesOf(jobs: readonly SizedJob[]): ScanJob[][] {
  const batches: ScanJob[][] = [];
  let room = 0;
  for (const { job, bytes } of jobs.toSorted((a, b) => a.bytes - b.bytes)) {
    if (room < bytes || batches.length === 0) {
      batches.push([]);
      room = BATCH_BYTES;
    }
    batches.at(-1)?.push(job);
    room -= bytes;
  }
  return batches;
}

interface Helper {
  /** Null when the helper has died. */
  readonly scan: (jobs: readonly ScanJob[]) => Promise<readonly ScanDone[] | null>;
  readonly end: () => Promise<void>;
}

function startHelper(): Helper {
  const worker = new Worker(WORKER, { stdin: false });
  let isDead = false;
  let settle: ((done: readonly ScanDone[] | null) => void) | null = null;
  let id = 0;
  const die = (): void => {
    isDead = true;
    settle?.(null);
    settle = null;
  };
  worker.on("error", die);
  worker.on("exit", die);
  worker.on("message", (answer: HelperAnswer) => {
    if (answer.id === id) settle?.(answer.done);
  });
  return {
    scan: (jobs) =>
      new Promise((resolve) => {
        if (isDead) return resolve(null);
        settle = resolve;
        const request: HelperRequest = { id: ++id, jobs };
        worker.postMessage(request);
      }),
    end: async () => {
      await worker.terminate();
    },
  };
}
