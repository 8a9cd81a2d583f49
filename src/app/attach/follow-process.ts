// `deadweight attach PID`: puts the probe in, asks it for counters until the end, and takes it out again.

import { setTimeout as sleep } from "node:timers/promises";
import { ok, type Result } from "../../base/result.ts";
import type { AttachError } from "../../model/attach-error.ts";
import type { AttachReport } from "../../model/attach-report.ts";
import { ProbedProcesses } from "../probe/probed-processes.ts";
import { type AttachOptions, attachProbe } from "./attach-probe.ts";

export interface FollowAsked extends Pick<AttachOptions, "waitSeconds" | "gdb" | "say"> {
  readonly pid: number;
  /** Null: until it is asked to end, or the process ends. */
  readonly forSeconds: number | null;
  readonly everySeconds: number;
  readonly signal: AbortSignal;
}

/** The most that a timer takes. */
const LONGEST_MS = 2 ** 31 - 1;
const MOST_REFUSED = 20;

/** Resolves when the probe has left, or the process has ended. */
export async function followProcess(asked: FollowAsked): Promise<Result<AttachReport, AttachError>> {
  const processes = new ProbedProcesses();
  const refused: string[] = [];
  const opened = await attachProbe(asked.pid, {
    ...asked,
    connected: (connection) => processes.add(connection),
    refused: (why) => {
      if (refused.length < MOST_REFUSED) refused.push(why);
    },
  });
  if (!opened.ok) return opened;
  await using attached = opened.value;
  const { hello } = attached.connection;
  const startMs = performance.now();
  asked.say(
    `attached to process ${asked.pid} (Python ${hello.python}); it stood still for ${attached.pauseMs.toFixed(1)} ms. Ctrl-C takes the probe out.`,
  );
  const ended = await untilOver(asked, attached.connection.closed, processes);
  await processes.askAll();
  return ok({
    schema: "deadweight/attach@1",
    pid: asked.pid,
    python: hello.python,
    pauseMs: attached.pauseMs,
    seconds: (performance.now() - startMs) / 1000,
    ended,
    processes: processes.report(),
    refused,
  });
}

async function untilOver(
  { forSeconds, everySeconds, signal }: FollowAsked,
  closed: Promise<void>,
  processes: ProbedProcesses,
): Promise<AttachReport["ended"]> {
  const poll = setInterval(() => void processes.askAll(), everySeconds * 1000);
  const limitMs = forSeconds === null ? LONGEST_MS : Math.min(forSeconds * 1000, LONGEST_MS);
  const limit = sleep(limitMs, "asked" as const, { signal }).catch(() => "asked" as const);
  try {
    return await Promise.race([limit, closed.then(() => "closed" as const)]);
  } finally {
    clearInterval(poll);
  }
}
