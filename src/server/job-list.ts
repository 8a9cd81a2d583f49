// Work that takes longer than a request: it goes on in a thread of its own, and whoever wants to know looks at the job.

import { randomBytes } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { type Background, startBackground } from "../app/background/background.ts";
import type { TaskProblem } from "../app/background/task.ts";
import { fail, ok, type Result } from "../base/result.ts";
import type { Job, JobKind } from "../model/page-reports.ts";
import type { Progress } from "../model/progress.ts";

export interface JobList extends AsyncDisposable {
  /** Fails when too many are under way. */
  start(kind: JobKind, about: string, work: JobWork): Result<Job, TaskProblem>;
  /** The newest first. */
  all(): readonly Job[];
  find(id: string): Job | null;
  /** Null while there is none, and for jobs that are forgotten. */
  resultOf(id: string): unknown;
  /** The job at once, and whenever something about it changes, until it has ended. */
  follow(id: string, signal: AbortSignal): AsyncIterable<Job>;
  /** Ends it early; what is known by then is the result, where the work can bear it. */
  cancel(id: string): boolean;
}

/** Runs in a thread of its own, which ends with it. */
export type JobWork = (
  thread: Background,
  context: { readonly progress: Progress; readonly signal: AbortSignal },
) => Promise<Result<unknown, TaskProblem>>;

/** Each may read a heap: more at once would need more memory than it is worth. */
const MOST_RUNNING = 3;
const LEAST_GAP_MS = 100;
/** With their results. */
const MOST_KEPT = 40;

interface KeptJob {
  job: Job;
  result: unknown;
  readonly cancel: AbortController;
  readonly ended: Promise<void>;
  readonly listeners: Set<() => void>;
}

export function createJobList(): JobList {
  const jobs = new Map<string, KeptJob>();
  const running = (): readonly KeptJob[] => [...jobs.values()].filter(({ job }) => job.state === "running");
  return {
    start: (kind, about, work) => {
      if (running().length >= MOST_RUNNING)
        return fail({ code: "busy", message: `${MOST_RUNNING} jobs are under way; wait for one, or end one.` });
      forget(jobs);
      const kept = startJob(kind, about, work);
      jobs.set(kept.job.id, kept);
      return ok(kept.job);
    },
    all: () => [...jobs.values()].map(({ job }) => job).reverse(),
    find: (id) => jobs.get(id)?.job ?? null,
    resultOf: (id) => jobs.get(id)?.result ?? null,
    follow: async function* (id, signal) {
      const kept = jobs.get(id);
      if (kept !== undefined) yield* changesOf(kept, signal);
    },
    cancel: (id) => {
      const kept = jobs.get(id);
      kept?.cancel.abort();
      return kept !== undefined;
    },
    [Symbol.asyncDispose]: async () => {
      const open = running();
      for (const { cancel } of open) cancel.abort("closing");
      await Promise.all(open.map(({ ended }) => ended));
    },
  };
}

function startJob(kind: JobKind, about: string, work: JobWork): KeptJob {
  const cancel = new AbortController();
  const listeners = new Set<() => void>();
  const change = (now: Partial<Job>): void => {
    kept.job = { ...kept.job, ...now };
    for (const listener of listeners) listener();
  };
  const run = async (): Promise<void> => {
    await using thread = startBackground();
    // A server that closes does not wait for work that cannot end early.
    const closing = new Promise<Result<unknown, TaskProblem>>((settle) => {
      cancel.signal.addEventListener("abort", () => {
        if (cancel.signal.reason === "closing") settle(fail({ code: "ended", message: "The server was closed." }));
      });
    });
    const working = work(thread, { progress: (progress) => change({ progress }), signal: cancel.signal });
    const result = await Promise.race([working, closing]);
    if (result.ok) kept.result = result.value;
    change(result.ok ? { state: "done" } : { state: "failed", problem: result.error });
  };
  const kept: KeptJob = {
    job: {
      schema: "deadweight/job@1",
      id: randomBytes(8).toString("hex"),
      kind,
      about,
      state: "running",
      startedAtMs: Date.now(),
      progress: null,
      problem: null,
    },
    result: null,
    cancel,
    listeners,
    // Begins when `kept` is there.
    ended: Promise.resolve().then(run),
  };
  return kept;
}

/** The oldest that have ended, so that there is room for one more. */
function forget(jobs: Map<string, KeptJob>): void {
  for (const [id, { job }] of jobs) {
    if (jobs.size < MOST_KEPT) return;
    if (job.state !== "running") jobs.delete(id);
  }
}

async function* changesOf(kept: KeptJob, signal: AbortSignal): AsyncGenerator<Job, void, undefined> {
  let wake = (): void => {};
  const listener = (): void => wake();
  kept.listeners.add(listener);
  signal.addEventListener("abort", listener);
  try {
    while (!signal.aborted) {
      const changed = new Promise<void>((settle) => (wake = settle));
      yield kept.job;
      if (kept.job.state !== "running") return;
      await changed;
      // Progress comes faster than anybody can look.
      await delay(LEAST_GAP_MS);
    }
  } finally {
    kept.listeners.delete(listener);
    signal.removeEventListener("abort", listener);
  }
}
