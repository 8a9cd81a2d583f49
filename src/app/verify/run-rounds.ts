// The rounds: calls, a snapshot, and whether anything still grows.

import { fail, ok, type Result } from "../../base/result.ts";
import { formatBytes } from "../../base/format-bytes.ts";
import { countOf } from "../../base/format-count.ts";
import { openProcFs } from "../../capture/proc-fs.ts";
import { loadedExtensions } from "../../capture/extension-modules.ts";
import { readMemoryStatus } from "../../capture/process-signals/memory-status.ts";
import type { JudgedObservation } from "../../diagnose/judge-observation.ts";
import { judgeScenario } from "../../diagnose/judge-scenario.ts";
import type { Observation, TimedHeap } from "../../diagnose/observation.ts";
import { analyse } from "../../heap/analyse.ts";
import { settleOwners } from "../../heap/holders/ownership.ts";
import { pickGauges } from "../../heap/queries/gauges.ts";
import type { ProcessSample } from "../../model/sample.ts";
import type { Progress } from "../../model/progress.ts";
import { ROUNDS_FOR_PROOF } from "../../watch/judge-rounds.ts";
import { explainHeapError } from "../open-heap.ts";
import { readProcess } from "../read-target.ts";
import { takenAt } from "../diagnose/taken-at.ts";
import { openWatch, type Watch } from "../watch/watch-process.ts";
import { bearableRounds, callsOfRound } from "./round-plan.ts";
import type { Scenario } from "./scenario.ts";
import { childSizes, grownChildren } from "./growing-children.ts";

export interface RoundsAsked {
  /** Of the first round. */
  readonly calls: number;
  readonly mostRounds: number;
  readonly maxPauseMs: number;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

/** What was measured after a round; the first has no calls and stands for the time before. */
export interface Measured {
  readonly calls: number;
  readonly heap: TimedHeap;
  readonly rssBytes: number;
}

export interface RanRounds {
  readonly measured: readonly Measured[];
  readonly judged: JudgedObservation;
  readonly warnings: readonly string[];
}

const SAMPLES_PER_SECOND = 2;

/** At least one round. Fails with a sentence. */
export async function runRounds(
  pid: number,
  scenario: Scenario,
  asked: RoundsAsked,
): Promise<Result<RanRounds, string>> {
  const [beganMs, beganAtMs] = [performance.now(), Date.now()];
  const elapsed = (): number => performance.now() - beganMs;
  // 1. Before the first round.
  const first = await measure(pid, scenario, { calls: 0, number: 0, elapsed, beganAtMs }, asked);
  if (!first.ok) return first;
  const { analysis } = first.value.heap;
  const mostRounds = bearableRounds(asked.mostRounds, analysis.snapshot.nodes.count);
  const stop = new AbortController();
  const watching = { rateHz: SAMPLES_PER_SECOND, forMs: null, load: null, rareGapMs: 1000, signal: stop.signal };
  const opened = openWatch(pid, pickGauges(settleOwners(analysis)), watching);
  if (!opened.ok) return fail(explainHeapError(opened.error));
  using watch = opened.value;
  const sampling = samplesOf(watch);
  // 2. Rounds, as long as something grows.
  const measured = [first.value];
  const children = childSizes(pid);
  let judged: JudgedObservation | null = null;
  for (let at = 0; at < mostRounds && !asked.signal.aborted; at++) {
    asked.progress({ phase: `round ${at + 1}`, done: at, total: mostRounds, unit: "steps" });
    const calls = await scenario.run(callsOfRound(asked.calls, at), asked.signal);
    if (!calls.ok) return await stopped(stop, sampling, calls.error);
    if (calls.value === 0) break;
    const next = await measure(pid, scenario, { calls: calls.value, number: at + 1, elapsed, beganAtMs }, asked);
    if (!next.ok) return await stopped(stop, sampling, next.error);
    measured.push(next.value);
    judged = judgeScenario(observationOf(pid, measured, watch, []), callsOf(measured));
    if (at > 0 && !isStillGrowing(judged, measured)) break;
  }
  const besides = grownChildren(children, childSizes(pid));
  // 3. What the samples show, too.
  stop.abort();
  const samples = await sampling;
  if (judged === null)
    return fail("It was interrupted before the first round was over: there is nothing to judge yet.");
  const warnings = [
    ...fewRounds(asked.mostRounds, mostRounds),
    ...interrupted(asked.signal, measured.length - 1),
    ...besides,
  ];
  const observation = observationOf(pid, measured, watch, samples);
  return ok({ measured, judged: { ...judged, observation }, warnings });
}

export function callsOf(measured: readonly Measured[]): readonly number[] {
  return measured.slice(1).map(({ calls }) => calls);
}

async function stopped(
  stop: AbortController,
  sampling: Promise<unknown>,
  sentence: string,
): Promise<Result<never, string>> {
  stop.abort();
  await sampling;
  return fail(sentence);
}

async function samplesOf(watch: Watch): Promise<readonly ProcessSample[]> {
  const samples: ProcessSample[] = [];
  for await (const { sample } of watch.ticks()) samples.push(sample);
  return samples;
}

interface Moment {
  readonly calls: number;
  readonly number: number;
  readonly elapsed: () => number;
  /** When all began, by the clock of the machine. */
  readonly beganAtMs: number;
}

/** The scenario stands still meanwhile. */
async function measure(
  pid: number,
  scenario: Scenario,
  { calls, number, elapsed, beganAtMs }: Moment,
  { maxPauseMs }: RoundsAsked,
): Promise<Result<Measured, string>> {
  const more = await scenario.hold();
  try {
    const atMs = elapsed();
    const options = { maxPauseMs, values: false, progress: () => undefined, hearsSignalsLater: true };
    const read = await readProcess(pid, options);
    if (!read.ok) return fail(explainHeapError(read.error));
    const status = readMemoryStatus(openProcFs(), pid);
    const rssBytes = status.ok ? status.value.rssBytes : 0;
    const heap = { atMs, file: `snapshot ${number + 1}`, analysis: analyse(takenAt(read.value, beganAtMs + atMs)) };
    return ok({ calls: calls + more, heap, rssBytes });
  } finally {
    scenario.release();
  }
}

function observationOf(
  pid: number,
  measured: readonly Measured[],
  watch: Watch,
  samples: readonly ProcessSample[],
): Observation {
  const proc = openProcFs();
  const folder = proc.readLink(`${pid}/cwd`);
  const heaps = measured.map(({ heap }) => heap);
  const [first, last] = [heaps[0], heaps.at(-1)];
  if (first === undefined || last === undefined) throw new Error("there was a round");
  return {
    pid,
    folder: folder.ok ? folder.value : null,
    extensions: loadedExtensions(proc, pid),
    first,
    heaps,
    last,
    gauges: watch.gauges(),
    tracks: [],
    samples,
    end: { how: "told", afterMs: last.atMs, oomKill: null },
    warnings: [],
  };
}

/** Less than this in a round is noise of the allocator. */
const LEAST_NATIVE_BYTES = 256 * 1024;

/** Some place grew in every round so far, or memory outside the Python heap did. */
function isStillGrowing({ places }: JudgedObservation, measured: readonly Measured[]): boolean {
  return places.some(({ series }) => series.shape === "growing") || isNativeGrowing(measured);
}

/** In every round, and more than Python's own objects did: what the allocator takes for these is not native. */
export function isNativeGrowing(measured: readonly Measured[]): boolean {
  return measured.slice(1).every((each, at) => {
    const before = measured[at];
    if (before === undefined) return false;
    const live = liveBytesOf(each) - liveBytesOf(before);
    const outside = each.rssBytes - before.rssBytes - Math.max(0, live);
    return outside >= LEAST_NATIVE_BYTES && outside >= live;
  });
}

export function liveBytesOf({ heap }: Measured): number {
  return heap.analysis.snapshot.meta.liveBytes;
}

function fewRounds(asked: number, rounds: number): readonly string[] {
  if (rounds >= asked) return [];
  const proof = rounds < ROUNDS_FOR_PROOF ? " Fewer than seven prove nothing: use a smaller process." : "";
  return [
    `${countOf(rounds, "round")} instead of ${asked}: the snapshots of so many objects would take more than ${formatBytes(LARGEST_BYTES)}.${proof}`,
  ];
}

const LARGEST_BYTES = 800 * 1024 * 1024;

function interrupted({ aborted }: AbortSignal, rounds: number): readonly string[] {
  return aborted
    ? [`It was interrupted after ${countOf(rounds, "round")}; what had been seen until then is judged.`]
    : [];
}
