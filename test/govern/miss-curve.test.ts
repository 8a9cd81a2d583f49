// From counts to a curve, and from a curve to advice.

import { describe, expect, it } from "vitest";
import { chooseSize, marksOf, unboundedVerdictOf } from "../../src/govern/advise-size.ts";
import { curveOf } from "../../src/govern/miss-curve.ts";
import { addInterval, blockAt, createMissTally, type RunningTally, sizesAround } from "../../src/govern/miss-tally.ts";
import type { CurvePoint } from "../../src/model/cache-advice.ts";
import { plainUseStack } from "../support/plain-use-stack.ts";

/** Follows calls one by one, as a reader would that never sleeps; a call in each millisecond. */
function followed(keys: readonly number[], bound: number, warm: number): RunningTally {
  const [stack, tally] = [plainUseStack(), createMissTally(bound)];
  for (const [at, key] of keys.entries()) {
    const knownDepth = stack.keys.length;
    const depth = stack.use(key);
    const misses = depth === 0 || depth > bound ? 1 : 0;
    if (at >= warm) addInterval(tally, blockAt(tally, at - warm), { calls: 1, misses, depths: [depth], knownDepth });
  }
  return tally;
}

const missRatioAt = (curve: readonly CurvePoint[], size: number): number | undefined =>
  curve.find((point) => point.size === size)?.missRatio;

/** `count` keys in turn. */
const loop = (count: number, calls: number): number[] => Array.from({ length: calls }, (_, at) => at % count);

describe("a curve", () => {
  it("of a loop has a cliff at its length", () => {
    const curve = curveOf(followed(loop(20, 4000), 16, 100));
    expect([missRatioAt(curve, 16), missRatioAt(curve, 19), missRatioAt(curve, 23)]).toEqual([1, 1, 0]);
    const marks = marksOf(curve, 16);
    expect(marks.cliff).toMatchObject({ fromMissRatio: 1, toMissRatio: 0 });
    const price = { processes: 2, entryBytes: 100, loadMs: 10, callsPerSecond: 50, entries: 32 };
    const { verdict, offer } = chooseSize(curve, 16, marks, price);
    expect([verdict, offer?.size, offer?.bytes, offer?.sparedLoad]).toEqual(["grow", 23, 1400, 0.5]);
  });
  it("says how much of a bound is wasted", () => {
    const curve = curveOf(followed(loop(20, 4000), 256, 100));
    const marks = marksOf(curve, 256);
    expect(marks.waste).toBe(23);
    const price = { processes: 1, entryBytes: 100, loadMs: null, callsPerSecond: 50, entries: 20 };
    expect(chooseSize(curve, 256, marks, price)).toMatchObject({ verdict: "shrink", offer: { size: 23, bytes: 0 } });
  });
  it("is none with few calls", () => {
    expect(curveOf(followed(loop(20, 250), 16, 100))).toEqual([]);
  });
  it("leaves sizes out that an interval cannot tell", () => {
    const tally = createMissTally(64);
    for (let at = 0; at < 100; at++)
      addInterval(tally, blockAt(tally, at), { calls: 10, misses: 0, depths: [], knownDepth: 64 });
    expect(curveOf(tally)[0]?.size).toBeGreaterThanOrEqual(20);
  });
  it("says nothing above the bound before keys were seen to leave", () => {
    const tally = createMissTally(64);
    for (let at = 0; at < 1000; at++)
      addInterval(tally, blockAt(tally, at), { calls: 1, misses: 1, depths: [0], knownDepth: 64 });
    expect(curveOf(tally).at(-1)?.size).toBe(64);
  });
});

describe("the blocks of time", () => {
  it("stay few however long it takes, and lose no call", () => {
    const tally = createMissTally(64);
    for (let ms = 0; ms < 1_000_000; ms += 1000)
      addInterval(tally, blockAt(tally, ms), { calls: 3, misses: 1, depths: [0], knownDepth: 64 });
    expect(tally.blocks.length).toBeLessThanOrEqual(32);
    expect(tally.blocks.reduce((sum, { calls }) => sum + calls, 0)).toBe(3000);
  });
});

describe("without a bound", () => {
  const verdictOf = (newShare: (at: number) => number, isComplete: boolean): string => {
    const tally = createMissTally(Number.POSITIVE_INFINITY);
    for (let at = 0; at < 4000; at++) {
      const isNew = at % 100 < 100 * newShare(at);
      addInterval(tally, blockAt(tally, at), { calls: 1, misses: 0, depths: [isNew ? 0 : 1], knownDepth: 0 });
    }
    return unboundedVerdictOf(tally, isComplete);
  };
  it("a cache whose new keys keep coming is never safe", () => expect(verdictOf(() => 0.3, true)).toBe("never"));
  it("one whose new keys have stopped is", () => expect(verdictOf((at) => (at < 500 ? 1 : 0), true)).toBe("safe"));
  it("one that had thrown keys out is not known to be", () =>
    expect(verdictOf((at) => (at < 500 ? 1 : 0), false)).toBe("unknown"));
});

it("sizes are around the bound, each once", () => {
  for (const bound of [1, 2, 3, 100, 4096]) {
    const sizes = sizesAround(bound);
    expect(sizes).toContain(bound);
    expect(new Set(sizes).size).toBe(sizes.length);
    expect(sizes.at(-1)).toBe(8 * bound);
  }
});
