// Line-by-line memory of functions in a process that is already running: the probe is attached with what watches lines.

import { setTimeout as sleep } from "node:timers/promises";
import { redactCommand } from "../../base/secrets.ts";
import { shellWord } from "../../base/format-shell.ts";
import { fail, ok, type Result } from "../../base/result.ts";
import type { AttachError } from "../../model/attach-error.ts";
import type { LinesReport } from "../../model/lines-report.ts";
import type { Progress } from "../../model/progress.ts";
import { type AttachOptions, callOptions } from "../attach/attach-probe.ts";
import { type ReachedProbe, reachProbe } from "../attach/reach-probe.ts";
import { runInTarget } from "../attach/run-in-target.ts";

export interface ProcessLinesAsked extends Pick<AttachOptions, "waitSeconds" | "gdb" | "say"> {
  readonly pid: number;
  /** MODULE:FUNCTION patterns. */
  readonly functions: readonly string[];
  readonly modules: readonly string[];
  readonly forSeconds: number;
  readonly progress: Progress;
  /** Ends it early; what was seen until then is the report. */
  readonly signal: AbortSignal;
}

export type ProcessLinesError =
  | AttachError
  | { readonly code: "lines-refused"; readonly pid: number; readonly detail: string };

/** Up to 3.11 a trace function is set in the thread that sets it. */
const START_IN_MAIN_THREAD = 'import sys\nsys.modules["_deadweight_lines"].session.start()\n';
const SAY_EVERY_MS = 250;
const REPORT_WITHIN_MS = 60_000;
const LONGEST_COMMAND = 120;

/** Resolves when nothing is watched any more and the probe is on its way out. */
export async function watchProcessLines(asked: ProcessLinesAsked): Promise<Result<LinesReport, ProcessLinesError>> {
  const { pid } = asked;
  const opened = await reachProbe(pid, { ...asked, extra: "lines" });
  if (!opened.ok) return opened;
  await using connection = opened.value;
  const started = await start(connection, asked);
  if (!started.ok) return started;
  await wait(connection, asked);
  const script = redactCommand(connection.hello.command).map(shellWord).join(" ").slice(0, LONGEST_COMMAND);
  const answer = await connection.request("lines-stop", { script }, REPORT_WITHIN_MS);
  if (!answer.ok) return fail({ code: "lines-refused", pid, detail: answer.error });
  const report = parseLinesReport(answer.value);
  return report === null ? fail({ code: "lines-refused", pid, detail: "its report was not understood" }) : ok(report);
}

async function start(connection: ReachedProbe, asked: ProcessLinesAsked): Promise<Result<null, ProcessLinesError>> {
  const { pid } = asked;
  const patterns = { functions: asked.functions.join("\n"), modules: asked.modules.join("\n") };
  const started = await connection.request("lines-start", patterns);
  if (!started.ok) return fail({ code: "lines-refused", pid, detail: started.error });
  if ((started.value as { readonly isEverywhere?: unknown }).isEverywhere === true) return ok(null);
  const ran = await runInTarget(pid, START_IN_MAIN_THREAD, callOptions(pid, asked));
  if (!ran.ok) return ran;
  asked.say(
    `Python ${connection.hello.python} traces by thread: watched are the main thread, and threads that start from now on`,
  );
  return ok(null);
}

async function wait(connection: ReachedProbe, { forSeconds, progress, signal }: ProcessLinesAsked): Promise<void> {
  const startMs = performance.now();
  for (;;) {
    const waitedMs = performance.now() - startMs;
    if (waitedMs >= forSeconds * 1000 || signal.aborted || !connection.isOpen) return;
    progress({
      phase: "watching lines",
      done: Math.round(waitedMs / 1000),
      total: Math.round(forSeconds),
      unit: "seconds",
    });
    await sleep(Math.min(SAY_EVERY_MS, forSeconds * 1000 - waitedMs), null, { signal }).catch(() => null);
  }
}

/** Null when it is none. It was made by the code we sent, so its shape is looked at and not each field. */
function parseLinesReport(value: unknown): LinesReport | null {
  if (typeof value !== "object" || value === null || !("schema" in value) || !("functions" in value)) return null;
  if (value.schema !== "deadweight/lines@1" || !Array.isArray(value.functions)) return null;
  return { ...(value as Omit<LinesReport, "exitCode">), exitCode: 0 };
}
