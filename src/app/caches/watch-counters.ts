// Watches the counters and sizes of caches for a while, in all processes at once, by small reads at their addresses.

import { setTimeout as delay } from "node:timers/promises";
import type { CacheWindow } from "../../model/cache-inventory.ts";
import type { Gauge, GaugeTrack } from "../../model/gauge.ts";
import type { Progress } from "../../model/progress.ts";
import { openWatch, type Watch } from "../watch/watch-process.ts";

const LOOKS_PER_SECOND = 2;
/** Of one core: there are few seconds, and everything should be seen twice in them. */
const BUDGET_SHARE = 0.1;

/** What is followed in one process; null pid: nothing, it is a file. */
export interface Followed {
  readonly pid: number | null;
  /** The first of several at one address counts: it knows where its bound is. */
  readonly gauges: readonly Gauge[];
}

export interface WatchAsked {
  readonly forSeconds: number;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

/** By address of what was followed; empty where nothing was watched. */
export type Changes = ReadonlyMap<number, Change>;

/** By process, in the order of `followed`. All at the same time; none is stopped. */
export async function watchCounters(followed: readonly Followed[], asked: WatchAsked): Promise<readonly Changes[]> {
  const { forSeconds, progress, signal } = asked;
  const watching = Promise.all(followed.map((each) => watchOne(each, forSeconds, signal)));
  const isWatched = followed.some(({ pid }) => pid !== null);
  for (let second = 1; isWatched && second < forSeconds && !signal.aborted; second++) {
    progress({ phase: "watching counters", done: second, total: forSeconds, unit: "seconds" });
    await Promise.race([watching, delay(1000, undefined, { signal, ref: false }).catch(() => {})]);
  }
  return await watching;
}

async function watchOne({ pid, gauges }: Followed, forSeconds: number, signal: AbortSignal): Promise<Changes> {
  if (pid === null) return new Map();
  const options = { rateHz: LOOKS_PER_SECOND, forMs: forSeconds * 1000, budgetShare: BUDGET_SHARE, load: null, signal };
  const opened = openWatch(pid, uniqueOf(gauges), options);
  if (!opened.ok) return new Map();
  using watch: Watch = opened.value;
  // Without a window the bounds are read all the same.
  if (forSeconds > 0) for await (const _ of watch.ticks());
  return changesOf(forSeconds > 0 ? watch.elapsedMs() / 1000 : 0, watch.gauges(), watch.tracks());
}

function uniqueOf(gauges: readonly Gauge[]): Gauge[] {
  return [...new Map(gauges.toReversed().map((gauge) => [gauge.address, gauge])).values()];
}

/** What the counters of one cache said at the last look, and how far they had moved. */
export interface Change {
  readonly window: CacheWindow;
  readonly bound: number | null;
  /** Null: they did not move. */
  readonly last: { readonly entries: number; readonly hits: number | null; readonly misses: number | null } | null;
}

function changesOf(seconds: number, gauges: readonly Gauge[], tracks: readonly GaugeTrack[]): Changes {
  const changes = new Map<number, Change>();
  for (const { address, bound } of gauges)
    changes.set(address, { window: { seconds, hits: 0, misses: 0, growth: 0 }, bound, last: null });
  for (const { gauge, hits, misses, series } of tracks) {
    const followed = gauges[gauge];
    const [first, last] = [series.values[0], series.values[series.values.length - 1]];
    if (followed === undefined || first === undefined || last === undefined) continue;
    changes.set(followed.address, {
      window: { seconds, hits: moved(hits), misses: moved(misses), growth: last - first },
      bound: followed.bound,
      last: { entries: last, hits: hits?.[1] ?? null, misses: misses?.[1] ?? null },
    });
  }
  return changes;
}

function moved(counter: readonly [first: number, last: number] | null): number {
  return counter === null ? 0 : counter[1] - counter[0];
}
