// What was known of the processes of a recording at one moment of it.

import { numberAt } from "../../../base/statistics/number-at.ts";
import type { GaugeSummary, GaugeTrack } from "../../../model/gauge.ts";
import type { WatchedProcess } from "../../../model/watch-report.ts";
import { createViewMemory, type ViewMemory, viewOfProcess } from "../../../watch/process-view.ts";
import type { RecordedHolder, RecordedProcess, Recording } from "./read-history.ts";

/** The processes at a moment that is not before the one that was asked for last. */
export type RecordedView = (atMs: number) => readonly WatchedProcess[];

/** A process without a sample for so long was gone. */
const GONE_AFTER_GAPS = 3;
const MOST_SAMPLES = 900;

export function createRecordedView({ processes, snapshots }: Recording): RecordedView {
  const memories = processes.map(() => createViewMemory());
  return (atMs) =>
    processes
      .flatMap((process, at) => {
        const taken = snapshots.filter((each) => each.pid === process.pid && each.atMs <= atMs).length;
        return viewAt(process, atMs, taken, memories[at] ?? createViewMemory());
      })
      .toSorted((a, b) => a.pid - b.pid);
}

function viewAt(process: RecordedProcess, atMs: number, snapshots: number, memory: ViewMemory): WatchedProcess[] {
  const { samples, pid, python, command } = process;
  const until = countUntil(
    samples.map((each) => each.atMs),
    atMs,
  );
  const last = samples[until - 1];
  if (last === undefined || isGone(process, until, atMs)) return [];
  const holders = process.holders.flatMap((holder) => heldUntil(holder, atMs));
  const view = viewOfProcess(
    { pid, python, command },
    {
      state: process.end !== null && atMs >= process.end.atMs ? "ended" : "running",
      samples: evenly(samples.slice(0, until)),
      gauges: holders.map(({ gauge }) => gauge),
      summaries: holders.map(({ summary }, gauge) => ({ ...summary, gauge })),
      track: (gauge) => holders[gauge]?.track ?? null,
      nameOf: (gauge) => holders[gauge]?.name ?? null,
      snapshots,
      nowMs: Math.max(last.atMs, Math.min(atMs, samples.at(-1)?.atMs ?? atMs)),
    },
    memory,
  );
  return view === null ? [] : [view];
}

/** It had its last sample some while ago, as its samples go. */
function isGone({ samples }: RecordedProcess, until: number, atMs: number): boolean {
  if (until < samples.length) return false;
  const [before, last] = [samples.at(-2), samples.at(-1)];
  const gapMs = before === undefined || last === undefined ? 0 : last.atMs - before.atMs;
  return atMs - (last?.atMs ?? 0) > Math.max(gapMs, 10_000) * GONE_AFTER_GAPS;
}

interface HeldUntil {
  readonly gauge: RecordedHolder["gauge"];
  readonly name: RecordedHolder["name"];
  readonly summary: GaugeSummary;
  readonly track: GaugeTrack;
}

function heldUntil({ gauge, name, series, hits, misses }: RecordedHolder, atMs: number): HeldUntil[] {
  const until = countUntil(series.timesMs, atMs);
  if (until === 0) return [];
  const timesMs = Array.from(series.timesMs).slice(0, until);
  const values = Array.from(series.values).slice(0, until);
  const [first, last] = [numberAt(values, 0), numberAt(values, until - 1)];
  // The index is given where the rows are put together.
  const [index, state] = [0, "alive"] as const;
  return [
    {
      gauge,
      name,
      summary: { gauge: index, state, first, last, lastMs: numberAt(timesMs, until - 1) },
      track: {
        gauge: index,
        state,
        series: { timesMs, values },
        hits: pairOf(hits, until),
        misses: pairOf(misses, until),
      },
    },
  ];
}

function pairOf(counter: readonly (number | null)[], until: number): readonly [number, number] | null {
  const known = counter.slice(0, until).filter((each) => each !== null);
  return known.length === 0 ? null : [known[0] ?? 0, known.at(-1) ?? 0];
}

/** How many of `times`, which ascend, are not after `atMs`. O(log n). */
function countUntil(times: ArrayLike<number>, atMs: number): number {
  let [low, high] = [0, times.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (numberAt(times, middle) <= atMs) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** As many as a live watch has; the last is always among them. */
function evenly<T>(all: readonly T[]): readonly T[] {
  if (all.length <= MOST_SAMPLES) return all;
  const step = Math.ceil(all.length / MOST_SAMPLES);
  return all.filter((_, at) => (all.length - 1 - at) % step === 0);
}
