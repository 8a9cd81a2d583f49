// What sizes after rounds of calls show.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { judgeRounds, perCallOf, type RoundSizes } from "../../src/watch/judge-rounds.ts";

const CALLS = [20, 30, 45, 68, 101, 152, 228, 342, 513, 769];

/** Sizes after rounds in which `kept` remain of so many calls. */
function rounds(kept: (calls: number, at: number) => number, more: Partial<RoundSizes> = {}): RoundSizes {
  const calls = more.calls ?? CALLS;
  const sizes = calls.reduce<number[]>((all, each, at) => [...all, (all.at(-1) ?? 0) + kept(each, at)], [100]);
  return { sizes, calls, seconds: 60, one: "entry", bound: null, family: 100, ...more };
}

describe("rounds of calls", () => {
  it("that leave one behind at each call are proof, with the constant column", () => {
    const verdict = judgeRounds(rounds((calls) => calls));
    expect(verdict).toMatchObject({ shape: "growing", isUnbroken: true, perUnitOfLoad: 1 });
    expect(verdict.because).toEqual([
      "It grew in each of 10 rounds, by 1.00 entry per call (1.00 to 1.00 in single rounds).",
    ]);
    expect(verdict.p).toBeLessThan(0.0001);
  });

  it("that are too few prove nothing", () => {
    const verdict = judgeRounds(rounds((calls) => calls, { calls: CALLS.slice(0, 5) }));
    expect(verdict).toMatchObject({ shape: "growing", isUnbroken: false });
    expect(verdict.wouldChange).toBe("7 rounds that all leave something behind would be proof.");
  });

  it.each([
    ["leave nothing behind once", rounds((calls, at) => (at === 6 ? 0 : calls)), "steady"],
    ["fill a cache below its bound", rounds((calls) => calls, { bound: 5000 }), "filling"],
    ["see the same keys again", rounds((calls, at) => Math.max(1, Math.round(calls * 0.6 ** at))), "warm-up"],
    ["stay as they are", rounds(() => 0), "steady"],
  ] as const)("that %s: %#", (_, given, shape) => {
    expect(judgeRounds(given)).toMatchObject({ shape, isUnbroken: false });
  });

  it("above its bound a cache is none", () => {
    expect(judgeRounds(rounds((calls) => calls, { bound: 1000 })).shape).toBe("growing");
  });

  it("are never proof when one of them left nothing behind", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 1, maxLength: 12 }), (growths) => {
        const calls = growths.map((_, at) => CALLS[at] ?? 1000);
        const verdict = judgeRounds(rounds((_, at) => growths[at] ?? 0, { calls }));
        if (growths.some((each) => each <= 0)) expect(verdict.isUnbroken).toBe(false);
        if (verdict.isUnbroken) expect(verdict.slopeLow).toBeGreaterThan(0);
      }),
    );
  });

  it("growth per call is of each round", () => {
    expect(perCallOf({ sizes: [5, 25, 25], calls: [20, 30] })).toEqual([1, 0]);
  });
});
