// A thread that does long work, so that whoever serves people goes on answering. It dies alone: of too little memory, of a file
// that is made to harm, of an error of ours. Whoever waits for it hears a sentence.

import { Worker } from "node:worker_threads";
import { fail, type Result } from "../../base/result.ts";
import type { Progress } from "../../model/progress.ts";
import type { AnswerOf, AskedOf, FromThread, TaskProblem, ToThread } from "./task.ts";
import type { BackgroundTasks } from "./tasks.ts";

export interface AskOptions {
  readonly progress?: Progress;
  readonly signal?: AbortSignal;
  /** Hears what the task tells before its answer: what that is, the task says. */
  readonly hear?: (news: never) => void;
}

export interface Background extends AsyncDisposable {
  /** Never rejects. Asks are answered side by side, as far as one thread can. */
  ask<Name extends keyof BackgroundTasks>(
    name: Name,
    asked: AskedOf<BackgroundTasks[Name]>,
    options?: AskOptions,
  ): Promise<Result<AnswerOf<BackgroundTasks[Name]>, TaskProblem>>;
  /** Whether it can still be asked. */
  isAlive(): boolean;
}

export interface BackgroundLimits {
  /** Of V8's heap in the thread; columns of numbers lie outside it and are bounded by what is read. */
  readonly heapMegabytes?: number;
}

interface Waiting {
  readonly settle: (answer: Result<unknown, TaskProblem>) => void;
  readonly progress: Progress | undefined;
  readonly hear: ((news: never) => void) | undefined;
}

const THREAD = new URL("./thread-entry.js", import.meta.url);

/** Dispose it in the end; what is under way is then answered with a problem. */
export function startBackground({ heapMegabytes }: BackgroundLimits = {}): Background {
  const limits = heapMegabytes === undefined ? {} : { resourceLimits: { maxOldGenerationSizeMb: heapMegabytes } };
  const worker = new Worker(THREAD, { stdin: false, ...limits });
  const waiting = new Map<number, Waiting>();
  let nextId = 0;
  let ended: TaskProblem | null = null;
  const end = (problem: TaskProblem): void => {
    ended ??= problem;
    for (const { settle } of waiting.values()) settle(fail(ended));
    waiting.clear();
  };
  worker.on("error", (error: Error) => end(problemOf(error)));
  worker.on("exit", () => end({ code: "ended", message: "The work was ended before there was an answer." }));
  worker.on("message", (message: FromThread) => {
    const each = waiting.get(message.id);
    if (message.kind === "progress") return each?.progress?.(message.step);
    if (message.kind === "news") return each?.hear?.(message.news as never);
    waiting.delete(message.id);
    each?.settle(message.answer);
  });
  return {
    isAlive: () => ended === null,
    ask: async (name, asked, { progress, signal, hear } = {}) => {
      if (ended !== null) return fail(ended);
      const id = nextId++;
      const send = (message: ToThread): void => worker.postMessage(message);
      const cancel = (): void => send({ kind: "cancel", id });
      const answer = await new Promise<Result<unknown, TaskProblem>>((settle) => {
        waiting.set(id, { settle, progress, hear });
        send({ kind: "ask", id, name, asked });
        if (signal?.aborted === true) cancel();
        signal?.addEventListener("abort", cancel, { once: true });
      });
      signal?.removeEventListener("abort", cancel);
      // The thread answers by the same table that gives the types.
      return answer as Result<AnswerOf<BackgroundTasks[typeof name]>, TaskProblem>;
    },
    [Symbol.asyncDispose]: async () => void (await worker.terminate()),
  };
}

function problemOf(error: Error): TaskProblem {
  if ("code" in error && error.code === "ERR_WORKER_OUT_OF_MEMORY")
    return {
      code: "out-of-memory",
      message:
        "The work needed more memory than it may have, so it was ended; nothing else was lost. A smaller heap can be looked at.",
    };
  return { code: "internal-error", message: `The work failed by an error of ours: ${error.stack ?? error.message}` };
}
