// One cache in several processes, as advice; and what is refused, in which words.

import { describe, expect, it } from "vitest";
import { type FollowedCache, makeAdvice } from "../../src/govern/make-advice.ts";
import { addInterval, blockAt, createMissTally } from "../../src/govern/miss-tally.ts";
import type { CacheAdvice } from "../../src/model/cache-advice.ts";
import type { CacheSummary } from "../../src/model/cache-inventory.ts";
import { cachesOfShop } from "../report/example-caches.ts";
import { plainUseStack } from "../support/plain-use-stack.ts";

const QUOTE: CacheSummary = {
  ...cachesOfShop.caches[0]!,
  bound: { kind: "entries", entries: 64 },
  entries: 128,
  retainedBytes: 128 * 1000,
  keys: null,
};

interface Followed {
  readonly count: number;
  readonly calls: number;
  readonly bound?: number;
  readonly perLook?: number;
}

/** A process that asks for `count` keys in turn, a call in each millisecond. */
function worker(pid: number, { count, calls, bound = 64, perLook = 1 }: Followed): FollowedCache {
  const [stack, tally] = [plainUseStack(), createMissTally(bound)];
  for (let at = 0; at < calls; at += perLook) {
    const knownDepth = stack.keys.length;
    const depths = Array.from({ length: perLook }, (_, next) => stack.use((at + next) % count));
    const misses = depths.filter((depth) => depth === 0 || depth > bound).length;
    addInterval(tally, blockAt(tally, at), { calls: perLook, misses, depths, knownDepth });
  }
  return { pid, tally, entries: Math.min(count, 64), isComplete: false, isCounted: true, broke: null };
}

const advise = (followed: readonly FollowedCache[], cache: CacheSummary = QUOTE): CacheAdvice =>
  makeAdvice(cache, followed, 2, 20);

describe("a cache in two processes", () => {
  const advice = advise([worker(1, { count: 80, calls: 4000 }), worker(2, { count: 40, calls: 4000 })]);
  it("is one curve over both, and a bound for each", () => {
    expect([advice.calls, advice.workers.map(({ pid, misses }) => [pid, misses])]).toEqual([
      8000,
      [
        [1, 4000],
        [2, 40],
      ],
    ]);
    // Either loop fits or it does not.
    expect(advice.curve.find(({ size }) => size === 45)?.missRatio).toBeCloseTo(0.505, 2);
    expect([advice.verdict, advice.offer?.size, advice.waste]).toEqual(["grow", 91, 45]);
  });
  it("costs bytes in both, and spares loads", () => {
    expect(advice.offer?.bytes).toBe(2 * (91 - 64) * 1000);
    expect(advice.offer?.sparedLoad).toBeCloseTo(0.49 * 4000 * 0.02, 1);
    expect(advice.offer?.hourlySecondsPerMiB).toBeGreaterThan(1_000_000);
  });
});

describe("advice is refused", () => {
  const because = (followed: readonly FollowedCache[], cache?: CacheSummary): string =>
    advise(followed, cache).because.join(" ");
  it("with few calls", () => expect(because([worker(1, { count: 8, calls: 150 })])).toContain("called 150 times"));
  it("without a bound", () => {
    const none = worker(1, { count: 9000, calls: 3000, bound: Number.POSITIVE_INFINITY });
    expect(because([none], { ...QUOTE, bound: { kind: "none" } })).toContain("no order of use is kept");
  });
  it("where nobody could follow it", () => {
    expect(because([])).toBe("It could not be followed in any process.");
    expect(because([], { ...QUOTE, bound: { kind: "entries", entries: 0 } })).toContain("keeps nothing");
    expect(because([], { ...QUOTE, family: "jinja2" })).toContain("A jinja2 cache keeps no order");
    expect(because([], { ...QUOTE, family: "cachetools" })).toContain("LRUCache and TTLCache");
    const declared = { namespace: null, version: "1", tags: [], ttlSeconds: null, maxBytes: 1000 };
    expect(because([], { ...QUOTE, family: "deadweight.cached", declared })).toContain("cache_curve()");
  });
  it("where calls come closer together than its entries", () => {
    expect(because([worker(1, { count: 8, calls: 8000, perLook: 80 })])).toContain("too close together");
  });
  it("above the bound, where keys compare by identity", () => {
    const because = "x defines no __eq__";
    const keys = { looked: 100, spellings: [], hazards: [{ kind: "identity" as const, entries: 100, because }] };
    const advice = advise([worker(1, { count: 80, calls: 4000 })], { ...QUOTE, keys });
    expect(advice.curve.every(({ size }) => size <= 64)).toBe(true);
    expect(advice.because.join(" ")).toContain("compare by identity");
  });
  it("where several of one name have different bounds", () => {
    const two = [worker(1, { count: 40, calls: 2000 }), worker(1, { count: 40, calls: 2000, bound: 32 })];
    expect(because(two)).toContain("different bounds (32, 64)");
  });
  it("nowhere else: one that never answers is said to do nothing, and to need no room", () => {
    const advice = advise([worker(1, { count: 4000, calls: 4000 })]);
    expect([advice.verdict, advice.offer?.size, advice.because[0]]).toEqual([
      "shrink",
      2,
      "Not one call was a hit: as it is asked, the cache does nothing but keep memory.",
    ]);
  });
  it("but a load that changed is only said", () => {
    const changed = worker(1, { count: 40, calls: 2000 });
    const late = worker(1, { count: 80, calls: 2000 });
    const blocks = [...changed.tally.blocks, ...late.tally.blocks];
    expect(because([{ ...changed, tally: { ...changed.tally, blocks } }])).toContain("What is asked for changed");
  });
});
