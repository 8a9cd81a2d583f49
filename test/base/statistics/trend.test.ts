// The trend test and the line against every order there is, and every pair there is.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mannKendall, mannKendallCorrected } from "../../../src/base/statistics/mann-kendall.ts";
import { residualsOf, theilSen } from "../../../src/base/statistics/theil-sen.ts";
import { normal, randomFrom } from "../../support/simulated-series.ts";

const values = fc.array(fc.integer({ min: -20, max: 20 }), { minLength: 2, maxLength: 25 });

function pairs(count: number): [earlier: number, later: number][] {
  const all: [number, number][] = [];
  for (let later = 1; later < count; later++)
    for (let earlier = 0; earlier < later; earlier++) all.push([earlier, later]);
  return all;
}

function slowS(series: readonly number[]): number {
  return pairs(series.length).reduce((sum, [a, b]) => sum + Math.sign(series[b]! - series[a]!), 0);
}

function ordersOf<T>(items: readonly T[]): T[][] {
  if (items.length <= 1) return [[...items]];
  return items.flatMap((item, at) => ordersOf(items.toSpliced(at, 1)).map((rest) => [item, ...rest]));
}

describe("Mann-Kendall", () => {
  it("gives the share of all orders that rise as clearly", () => {
    for (const count of [2, 3, 4, 5, 6, 7]) {
      const orders = ordersOf(Array.from({ length: count }, (_, at) => at));
      const scores = orders.map(slowS);
      for (const [at, order] of orders.entries()) {
        if (at % 37 !== 0) continue;
        const asClear = scores.filter((score) => score >= scores[at]!).length / orders.length;
        expect(mannKendall(order).p).toBeCloseTo(asClear, 12);
      }
    }
  });

  it("has the variance of all orders, also with equal values", () => {
    for (const series of [
      [1, 2, 3, 4, 5],
      [1, 1, 2, 3, 4],
      [1, 1, 2, 2, 2, 3],
      [5, 5, 5, 5],
    ]) {
      // biome-ignore format: one per case
      const scores = ordersOf(series).map(slowS);
      const variance = scores.reduce((sum, score) => sum + score ** 2, 0) / scores.length;
      expect(mannKendall(series).variance).toBeCloseTo(variance, 9);
    }
  });

  it("sees only which value is larger", () => {
    fc.assert(
      fc.property(values, (series) => {
        const plain = mannKendall(series);
        expect(plain.s).toBe(slowS(series));
        expect(mannKendall(series.map((value) => value ** 3 + 7))).toEqual(plain);
        expect(mannKendall(series.map((value) => -value)).s).toBe(0 - plain.s + 0);
      }),
    );
  });

  it("has no opinion on nothing, one value, or equal ones", () => {
    for (const series of [[], [3], [3, 3, 3, 3]]) expect(mannKendall(series).p).toBe(1);
  });

  it("is never surer with the correction than without", () => {
    fc.assert(
      fc.property(values, (series) => {
        expect(Math.abs(mannKendallCorrected(series, series).p - 0.5)).toBeLessThanOrEqual(
          Math.abs(mannKendall(series).p - 0.5) + 0.02,
        );
      }),
    );
  });

  it("cries wolf on series that wander, and far less with the correction", () => {
    const random = randomFrom(11);
    let [plain, corrected] = [0, 0];
    for (let run = 0; run < 400; run++) {
      let value = 0;
      const series = Array.from({ length: 60 }, () => (value = 0.8 * value + normal(random)));
      const times = series.map((_, at) => at);
      const test = mannKendall(series);
      const residuals = residualsOf(theilSen(times, series, test.variance), times, series);
      if (test.p < 0.01) plain++;
      if (mannKendallCorrected(series, residuals).p < 0.01) corrected++;
    }
    expect(plain / 400).toBeGreaterThan(0.1);
    expect(corrected).toBeLessThan(plain / 2);
  });
});

describe("Theil-Sen", () => {
  it("is the median of the slopes of all pairs", () => {
    fc.assert(
      fc.property(values, (ys) => {
        const xs = ys.map((_, at) => at * at + at);
        const slopes = pairs(ys.length).map(([a, b]) => (ys[b]! - ys[a]!) / (xs[b]! - xs[a]!)).sort((a, b) => a - b); // biome-ignore format: one thought
        const middle = slopes.length >> 1;
        const median = slopes.length % 2 === 1 ? slopes[middle]! : (slopes[middle - 1]! + slopes[middle]!) / 2;
        const line = theilSen(xs, ys, mannKendall(ys).variance);
        expect(line.slope).toBeCloseTo(median, 9);
        expect(line.low).toBeLessThanOrEqual(line.slope);
        expect(line.high).toBeGreaterThanOrEqual(line.slope);
      }),
    );
  });

  it("finds a line exactly, and keeps it when a quarter of the values are wild", () => {
    const xs = Array.from({ length: 24 }, (_, at) => at);
    const straight = xs.map((x) => 3 + 2 * x);
    const line = theilSen(xs, straight, mannKendall(straight).variance);
    expect(line).toEqual({ slope: 2, low: 2, high: 2, intercept: 3 });
    const wild = straight.map((y, at) => (at % 4 === 1 ? y + 1000 * (at % 3) : y));
    expect(theilSen(xs, wild, 0).slope).toBeCloseTo(2, 0);
  });

  it("has bounds that hold the truth as often as they promise", () => {
    const random = randomFrom(5);
    const xs = Array.from({ length: 14 }, (_, at) => at);
    let held = 0;
    for (let run = 0; run < 1000; run++) {
      const ys = xs.map((x) => 0.3 * x + normal(random));
      const { low, high } = theilSen(xs, ys, mannKendall(ys).variance);
      if (low <= 0.3 && 0.3 <= high) held++;
    }
    expect(held / 1000).toBeGreaterThan(0.98);
  });

  it("is flat for one moment", () => {
    expect(theilSen([1, 1], [3, 5], 1)).toMatchObject({ slope: 0, low: 0, high: 0 });
  });
});
