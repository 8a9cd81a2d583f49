// What is counted while an order of use is followed: for each size of interest, how many calls that were hits would have been misses,
// and the other way round. Kept in blocks of time, whose differences say how sure the sums are.

import { invariant } from "../base/invariant.ts";
import { numberAt } from "../base/statistics/number-at.ts";

/** What two looks at a cache say about the calls between them. */
export interface ReuseInterval {
  readonly calls: number;
  /** By the cache's own counter. */
  readonly misses: number;
  /** Distances of the keys that were used, 0 for a key that was not known. */
  readonly depths: readonly number[];
  /** Down to this depth every key is known; Infinity when none was ever thrown out. */
  readonly knownDepth: number;
}

export interface MissTally {
  /** Entries end by time, too: some keys within the bound are misses all the same. */
  readonly endsByTime: boolean;
  /** Infinity for a cache without one. */
  readonly bound: number;
  /** Ascending; the bound is one of them. None without a bound. */
  readonly sizes: readonly number[];
  /** Equal parts of the time so far, oldest first. */
  readonly blocks: readonly TallyBlock[];
}

/** A tally that goes on. */
export interface RunningTally extends MissTally {
  readonly blocks: TallyBlock[];
  /** Length of a block. */
  blockMs: number;
}

/** A part of the time. */
export interface TallyBlock {
  calls: number;
  misses: number;
  /** Calls with a key that no other call within sight had used. */
  unknown: number;
  /** Keys that were used and lay within the bound, and keys that did not. */
  within: number;
  beyond: number;
  /** Of the intervals that can tell. */
  readonly certain: SizeCounts;
  /** Of those in which the order was not known as deep as the size: a key that was not known may have been a hit there. */
  readonly doubtful: SizeCounts;
}

/** By size. */
export interface SizeCounts {
  /** Calls. */
  readonly seen: Float64Array;
  /** Below the bound: hits, and those of them that would be misses. Above it: misses, and those that would be hits. */
  readonly base: Float64Array;
  readonly turned: Float64Array;
  /** Keys that were not known. */
  readonly unknown: Float64Array;
}

const PER_OCTAVE = 4;
const OCTAVES_BELOW = 8;
const OCTAVES_ABOVE = 3;

/** Sizes from a 256th of the bound to eight times it, four to each doubling. */
export function sizesAround(bound: number): number[] {
  const sizes = new Set<number>();
  for (let step = -OCTAVES_BELOW * PER_OCTAVE; step <= OCTAVES_ABOVE * PER_OCTAVE; step++)
    sizes.add(Math.max(1, Math.round(bound * 2 ** (step / PER_OCTAVE))));
  return [...sizes].sort((a, b) => a - b);
}

const FIRST_BLOCK_MS = 25;
/** Twice this many at most; then they are put together in pairs. */
const FEWEST_BLOCKS = 16;

export function createMissTally(bound: number, endsByTime = false): RunningTally {
  return {
    bound,
    endsByTime,
    sizes: Number.isFinite(bound) ? sizesAround(bound) : [],
    blocks: [],
    blockMs: FIRST_BLOCK_MS,
  };
}

/** The block of a moment, which is none before the last that was asked for. There is one for every moment up to it. O(sizes). */
export function blockAt(tally: RunningTally, elapsedMs: number): TallyBlock {
  while (elapsedMs >= 2 * FEWEST_BLOCKS * tally.blockMs) {
    const pairs = tally.blocks
      .filter((_, at) => at % 2 === 0)
      .map((block, at) => joined(block, tally.blocks[2 * at + 1]));
    tally.blocks.splice(0, tally.blocks.length, ...pairs);
    tally.blockMs *= 2;
  }
  const wanted = Math.floor(elapsedMs / tally.blockMs);
  while (tally.blocks.length <= wanted) tally.blocks.push(emptyBlock(tally.sizes.length));
  const last = tally.blocks.at(-1);
  invariant(last !== undefined, "time goes on");
  return last;
}

function joined(block: TallyBlock, next: TallyBlock | undefined): TallyBlock {
  if (next === undefined) return block;
  return {
    calls: block.calls + next.calls,
    misses: block.misses + next.misses,
    unknown: block.unknown + next.unknown,
    within: block.within + next.within,
    beyond: block.beyond + next.beyond,
    certain: addedCounts(block.certain, next.certain),
    doubtful: addedCounts(block.doubtful, next.doubtful),
  };
}

/** Size by size. */
export function addedCounts(one: SizeCounts, other: SizeCounts): SizeCounts {
  const sum = (a: Float64Array, b: Float64Array): Float64Array => a.map((each, at) => each + numberAt(b, at));
  return {
    seen: sum(one.seen, other.seen),
    base: sum(one.base, other.base),
    turned: sum(one.turned, other.turned),
    unknown: sum(one.unknown, other.unknown),
  };
}

function emptyBlock(count: number): TallyBlock {
  const zeros = (): Float64Array => new Float64Array(count);
  const counts = (): SizeCounts => ({ seen: zeros(), base: zeros(), turned: zeros(), unknown: zeros() });
  return { calls: 0, misses: 0, unknown: 0, within: 0, beyond: 0, certain: counts(), doubtful: counts() };
}

/** O(sizes + keys log keys). */
export function addInterval({ bound, sizes }: MissTally, block: TallyBlock, interval: ReuseInterval): void {
  const { calls, misses, depths, knownDepth } = interval;
  block.calls += calls;
  block.misses += misses;
  const known = depths.filter((depth) => depth > 0).sort((a, b) => a - b);
  block.unknown += depths.length - known.length;
  const span = Math.max(calls, depths.length);
  const upTo = countsUpTo(known, [...sizes, bound]);
  const withinBound = numberAt(upTo, sizes.length);
  block.within += withinBound;
  block.beyond += depths.length - withinBound;
  for (const [at, size] of sizes.entries()) {
    // Keys used in one interval stand in an order of their own: it tells nothing about sizes that they fill by half.
    const canTell = size < bound ? size >= 2 * span : span <= bound;
    if (!canTell) continue;
    const into = size < bound || knownDepth >= size ? block.certain : block.doubtful;
    into.seen[at] = numberAt(into.seen, at) + calls;
    into.base[at] = numberAt(into.base, at) + (size < bound ? calls - misses : misses);
    into.turned[at] = numberAt(into.turned, at) + Math.abs(withinBound - numberAt(upTo, at));
    into.unknown[at] = numberAt(into.unknown, at) + depths.length - known.length;
  }
}

/** How many of the sorted numbers are at most each limit. */
function countsUpTo(sorted: readonly number[], limits: readonly number[]): number[] {
  return limits.map((limit) => {
    const at = sorted.findIndex((each) => each > limit);
    return at < 0 ? sorted.length : at;
  });
}

/** Workers of one program, each with its own cache of the size in question: their blocks side by side. */
export function poolTallies(tallies: readonly [MissTally, ...MissTally[]]): MissTally {
  return { ...tallies[0], blocks: tallies.flatMap(({ blocks }) => blocks) };
}

/** Calls, misses and unknown keys in the first and the second half of the time, of all workers. */
export function halvesOf(tallies: readonly MissTally[]): readonly [first: TallySums, second: TallySums] {
  const parts = (isFirst: boolean): TallySums =>
    sumsOf(
      tallies.flatMap(({ blocks }) => {
        const half = Math.floor(blocks.length / 2);
        return isFirst ? blocks.slice(0, half) : blocks.slice(half);
      }),
    );
  return [parts(true), parts(false)];
}

export interface TallySums {
  readonly calls: number;
  readonly misses: number;
  readonly unknown: number;
}

export function sumsOf(blocks: readonly TallyBlock[]): TallySums {
  const total = (of: (block: TallyBlock) => number): number => blocks.reduce((sum, block) => sum + of(block), 0);
  return {
    calls: total(({ calls }) => calls),
    misses: total(({ misses }) => misses),
    unknown: total(({ unknown }) => unknown),
  };
}
