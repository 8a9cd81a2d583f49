// Starts and ends helper threads. A helper that dies takes nothing with it: whoever waits for it gets an error and reads
// the heap alone.

import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { invariant } from "../base/invariant.ts";
import type { OutsideReader } from "../cpython/memory-image.ts";
import type { DoneOf, HeapDone, HeapJob, HelperMessage, JobOf } from "./heap-jobs.ts";
import { answer, createMailbox } from "./outside-mailbox.ts";

export interface Helper {
  readonly mailbox: SharedArrayBuffer;
  /** Rejects when the helper fails or dies. One job at a time. */
  run<Kind extends HeapJob["kind"]>(job: JobOf<Kind>): Promise<DoneOf<Kind>>;
  /** Whom the helper's questions go to. */
  setReader(reader: OutsideReader): void;
  end(): Promise<void>;
}

export interface HelperThreads extends AsyncDisposable {
  readonly helpers: readonly Helper[];
}

/** More threads than this wait for the same memory. */
const THREAD_LIMIT = 8;
const WORKER = new URL("./heap-thread.js", import.meta.url);

/**
 * How many threads a heap is read with, the main one included. Sources run unbuilt have no worker file, and read alone.
 * One, unless `DEADWEIGHT_THREADS` asks for more.
 */
export function threadCount(setting: string | undefined = process.env["DEADWEIGHT_THREADS"]): number {
  if (!existsSync(fileURLToPath(WORKER))) return 1;
  const wanted = Number(setting);
  if (Number.isInteger(wanted) && wanted > 0) return Math.min(wanted, THREAD_LIMIT);
  // Not by default: on two cores a second thread saves 7 % of the wall time at best for more memory (bench/method.md,
  // Analysis), and on more cores nobody has measured it.
  return 1;
}

/**
 * Starts `count` helpers, or as many as the system has room for; they start while the caller does something else.
 * Disposing ends them.
 */
export function startHelpers(count: number): HelperThreads {
  const helpers = Array.from({ length: count }, startOrNone).flat();
  return {
    helpers,
    [Symbol.asyncDispose]: async () => {
      await Promise.all(helpers.map((helper) => helper.end()));
    },
  };
}

/** A thread that cannot even be made (a limit on processes or memory) is one that does not help. */
function startOrNone(): readonly Helper[] {
  try {
    return [startHelper()];
  } catch {
    return [];
  }
}

interface Waiting {
  readonly settle: (done: HeapDone) => void;
  readonly fail: (error: Error) => void;
}

function startHelper(): Helper {
  const worker = new Worker(WORKER, { stdin: false });
  // An idle helper must not keep the process alive; while a job is awaited it may.
  worker.unref();
  const mailbox = createMailbox();
  let reader: OutsideReader = { read: () => new Uint8Array(0) };
  let waiting: Waiting | null = null;
  let failure: Error | null = null;
  const fail = (error: Error): void => {
    failure ??= error;
    waiting?.fail(failure);
    waiting = null;
  };
  worker.on("error", fail);
  worker.on("exit", (code) => fail(new Error(`a helper thread ended with code ${code}`)));
  worker.on("message", (message: HelperMessage) => {
    if (message.kind === "ask") return answer(mailbox, reader);
    worker.unref();
    waiting?.settle(message.done);
    waiting = null;
  });
  return {
    mailbox,
    run: (job) =>
      new Promise((resolve, reject) => {
        if (failure !== null) return reject(failure);
        invariant(waiting === null, "a helper thread has one job at a time");
        // The answer to a job is of the job's kind.
        waiting = { settle: resolve as (done: HeapDone) => void, fail: reject };
        worker.ref();
        worker.postMessage(job);
      }),
    setReader: (next) => {
      reader = next;
    },
    end: async () => {
      fail(new Error("the helper thread was ended"));
      await worker.terminate();
    },
  };
}
