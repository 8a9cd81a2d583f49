// One tool on one fresh target.

import { spawn } from "node:child_process";
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout } from "node:timers/promises";
import type { Contestant, Outside } from "./contestants.ts";
import type { Measurement } from "./measurement.ts";
import { orAbort, startTarget, type Target } from "./target.ts";

const WRAPPER: string = join(import.meta.dirname, "spawn.py");
export const LIMIT_SECONDS = 180;
const CONTROL_SECONDS = 2;
/** PyHeap writes here, in the name of the target, whatever TMPDIR says. */
const PYHEAP_FOLDER = "/tmp";

export interface Place {
  readonly python: string;
  readonly objects: number;
  /** For what the tools write. */
  readonly folder: string;
  readonly interrupted: AbortSignal;
}

/** What spawn.py prints. */
interface Spent {
  readonly exitCode: number;
  readonly stopped: boolean;
  readonly wallSeconds: number;
  readonly cpuSeconds: number;
  readonly peakMib: number;
}
/** What the tool did, as far as the target cannot tell. */
type Work = Pick<Measurement, "wallSeconds" | "toolCpuSeconds" | "toolPeakMib" | "steps" | "answer"> & {
  readonly gapMs?: number;
  readonly ownThreadMs?: number;
};

/** Throws with one sentence when the tool failed or took too long. */
export async function measure(contestant: Contestant, place: Place): Promise<Measurement> {
  const limit = AbortSignal.any([place.interrupted, AbortSignal.timeout((LIMIT_SECONDS + 20) * 1000)]);
  await using target = await startTarget(place.python, place.objects, limit);
  // Its pages settle, and the process that made it comes to rest.
  await setTimeout(300, undefined, { signal: place.interrupted });
  const before = await target.mark(limit);
  target.forgetPeak();
  const residentMib = target.residentMib("VmRSS");
  const work = await workOf(contestant, target, place);
  const after = await target.read(limit);
  const gapMs = work.gapMs ?? after.gapMs;
  return {
    ...work,
    gapMs,
    ownThreadMs: work.ownThreadMs ?? gapMs,
    targetCpuSeconds: after.cpuSeconds - before.cpuSeconds,
    peakExtraMib: target.residentMib("VmHWM") - residentMib,
    keptExtraMib: target.residentMib("VmRSS") - residentMib,
  };
}

async function workOf(contestant: Contestant, target: Target, place: Place): Promise<Work> {
  switch (contestant.kind) {
    case "control":
      await setTimeout(CONTROL_SECONDS * 1000, undefined, { signal: place.interrupted });
      return { ...NOTHING, wallSeconds: CONTROL_SECONDS };
    case "inside":
      return runInside(contestant.key, target, place.interrupted);
    case "outside":
      return runOutside(contestant, target.pid, place);
  }
}

const NOTHING = { toolCpuSeconds: null, toolPeakMib: null, steps: [], answer: { text: "", bytes: null } } as const;

async function runInside(hook: string, target: Target, interrupted: AbortSignal): Promise<Work> {
  const tooLong = AbortSignal.timeout(LIMIT_SECONDS * 1000);
  const report = await target.run(hook, AbortSignal.any([interrupted, tooLong])).catch((error: unknown) => {
    throw tooLong.aborted && !interrupted.aborted ? new Error(TOO_LONG) : error;
  });
  if ("error" in report) throw new Error(report.error);
  const wallSeconds = report.steps.reduce((sum, step) => sum + step.seconds, 0);
  return { ...NOTHING, ...report, wallSeconds, ownThreadMs: wallSeconds * 1000 };
}

const TOO_LONG = `not done after ${LIMIT_SECONDS} s`;

async function runOutside(tool: Outside, pid: number, place: Place): Promise<Work> {
  const output = join(place.folder, "output");
  const file = join(place.folder, "file");
  const leftBefore = new Set(pyheapLeftovers());
  try {
    const spent = await spend(tool.command(pid, file), output, place);
    if (spent.stopped) throw new Error(TOO_LONG);
    if (spent.exitCode !== 0) throw new Error(`exit code ${spent.exitCode}: ${lastLine(output)}`);
    return { ...NOTHING, ...costOf(spent), answer: tool.answer(readFileSync(output, "utf8"), file) };
  } finally {
    for (const file of readdirSync(place.folder)) rmSync(join(place.folder, file), { recursive: true, force: true });
    if (tool.key === "pyheap")
      for (const left of pyheapLeftovers()) if (!leftBefore.has(left)) rmSync(left, { recursive: true, force: true });
  }
}

function costOf(spent: Spent): Pick<Work, "wallSeconds" | "toolCpuSeconds" | "toolPeakMib"> {
  return { wallSeconds: spent.wallSeconds, toolCpuSeconds: spent.cpuSeconds, toolPeakMib: spent.peakMib };
}

/** By way of spawn.py, which ends what it started when it is asked to end. */
async function spend(command: readonly string[], output: string, place: Place): Promise<Spent> {
  const wrapper = spawn(place.python, [WRAPPER, String(LIMIT_SECONDS), output, ...command], {
    cwd: place.folder,
    stdio: ["ignore", "pipe", "inherit"],
    detached: true,
  });
  const gone = new Promise((resolve) => {
    wrapper.once("exit", resolve);
    wrapper.once("error", resolve);
  });
  try {
    const line = await orAbort(
      createInterface({ input: wrapper.stdout })[Symbol.asyncIterator]().next(),
      place.interrupted,
    );
    if (line.done === true) throw new Error(`${command[0]} could not be started`);
    return JSON.parse(line.value) as Spent;
  } finally {
    wrapper.kill("SIGTERM");
    await gone;
  }
}

function pyheapLeftovers(): readonly string[] {
  return readdirSync(PYHEAP_FOLDER)
    .filter((name) => name.startsWith("pyheap-"))
    .map((name) => join(PYHEAP_FOLDER, name));
}

function lastLine(output: string): string {
  const lines = [`${output}.err`, output].map((file) => readFileSync(file, "utf8").trim().split("\n").at(-1));
  return lines.find((line) => line !== undefined && line !== "") ?? "it said nothing";
}
