// Entries that end by time, and what that does to a curve.

import { describe, expect, it } from "vitest";
import { createLives } from "../../src/govern/entry-lives.ts";
import { curveOf } from "../../src/govern/miss-curve.ts";
import { addInterval, blockAt, createMissTally } from "../../src/govern/miss-tally.ts";

describe("a key that was thrown out and comes back", () => {
  it("after its entry would have ended is a miss with any bound", () => {
    const lives = createLives(1000);
    // Two new keys, then one of them from beyond the bound of 4: at first it would still be there, later not.
    expect(lives.without([0, 0], [7, 8], 4, 100)).toEqual([0, 0]);
    expect(lives.without([6], [7], 4, 1000)).toEqual([6]);
    expect(lives.without([6], [8], 4, 1200)).toEqual([Number.POSITIVE_INFINITY]);
    // It was loaded then.
    expect(lives.without([6], [8], 4, 2100)).toEqual([6]);
  });
  it("may have been loaded before the watch: at its start, to be careful", () => {
    const lives = createLives(1000);
    expect(lives.without([6], [7], 4, 900)).toEqual([6]);
    expect(lives.without([6], [9], 4, 1100)).toEqual([Number.POSITIVE_INFINITY]);
  });
});

describe("keys within the bound that were misses", () => {
  it("are none that a smaller bound would lose", () => {
    const ratioAt = (size: number, endsByTime: boolean): number => {
      const tally = createMissTally(64, endsByTime);
      // Forty keys in turn, one call in four a miss: its entry had ended.
      for (let at = 0; at < 4000; at++)
        addInterval(tally, blockAt(tally, at), {
          calls: 1,
          misses: at % 4 === 0 ? 1 : 0,
          depths: [40],
          knownDepth: 64,
        });
      return curveOf(tally).find((point) => point.size === size)?.missRatio ?? Number.NaN;
    };
    expect(ratioAt(64, true)).toBeCloseTo(0.25, 2);
    expect(ratioAt(32, true)).toBeCloseTo(1, 2);
    expect(ratioAt(45, true)).toBeCloseTo(0.25, 2);
  });
});
