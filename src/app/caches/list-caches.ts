// `deadweight caches`: reads the heaps of a process and its fellow workers, finds their caches, watches their counters for a
// while from outside, and puts the workers together. Each process stands still once, for its snapshot.

import { fail, ok, type Result } from "../../base/result.ts";
import { mergeCaches } from "../../govern/merge-caches.ts";
import { analyse } from "../../heap/analyse.ts";
import { type CacheInHeap, findCaches } from "../../heap/caches/find-caches.ts";
import { type OwnedHeap, settleOwners } from "../../heap/holders/ownership.ts";
import { pickGauges } from "../../heap/queries/gauges.ts";
import type {
  CacheBound,
  CacheInventory,
  CacheProcess,
  CacheWindow,
  ProcessCache,
} from "../../model/cache-inventory.ts";
import type { Gauge } from "../../model/gauge.ts";
import type { Progress } from "../../model/progress.ts";
import { chooseByPattern, chooseByPid } from "../diagnose/choose-target.ts";
import { countCalls, type CountedCalls, withCalls } from "./count-calls.ts";
import { withEqualCalls } from "./equal-calls.ts";
import { openMemory, withNaNs } from "./nan-keys.ts";
import { type Change, type Changes, type Followed, watchCounters } from "./watch-counters.ts";
import { explainHeapError, isPid, openHeap } from "../open-heap.ts";

export interface CachesAsked {
  /** A process id, a snapshot or core file; or a pattern over command lines. */
  readonly source: string | RegExp;
  /** How long counters are watched; 0 for not at all. */
  readonly forSeconds: number;
  /** Only this process, not the workers beside it. */
  readonly isAlone: boolean;
  readonly maxPauseMs: number;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

export interface CachesProblem {
  readonly code: string;
  readonly message: string;
}

/** Named dicts that are followed to see which of them grow. */
const MOST_DICTS = 5000;

export async function listCaches(asked: CachesAsked): Promise<Result<CacheInventory, CachesProblem>> {
  const chosen = await sourcesOf(asked);
  if (!chosen.ok) return chosen;
  const { sources, notices } = chosen.value;
  const read: ReadCaches[] = [];
  const warnings = [...notices];
  for (const source of sources) {
    const one = await readCachesOf(source, asked);
    if (one.ok) read.push(one.value);
    else if (sources.length === 1) return one;
    else warnings.push(one.error.message);
  }
  if (read.length === 0) return fail({ code: "no-process", message: warnings.at(-1) ?? "No process could be read." });
  const countAll = (): CountedCalls[] => read.map(({ pid, caches }) => countCalls(pid, caches));
  const before = countAll();
  const changes = await watchCounters(read.map(followedIn), asked);
  const after = countAll();
  const seconds = changes.flatMap((each) => [...each.values()].map(({ window }) => window.seconds));
  return ok({
    schema: "deadweight/caches@1",
    processes: read.map(({ process }) => process),
    windowSeconds: seconds.length === 0 || asked.forSeconds === 0 ? null : Math.max(...new Set(seconds)),
    caches: mergeCaches(
      read.flatMap((each, at) =>
        cachesOf(each, changes[at] ?? new Map(), [before[at] ?? new Map(), after[at] ?? new Map()]),
      ),
    ),
    warnings,
  });
}

/** The caches of one process or file, with the heap they are in. */
export interface ReadCaches {
  readonly pid: number | null;
  readonly process: CacheProcess;
  readonly heap: OwnedHeap;
  /** Named dicts, to see which grow. */
  readonly named: readonly Gauge[];
  readonly caches: readonly CacheInHeap[];
}

function followedIn({ pid, caches, named }: ReadCaches): Followed {
  return { pid, gauges: [...caches.flatMap(({ gauge }) => (gauge === null ? [] : [gauge])), ...named] };
}

/** The process that is meant and the workers beside it. */
export async function sourcesOf({
  source,
  isAlone,
}: Pick<CachesAsked, "source" | "isAlone">): Promise<
  Result<{ readonly sources: readonly string[]; readonly notices: readonly string[] }, CachesProblem>
> {
  if (typeof source !== "string") {
    const chosen = await chooseByPattern(source);
    if (!chosen.ok) return fail({ code: "no-match", message: chosen.error });
    return ok({ sources: (isAlone ? [chosen.value.pid] : chosen.value.workers).map(String), notices: [] });
  }
  if (!isPid(source) || isAlone) return ok({ sources: [source], notices: [] });
  const { workers } = await chooseByPid(Number(source));
  return ok({ sources: workers.map(String), notices: [] });
}

/** One process stands still for it, once. */
export async function readCachesOf(
  source: string,
  asked: Pick<CachesAsked, "maxPauseMs" | "progress">,
): Promise<Result<ReadCaches, CachesProblem>> {
  const { maxPauseMs, progress } = asked;
  const opened = await openHeap(source, { maxPauseMs, values: false, progress, hearsSignalsLater: true });
  if (!opened.ok) return fail({ code: opened.error.code, message: explainHeapError(opened.error) });
  const { snapshot, analysis } = opened.value;
  const heap = settleOwners(analysis ?? analyse(snapshot));
  const { meta } = snapshot;
  const pid = isPid(source) ? Number(source) : null;
  const named = pickGauges(heap, MOST_DICTS).filter(({ kind }) => kind === "dict");
  const caches = findCaches(
    heap,
    named.map(({ node }) => node),
    new Set(),
  );
  const process = { pid: pid ?? meta.pid, python: meta.python, pauseMs: meta.pauseMs, liveBytes: meta.liveBytes };
  return ok({ pid, process, heap, named, caches });
}

/** With what the window showed: bounds that could be read, counters that moved, and dicts that grew. */
function cachesOf(
  { process, heap, named, caches }: ReadCaches,
  changes: Changes,
  [before, after]: readonly [before: CountedCalls, after: CountedCalls],
): ProcessCache[] {
  const grew = new Set(
    named.filter(({ address }) => (changes.get(address)?.window.growth ?? 0) > 0).map(({ node }) => node),
  );
  const all =
    grew.size === 0
      ? caches
      : findCaches(
          heap,
          named.map(({ node }) => node),
          grew,
        );
  using memory = openMemory(process.pid);
  return all.map((cache) => {
    const looked = withEqualCalls(withNaNs(cache, memory), memory);
    return withCalls(toProcessCache(looked, process.pid, changes), cache.counters, before, after);
  });
}

/** A cache of one process with what watching it showed. */
export function toProcessCache(cache: CacheInHeap, pid: number | null, changes: Changes): ProcessCache {
  const {
    gauge,
    floatKeys: _,
    keptCalls: __,
    counters: ___,
    order: ____,
    entries,
    hits,
    misses,
    retainedBytes,
    sharedBytes,
    bound,
    ...facts
  } = cache;
  const change = gauge === null ? undefined : changes.get(gauge.address);
  const now = { entries, hits, misses };
  const counters = change === undefined || change.last === null ? now : { ...now, ...known(change.last) };
  return {
    ...facts,
    bound: boundOf(bound, change?.bound ?? null),
    worker: {
      pid,
      ...counters,
      retainedBytes,
      sharedBytes,
      loads: null,
      window: windowOf(change, gauge?.kind === "lru-cache"),
    },
  };
}

/** What was read while it was watched; what does not count keeps its null. */
function known({ entries, hits, misses }: NonNullable<Change["last"]>): Partial<NonNullable<Change["last"]>> {
  return hits === null ? { entries } : { entries, hits, misses };
}

function windowOf(change: Change | undefined, isCounted: boolean): CacheWindow | null {
  if (change === undefined || change.window.seconds === 0) return null;
  return isCounted ? change.window : { ...change.window, hits: null, misses: null };
}

function boundOf(bound: CacheBound, read: number | null): CacheBound {
  return bound.kind === "unknown" && read !== null ? { kind: "entries", entries: read } : bound;
}
