// The thread around the tasks: asks come in, progress and answers go out.

import { parentPort } from "node:worker_threads";
import { fail, type Result } from "../../base/result.ts";
import type { FromThread, Task, TaskProblem, ToThread } from "./task.ts";
import { createTasks } from "./tasks.ts";

const tasks: Readonly<Record<string, Task<never, unknown>>> = { ...createTasks() };
const underWay = new Map<number, AbortController>();
const send = (message: FromThread): void => parentPort?.postMessage(message);

parentPort?.on("message", (message: ToThread) => {
  switch (message.kind) {
    case "cancel":
      underWay.get(message.id)?.abort();
      return;
    case "ask":
      void answer(message).then((result) => send({ kind: "answer", id: message.id, answer: result }));
  }
});

/** An error of ours goes on to the thread's `error` event: it is not an answer. */
async function answer({ id, name, asked }: Extract<ToThread, { kind: "ask" }>): Promise<Result<unknown, TaskProblem>> {
  const task = tasks[name];
  if (task === undefined) return fail({ code: "internal-error", message: `There is no task ${name}.` });
  const ending = new AbortController();
  underWay.set(id, ending);
  try {
    // The main thread asks by names and types of the same table.
    return await task(asked as never, {
      progress: (step) => send({ kind: "progress", id, step }),
      signal: ending.signal,
      tell: (news) => send({ kind: "news", id, news }),
    });
  } finally {
    underWay.delete(id);
  }
}
