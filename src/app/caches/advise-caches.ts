// `deadweight caches advise`: reads the heaps of a process and its fellow workers once, then follows the orders of use of their caches
// while they run, and says which bounds they should have.

import { fail, ok, type Result } from "../../base/result.ts";
import { type FollowedCache, makeAdvice } from "../../govern/make-advice.ts";
import { cacheIdentity, mergeCaches } from "../../govern/merge-caches.ts";
import type { CacheInHeap } from "../../heap/caches/find-caches.ts";
import type { CacheAdviceReport } from "../../model/cache-advice.ts";
import type { CacheBound, CacheSummary, ProcessCache } from "../../model/cache-inventory.ts";
import { explainTargetError } from "../../model/explain-target-error.ts";
import { isPid } from "../open-heap.ts";
import { countCalls, withCalls } from "./count-calls.ts";
import { followOrders } from "./follow-orders.ts";
import {
  type CachesAsked,
  type CachesProblem,
  type ReadCaches,
  readCachesOf,
  sourcesOf,
  toProcessCache,
} from "./list-caches.ts";
import { type FollowEnd, MOST_ENTRIES, type OrderFollower } from "./order-follower.ts";
import { openProcessOrders, type ProcessOrders } from "./process-orders.ts";

export interface AdviceAsked extends CachesAsked {
  /** The whole name of a cache or the end of it after a dot; null: all of the program. */
  readonly name: string | null;
  /** Mean time of a load, for those caches that do not know it. */
  readonly loadMs: number | null;
}

/** Most caches that are followed at once in one process: those with the most calls so far. */
const MOST_FOLLOWED = 24;
/** Of one core. */
const BUDGET_SHARE = 0.25;

export async function adviseCaches(asked: AdviceAsked): Promise<Result<CacheAdviceReport, CachesProblem>> {
  const chosen = await sourcesOf(asked);
  if (!chosen.ok) return chosen;
  const { sources, notices } = chosen.value;
  const file = sources.find((source) => !isPid(source));
  if (file !== undefined)
    return fail({
      code: "usage",
      message: `${file} is a file: how a cache is used is seen while its process runs; give a process id`,
    });
  const read: ReadCaches[] = [];
  const warnings = [...notices];
  for (const source of sources) {
    const one = await readCachesOf(source, asked);
    if (one.ok) read.push(one.value);
    else if (sources.length === 1) return one;
    else warnings.push(one.error.message);
  }
  if (read.length === 0) return fail({ code: "no-process", message: warnings.at(-1) ?? "No process could be read." });
  const caches = read.flatMap((each) => chosenIn(each, asked.name));
  if (caches.length === 0 && asked.name !== null)
    return fail({
      code: "no-such-cache",
      message: `there is no cache '${asked.name}' here; \`deadweight caches\` lists them`,
    });
  const processes = openAll(new Set(caches.map(({ pid }) => pid)), warnings);
  try {
    return ok(await adviseAll(caches, processes, read, asked, warnings));
  } finally {
    for (const orders of processes.values()) orders[Symbol.dispose]();
  }
}

async function adviseAll(
  caches: readonly ChosenCache[],
  processes: ReadonlyMap<number, ProcessOrders>,
  read: readonly ReadCaches[],
  asked: AdviceAsked,
  warnings: string[],
): Promise<CacheAdviceReport> {
  const following = followAll(caches, processes, warnings);
  const { forSeconds, progress, signal } = asked;
  const { seconds, spentShare } = await followOrders(
    following.map(({ follower }) => follower),
    { forSeconds, budgetShare: BUDGET_SHARE, progress, signal },
  );
  const summaries = mergeCaches(caches.map((each) => summaryOf(each, processes)));
  const advised = summaries.map((summary) =>
    makeAdvice(summary, followedOf(summary, following), seconds, loadMsOf(summary, asked.loadMs)),
  );
  return {
    schema: "deadweight/cache-advice@1",
    pids: read.flatMap(({ pid }) => pid ?? []),
    watchedSeconds: seconds,
    readingShare: spentShare,
    caches: advised.toSorted((a, b) => b.calls - a.calls || a.name.localeCompare(b.name)),
    warnings,
  };
}

/** With the bound that only the process knows, and what it has counted by now. */
function summaryOf({ cache, pid }: ChosenCache, processes: ReadonlyMap<number, ProcessOrders>): ProcessCache {
  const bound = boundOf(cache, processes.get(pid));
  const plain = toProcessCache(cache, pid, new Map());
  const counted = countCalls(pid, [cache]);
  return withCalls({ ...plain, bound }, cache.counters, counted, counted);
}

function boundOf(cache: CacheInHeap, orders: ProcessOrders | undefined): CacheBound {
  const read = cache.bound.kind === "unknown" ? orders?.boundOf(cache) : null;
  return read === null || read === undefined ? cache.bound : { kind: "entries", entries: read };
}

/** Fewer loads than this are no mean. */
const FEWEST_LOADS = 10;

/** Mean time of a load as it was measured; what was asked for where nobody measures. */
function loadMsOf({ loads }: CacheSummary, asked: number | null): number | null {
  if (asked !== null || loads === null || loads.count < FEWEST_LOADS) return asked;
  return (loads.seconds / loads.count) * 1000;
}

function openAll(pids: ReadonlySet<number>, warnings: string[]): Map<number, ProcessOrders> {
  const opened = new Map<number, ProcessOrders>();
  for (const pid of pids) {
    const orders = openProcessOrders(pid);
    if (orders.ok) opened.set(pid, orders.value);
    else warnings.push(explainTargetError(orders.error));
  }
  return opened;
}

interface ChosenCache {
  readonly pid: number;
  readonly cache: CacheInHeap;
}

/** Those of the program and its libraries that have been called, busiest first; any that was named. */
function chosenIn({ pid, caches }: ReadCaches, name: string | null): ChosenCache[] {
  if (pid === null) return [];
  const isNamed = (cache: CacheInHeap): boolean => cache.name === name || cache.name.endsWith(`.${name}`);
  const isWorthIt = (cache: CacheInHeap): boolean => keepsOrder(cache) && isOfProgram(cache) && isUsed(cache);
  return caches
    .filter(name === null ? isWorthIt : isNamed)
    .toSorted((a, b) => callsOf(b) - callsOf(a))
    .slice(0, MOST_FOLLOWED)
    .map((cache) => ({ pid, cache }));
}

/** What a library keeps in so few bytes is nobody's concern; the same as in the list of caches. */
const FEW_LIBRARY_BYTES = 16 * 1024;

function isOfProgram({ origin, retainedBytes }: CacheInHeap): boolean {
  return origin === "program" || (origin === "library" && retainedBytes >= FEW_LIBRARY_BYTES);
}

/** The order of use can be read from outside. */
function keepsOrder({ family, order }: CacheInHeap): boolean {
  return family === "functools.lru_cache" || order !== null;
}

/** One that does not count is used if there is something in it. */
function isUsed({ hits, misses, entries }: CacheInHeap): boolean {
  return hits === null || misses === null ? (entries ?? 0) > 0 : hits + misses > 0;
}

function callsOf({ hits, misses }: CacheInHeap): number {
  return (hits ?? 0) + (misses ?? 0);
}

interface FollowedHere extends ChosenCache {
  readonly identity: string;
  readonly follower: OrderFollower;
}

/** Those that cannot be followed are left out, and said in `warnings`. */
function followAll(
  caches: readonly ChosenCache[],
  processes: ReadonlyMap<number, ProcessOrders>,
  warnings: string[],
): FollowedHere[] {
  return caches.flatMap(({ pid, cache }) => {
    const orders = processes.get(pid);
    if (orders === undefined || !keepsOrder(cache)) return [];
    const bound = boundOf(cache, orders);
    const most = bound.kind === "entries" ? bound.entries : Number.POSITIVE_INFINITY;
    if (most === 0 || bound.kind === "unknown" || isBoundedInBytes(cache)) return [];
    if (Number.isFinite(most) && (cache.entries ?? 0) > MOST_ENTRIES) {
      warnings.push(
        `${cache.name} in process ${pid} has more than ${MOST_ENTRIES} entries: its order takes too long to read.`,
      );
      return [];
    }
    const follower = orders.follow(cache, most);
    if (follower === null) return [];
    return [{ pid, cache, identity: cacheIdentity(cache), follower }];
  });
}

/** Then its entries are not as many as its bound says. */
function isBoundedInBytes({ declared }: CacheInHeap): boolean {
  return declared !== null && declared.maxBytes !== null;
}

function followedOf(summary: CacheSummary, following: readonly FollowedHere[]): FollowedCache[] {
  const identity = cacheIdentity(summary);
  return following
    .filter((each) => each.identity === identity)
    .map(({ pid, follower }) => ({
      pid,
      tally: follower.tally,
      entries: follower.entries,
      isComplete: follower.isComplete,
      isCounted: follower.isCounted,
      broke: brokeSentence(pid, follower.end),
    }));
}

function brokeSentence(pid: number, end: FollowEnd | null): string | null {
  switch (end) {
    case null:
      return null;
    case "ended":
      return `Process ${pid} or its cache has ended; what was seen until then counts.`;
    case "cleared":
      return `It was cleared in process ${pid} while it was watched; what was seen until then counts.`;
    case "fast":
      return `In process ${pid} its order moved faster than it could be read; what was seen until then counts.`;
  }
}
