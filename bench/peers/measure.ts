// One tool on one fresh target.

import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import type { Contestant, Outside } from "./contestants.ts";
import type { Measurement } from "./measurement.ts";
import { type Spent, spend, tooLong } from "./spend.ts";
import { startTarget, type Target } from "./target.ts";

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
  const timer = AbortSignal.timeout(LIMIT_SECONDS * 1000);
  const report = await target.run(hook, AbortSignal.any([interrupted, timer])).catch((error: unknown) => {
    throw timer.aborted && !interrupted.aborted ? new Error(tooLong(LIMIT_SECONDS)) : error;
  });
  if ("error" in report) throw new Error(report.error);
  const wallSeconds = report.steps.reduce((sum, step) => sum + step.seconds, 0);
  return { ...NOTHING, ...report, wallSeconds, ownThreadMs: wallSeconds * 1000 };
}

async function runOutside(tool: Outside, pid: number, place: Place): Promise<Work> {
  const output = join(place.folder, "output");
  const file = join(place.folder, "file");
  const leftBefore = new Set(pyheapLeftovers());
  try {
    const { python, folder, interrupted } = place;
    const words = tool.command(pid, file);
    const spent = await spend({ words, python, folder, output, limitSeconds: LIMIT_SECONDS }, interrupted);
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

function pyheapLeftovers(): readonly string[] {
  return readdirSync(PYHEAP_FOLDER)
    .filter((name) => name.startsWith("pyheap-"))
    .map((name) => join(PYHEAP_FOLDER, name));
}
