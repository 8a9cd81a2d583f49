// Small kernels against slow, obvious versions of themselves.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { benjaminiHochberg } from "../../../src/base/statistics/benjamini-hochberg.ts";
import { interpolate } from "../../../src/base/statistics/interpolate.ts";
import { leastSquares } from "../../../src/base/statistics/least-squares.ts";
import { normalQuantile, normalUpperTail } from "../../../src/base/statistics/normal.ts";
import { medianOf, quantileOf } from "../../../src/base/statistics/quantile.ts";
import { ranksOf, tieSizesOf } from "../../../src/base/statistics/ranks.ts";
import { windowFloors } from "../../../src/base/statistics/window-floors.ts";

const smallInts = fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 1, maxLength: 30 });
const chances = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 20 });

describe("the normal distribution", () => {
  it.each([
    [0, 0.5],
    [1, 0.158655253931],
    [1.959963984540054, 0.025],
    [2.5758293035489, 0.005],
    [-1.6448536269514722, 0.95],
    [6, 9.865876450377e-10],
    [10, 7.61985302416e-24],
  ])("has %d with %d above it", (z, tail) => {
    expect(Math.abs(normalUpperTail(z) / tail - 1)).toBeLessThan(2e-7);
  });

  it("has quantiles that undo its tail", () => {
    fc.assert(
      fc.property(fc.double({ min: -6, max: 6, noNaN: true }), (z) => {
        expect(normalQuantile(1 - normalUpperTail(z))).toBeCloseTo(z, 2);
        expect(normalQuantile(normalUpperTail(Math.abs(z)))).toBeCloseTo(-Math.abs(z), 6);
      }),
    );
    expect([normalQuantile(0), normalQuantile(1)]).toEqual([-Infinity, Infinity]);
  });
});

describe("ranks", () => {
  it("count who is smaller, and half of who is equal", () => {
    fc.assert(
      fc.property(smallInts, (values) => {
        const slow = values.map(
          (value) => values.filter((v) => v < value).length + (values.filter((v) => v === value).length + 1) / 2,
        );
        expect(Array.from(ranksOf(values))).toEqual(slow);
      }),
    );
  });

  it("know the sizes of groups of equal values", () => {
    expect(tieSizesOf([3, 1, 3, 2, 1, 3])).toEqual([2, 3]);
  });
});

describe("quantiles", () => {
  it("of a sample of five are its values", () => {
    expect([0, 0.25, 0.5, 0.75, 1].map((share) => quantileOf([5, 1, 4, 2, 3], share))).toEqual([1, 2, 3, 4, 5]);
  });

  it("lie between neighbours", () => expect(medianOf([4, 1])).toBe(2.5));
  it("of nothing are unknown", () => expect(medianOf([])).toBeNaN());
});

describe("window floors", () => {
  const samples = fc.array(fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer()), { minLength: 2, maxLength: 60 });

  it("are the lowest values of the samples of each window, whatever their spacing", () => {
    fc.assert(
      fc.property(samples, fc.integer({ min: 1, max: 8 }), (steps, count) => {
        let time = 0;
        const times = steps.map(([step]) => (time += step));
        const values = steps.map(([, value]) => value);
        const width = ((times.at(-1) ?? 0) - (times[0] ?? 0)) / count;
        const slow = Array.from({ length: count }, (_, window) =>
          Math.min(
            ...values.filter((__, at) => Math.min(count - 1, Math.floor((times[at]! - times[0]!) / width)) === window),
          ),
        );
        const floors = windowFloors(times, values, count);
        expect(floors === null).toBe(slow.includes(Infinity));
        if (floors !== null) expect(Array.from(floors.floors)).toEqual(slow);
      }),
    );
  });

  it("do not exist for one moment", () => expect(windowFloors([5], [1], 3)).toBeNull());
});

describe("Benjamini-Hochberg", () => {
  it("accepts what the step-up procedure accepts", () => {
    fc.assert(
      fc.property(chances, fc.constantFrom(0.01, 0.05, 0.2), fc.integer({ min: 0, max: 50 }), (ps, level, more) => {
        const family = ps.length + more;
        const sorted = ps.toSorted((a, b) => a - b);
        const accepted = sorted.findLastIndex((p, at) => (p * family) / (at + 1) <= level);
        const adjusted = benjaminiHochberg(ps, family);
        expect(adjusted.filter((p) => p <= level).length).toBe(accepted + 1);
      }),
    );
  });

  it("is no kinder than the test alone and no harder than Bonferroni", () => {
    fc.assert(
      fc.property(chances, (ps) => {
        benjaminiHochberg(ps).forEach((adjusted, at) => {
          expect(adjusted).toBeGreaterThanOrEqual(ps[at]!);
          expect(adjusted).toBeLessThanOrEqual(Math.min(1, ps[at]! * ps.length) + 1e-12);
        });
      }),
    );
  });
});

describe("least squares", () => {
  const column = fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 12, maxLength: 12 });

  it("finds the coefficients that made the values", () => {
    fc.assert(
      fc.property(column, column, fc.integer({ min: -5, max: 5 }), fc.integer({ min: -5, max: 5 }), (x, y, a, b) => {
        const values = x.map((value, at) => 7 + a * value + b * y[at]!);
        const fit = leastSquares(values, [x, y]);
        if (fit === null) return;
        expect(fit.coefficients[0]).toBeCloseTo(a, 5);
        expect(fit.coefficients[1]).toBeCloseTo(b, 5);
      }),
    );
  });

  it("leaves a rest that no other coefficients make smaller", () => {
    const rest = (values: number[], x: number[], slope: number): number => {
      const left = values.map((value, at) => value - slope * x[at]!);
      const mean = left.reduce((sum, value) => sum + value, 0) / left.length;
      return left.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    };
    fc.assert(
      fc.property(column, column, fc.double({ min: -2, max: 2, noNaN: true }), (values, x, change) => {
        const slope = leastSquares(values, [x])?.coefficients[0];
        if (slope === undefined) return;
        expect(rest(values, x, slope)).toBeLessThanOrEqual(rest(values, x, slope + change) + 1e-6);
      }),
    );
  });

  it("refuses covariates that say nothing, or the same", () => {
    expect(leastSquares([1, 2, 3], [[4, 4, 4]])).toBeNull();
    expect(leastSquares([1, 2, 4], [[1, 2, 3], [2, 4, 6]])).toBeNull(); // biome-ignore format: one matrix
  });
});

describe("a value between two measurements", () => {
  it("lies on the line between them, and stays at the ends", () => {
    const [times, values] = [[0, 10, 20], [5, 15, 0]]; // biome-ignore format: columns
    expect([-3, 0, 4, 10, 15, 99].map((time) => interpolate(times, values, time))).toEqual([5, 5, 9, 15, 7.5, 0]);
  });
});
