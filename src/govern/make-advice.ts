// What was seen of one cache, in all its processes, as advice: a curve and its marks, or why there is none.

import { countOf, formatCount } from "../base/format-count.ts";
import { formatDuration } from "../base/format-duration.ts";
import { formatPercent } from "../base/format-percent.ts";
import type { CacheAdvice, CurvePoint } from "../model/cache-advice.ts";
import type { CacheFamily, CacheSummary } from "../model/cache-inventory.ts";
import { chooseSize, marksOf, unboundedVerdictOf } from "./advise-size.ts";
import { curveOf, FEWEST_CALLS } from "./miss-curve.ts";
import { halvesOf, type MissTally, poolTallies, sumsOf } from "./miss-tally.ts";

/** One cache in one process, as it was followed. */
export interface FollowedCache {
  readonly pid: number;
  readonly tally: MissTally;
  readonly entries: number;
  /** Nothing was thrown out since its counters began. */
  readonly isComplete: boolean;
  /** False: what counts as a call is a change of the order. */
  readonly isCounted: boolean;
  /** A sentence when it could not be followed to the end. */
  readonly broke: string | null;
}

/** `loadMs`: mean time of a load where somebody has measured it. */
export function makeAdvice(
  cache: CacheSummary,
  followed: readonly FollowedCache[],
  watchedSeconds: number,
  loadMs: number | null,
): CacheAdvice {
  const [first, ...others] = followed;
  const start = { ...factsOf(cache), loadMs, watchedSeconds };
  if (first === undefined) return { ...start, because: [notFollowedSentence(cache)] };
  const bounds = new Set(followed.map(({ tally: own }) => own.bound));
  if (bounds.size > 1) return { ...start, because: [differentBoundsSentence([...bounds])] };
  const tally = poolTallies([first.tally, ...others.map((each) => each.tally)]);
  const isComplete = followed.every((each) => each.isComplete);
  const workers = followed.map(({ pid, entries, tally: own }) => ({ pid, entries, ...countsOf(own) }));
  const { calls, misses } = sumsOf(tally.blocks);
  const unbounded = unboundedOf(followed);
  const advice = {
    ...start,
    workers,
    calls,
    missRatio: calls === 0 ? null : misses / calls,
    unbounded,
    newKeysPerSecond: newKeysPerSecond(followed, watchedSeconds),
  };
  const broke = followed.flatMap((each) => each.broke ?? []);
  const all = seenCurve(tally, cache, isComplete);
  const refusal = refusalOf(tally, all, watchedSeconds, cache);
  if (refusal !== null) return { ...advice, because: [...broke, refusal] };
  const marks = marksOf(all, tally.bound);
  const entries = followed.reduce((sum, each) => sum + each.entries, 0);
  const price = {
    processes: followed.length,
    entryBytes: advice.entryBytes,
    loadMs,
    callsPerSecond: watchedSeconds === 0 ? 0 : calls / watchedSeconds,
    entries,
  };
  return {
    ...advice,
    curve: all,
    ...marks,
    ...chooseSize(all, tally.bound, marks, price),
    because: [
      ...broke,
      ...limitsOf({
        tally,
        tallies: followed.map((each) => each.tally),
        curve: all,
        cache,
        isComplete,
        watchedSeconds,
        processes: followed.length,
        isFull: followed.some((each) => each.entries >= tally.bound),
        isCounted: followed.every((each) => each.isCounted),
      }),
    ],
  };
}

function countsOf({ blocks }: MissTally): { readonly calls: number; readonly misses: number } {
  const { calls, misses } = sumsOf(blocks);
  return { calls, misses };
}

type Facts = Omit<CacheAdvice, "loadMs" | "watchedSeconds" | "because">;

function factsOf({ name, family, origin, file, line, bound, entries, retainedBytes }: CacheSummary): Facts {
  return {
    name,
    family,
    origin,
    file,
    line,
    bound,
    workers: [],
    calls: 0,
    missRatio: null,
    entryBytes: entries === null || entries === 0 ? null : retainedBytes / entries,
    curve: [],
    verdict: "refused",
    offer: null,
    waste: null,
    knee: null,
    cliff: null,
    unbounded: "unknown",
    newKeysPerSecond: null,
  };
}

function differentBoundsSentence(bounds: readonly number[]): string {
  const words = bounds.toSorted((a, b) => a - b).map((bound) => (Number.isFinite(bound) ? formatCount(bound) : "none"));
  return `There are several caches of this name with different bounds (${words.slice(0, 6).join(", ")}): they are not one curve.`;
}

const ORDERED: ReadonlySet<CacheFamily> = new Set(["functools.lru_cache", "deadweight.cached", "async-lru"]);

function notFollowedSentence({ family, bound, declared }: CacheSummary): string {
  if (bound.kind === "entries" && bound.entries === 0)
    return "Its bound is 0: it keeps nothing, so there is no order to read.";
  if (declared !== null && declared.maxBytes !== null)
    return "It is bounded in bytes, and what other bytes would do does not follow from the order of use. Write @cached(curve=True), and ask FUNCTION.cache_curve() what other numbers of entries would.";
  if (family === "cachetools")
    return "It could not be followed in any process: of cachetools, LRUCache and TTLCache keep an order of use, where they have no getsizeof.";
  if (ORDERED.has(family)) return "It could not be followed in any process.";
  return `A ${family} cache keeps no order of use; a functools.lru_cache, deadweight.cached, async-lru, and LRUCache and TTLCache of cachetools do.`;
}

/** One process in which it never ends is enough. */
function unboundedOf(followed: readonly FollowedCache[]): CacheAdvice["unbounded"] {
  const verdicts = followed.map(({ tally, isComplete }) =>
    unboundedVerdictOf(tally, isComplete || !Number.isFinite(tally.bound)),
  );
  if (verdicts.includes("never")) return "never";
  return verdicts.every((verdict) => verdict === "safe") ? "safe" : "unknown";
}

/** By the second half of the time, in the mean process. */
function newKeysPerSecond(followed: readonly FollowedCache[], seconds: number): number | null {
  if (seconds === 0) return null;
  const [, late] = halvesOf(followed.map(({ tally }) => tally));
  return late.unknown / followed.length / (seconds / 2);
}

/** Share of keys that compare by identity from which on a key that comes back cannot be told from a new one at its address. */
const MUCH_IDENTITY = 0.05;

function isByIdentity({ keys }: CacheSummary): boolean {
  const hazard = keys?.hazards.find(({ kind }) => kind === "identity");
  return keys !== null && hazard !== undefined && hazard.entries > MUCH_IDENTITY * keys.looked;
}

/** What the data carries: above the bound only where keys that come back can be recognised. */
function seenCurve(tally: MissTally, cache: CacheSummary, isComplete: boolean): CurvePoint[] {
  const curve = curveOf(tally);
  return isByIdentity(cache) && !isComplete ? curve.filter(({ size }) => size <= tally.bound) : curve;
}

function refusalOf(
  tally: MissTally,
  curve: readonly CurvePoint[],
  seconds: number,
  cache: CacheSummary,
): string | null {
  const { calls, misses } = sumsOf(tally.blocks);
  const time = formatDuration(seconds * 1000);
  if (!Number.isFinite(tally.bound))
    return `Without a bound no order of use is kept, so how often its entries are used is not known. ${countOf(misses, "new key")} came in ${time}.`;
  if (calls < FEWEST_CALLS)
    return `It was called ${calls === 1 ? "once" : `${formatCount(calls)} times`} in ${time}; from fewer than ${FEWEST_CALLS} calls nothing can be said. Watch longer with --for, while it is used.`;
  if (curve.length > 1) return null;
  const mean = formatCount(Math.round((calls / seconds) * 0.001));
  return isByIdentity(cache)
    ? "Its keys compare by identity: which of them come back cannot be seen."
    : `Its calls come too close together, about ${mean} in a millisecond: between two looks at its order everything has moved.`;
}

interface Limits {
  /** Of all processes together. */
  readonly tally: MissTally;
  readonly tallies: readonly MissTally[];
  readonly curve: readonly CurvePoint[];
  readonly cache: CacheSummary;
  readonly isComplete: boolean;
  readonly watchedSeconds: number;
  readonly processes: number;
  readonly isFull: boolean;
  readonly isCounted: boolean;
}

/** What the curve does not show, and why. */
function limitsOf(limits: Limits): string[] {
  const { tally, tallies, curve, cache, isComplete, isFull, watchedSeconds, processes } = limits;
  const { bound } = tally;
  const [smallest, largest] = [curve[0]?.size ?? bound, curve.at(-1)?.size ?? bound];
  const { calls, misses } = sumsOf(tally.blocks);
  const sentences = kindSentences(limits);
  if (misses === calls)
    sentences.push("Not one call was a hit: as it is asked, the cache does nothing but keep memory.");
  if (isComplete && !isFull && misses > 0) sentences.push("It was never full: more room would change nothing.");
  else if (isByIdentity(cache))
    sentences.push("Its keys compare by identity: what would come back above the bound cannot be seen.");
  else if (misses > 0 && largest < 4 * bound) {
    const perSecond = misses / watchedSeconds / processes;
    const neededMs = ((3 * bound) / perSecond) * 1.3 * 1000;
    sentences.push(
      `To tell up to ${formatCount(4 * bound)} entries it would have to be watched for about ${formatDuration(neededMs)}: as many misses have to be seen.`,
    );
  }
  if (smallest >= bound / 2)
    sentences.push(
      `Below ${formatCount(smallest)} entries nothing can be said: its calls come in bursts between two looks.`,
    );
  const drift = driftOf(tallies);
  if (drift !== null) sentences.push(drift);
  return sentences;
}

/** What is special about caches that do not count, or whose entries end by time. */
function kindSentences({ cache: { family, holder, declared }, isCounted }: Limits): string[] {
  const sentences: string[] = [];
  if (!isCounted)
    sentences.push(
      `${family} counts no calls; they are counted by the changes of its order, in which a key that is asked for again at once changes nothing. So more of its calls are hits than it says here, with any bound; the misses are right.`,
    );
  const ttl = declared?.ttlSeconds ?? null;
  if (ttl !== null)
    sentences.push(
      `Its entries live ${formatDuration(ttl * 1000)}: what is asked for again later is a miss with any bound, and counted as one.`,
    );
  else if (holder.type.includes("TTL"))
    sentences.push("Its entries end by time, too, which is not seen: misses for that reason are taken for hits.");
  return sentences;
}

const MUCH_DRIFT = 0.05;

function driftOf(tallies: readonly MissTally[]): string | null {
  const [first, second] = halvesOf(tallies);
  if (Math.min(first.calls, second.calls) < FEWEST_CALLS) return null;
  const [before, after] = [first.misses / first.calls, second.misses / second.calls];
  if (Math.abs(before - after) < MUCH_DRIFT) return null;
  return `What is asked for changed while it was watched: ${formatPercent(before, 1)} misses in the first half, ${formatPercent(after, 1)} in the second. The curve is that of both together.`;
}
