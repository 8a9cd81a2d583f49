// The ladder on series whose truth is known. bench/verdicts.ts prints the rates; here are the limits that must hold.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { SeriesContext, SeriesVerdict } from "../../src/model/verdict.ts";
import { judgeFamily, judgeSeries } from "../../src/watch/judge-series.ts";
import {
  evenTimes,
  LEAKS,
  NON_LEAKS,
  randomFrom,
  seriesOf,
  type SimulatedKind,
  unevenTimes,
} from "../support/simulated-series.ts";

const PLAIN: SeriesContext = { load: null, bound: null, unsettledUntilMs: 0, family: 1 };
const RUNS = 100;
/** Load signals take long to make. */
const FEWER_RUNS = 40;

function verdicts(kind: SimulatedKind, seconds: number, perSecond: number, isEven: boolean = true): SeriesVerdict[] {
  return Array.from({ length: kind.name.includes("load") ? FEWER_RUNS : RUNS }, (_, run) => {
    const random = randomFrom(4000 + 104_729 * run);
    const times = isEven ? evenTimes(seconds, perSecond) : unevenTimes(seconds, perSecond, random);
    const { series, context } = kind.make({ random, seconds, times });
    return judgeSeries(series, context);
  });
}

const proved = (all: readonly SeriesVerdict[]): number =>
  all.filter(({ isUnbroken }) => isUnbroken).length / all.length;
const growing = (all: readonly SeriesVerdict[]): number =>
  all.filter(({ shape }) => shape === "growing").length / all.length;

function counter(perSecond: number, { seconds = 60, hz = 2, from = 0, seed = 1 } = {}): SeriesVerdict {
  const random = randomFrom(seed);
  let [time, count] = [-Math.log(1 - random()) / perSecond, from];
  const times = evenTimes(seconds, hz);
  const values = times.map((now) => {
    for (; time <= now; time -= Math.log(1 - random()) / perSecond) count++;
    return count;
  });
  return judgeSeries(seriesOf(times, values), PLAIN);
}

describe("what leaks nothing is not proved", () => {
  it.each(NON_LEAKS)("$name", (kind) => {
    expect(proved(verdicts(kind, 60, 2))).toBeLessThanOrEqual(0.01);
    expect(proved(verdicts(kind, 40, 2, false))).toBeLessThanOrEqual(0.02);
  });

  it("and is hardly ever called growing, except a cache that cannot be told from a leak yet", () => {
    const told = NON_LEAKS.filter(({ name }) => !name.startsWith("cache of"));
    for (const kind of told) expect(growing(verdicts(kind, 60, 2)), kind.name).toBeLessThanOrEqual(0.05);
  });

  it("with the reason", () => {
    const shapes = (name: string): Set<string> =>
      new Set(verdicts(NON_LEAKS.find((kind) => kind.name === name)!, 60, 2).map(({ shape }) => shape));
    expect(shapes("LRU of 5,000, still filling")).toEqual(new Set(["filling"]));
    expect(shapes("LRU of 500, fills half-way through")).toEqual(new Set(["warm-up"]));
    expect(shapes("in flight, load steps up")).toEqual(new Set(["load"]));
    expect(shapes("bytes: fills for 40 % then flat")).toContain("warm-up");
    expect(shapes("batch filled, then cleared, every 7 s")).toEqual(new Set(["steady"]));
  });
});

describe("what leaks", () => {
  it.each(LEAKS)("is called growing: $name", (kind) => {
    expect(growing(verdicts(kind, 60, 2))).toBeGreaterThanOrEqual(0.8);
    expect(growing(verdicts(kind, 60, 2, false))).toBeGreaterThanOrEqual(0.75);
  });

  it.each(LEAKS.filter(({ name }) => /^\+1|^bursts|^1 of 10/.test(name)))("is proved in a minute: $name", (kind) => {
    expect(proved(verdicts(kind, 60, 2))).toBeGreaterThanOrEqual(0.9);
  });

  it("is proved in 20 s at 10 samples per second, whatever it starts at", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e7 }), fc.integer({ min: 1, max: 1e6 }), (from, seed) => {
        expect(counter(200, { seconds: 20, hz: 10, from, seed })).toMatchObject({ shape: "growing" });
      }),
    );
    const runs = Array.from({ length: 100 }, (_, seed) => counter(20, { seconds: 20, hz: 10, seed }));
    expect(proved(runs)).toBeGreaterThan(0.93);
  });

  it("says pace, bounds and windows", () => {
    const times = evenTimes(60, 2);
    const verdict = judgeSeries(seriesOf(times, times.map((time) => 12 * time)), PLAIN); // biome-ignore format: one line
    expect(verdict).toMatchObject({ shape: "growing", isUnbroken: true, samples: 85, windowSeconds: 42 });
    expect(verdict.slope).toBeCloseTo(12, 6);
    expect(verdict.because).toEqual([
      "It rose over 14 windows of 3.0 s without a break, by 12 entries per second (99 % bounds 12 to 12).",
      "It went from 216 entries to 720 entries in 42 s.",
    ]);
    expect(verdict.ruledOut.map(({ what }) => what)).toEqual(["chance", "warm-up", "filled and emptied in turn"]);
  });

  it("by work: so much per request, also while the load rises", () => {
    const kind = LEAKS.find(({ name }) => name === "1 of 10 requests, load ramps up")!;
    for (const { perUnitOfLoad } of verdicts(kind, 60, 2)) expect(perUnitOfLoad).toBeCloseTo(0.1, 1);
  });

  it.each([
    ["per request, while the load falls", (x: number) => 900 * x - 400 * x * x, (x: number) => 9000 * x - 4000 * x * x],
    [
      "per second, while the load steps up",
      (x: number) => 600 * x,
      (x: number) => 1000 * x + 2000 * Math.max(0, x - 0.6),
    ],
  ])("%s is proved", (_, leaked, done) => {
    const times = evenTimes(60, 2);
    const over = (of: (x: number) => number) => seriesOf(times, times.map((time) => Math.floor(of(time / 60)))); // biome-ignore format: one line
    expect(judgeSeries(over(leaked), { ...PLAIN, load: over(done) })).toMatchObject({
      shape: "growing",
      isUnbroken: true,
    });
    expect(judgeSeries(over(done), PLAIN).shape).toBe("growing");
  });

  it("cannot be told from a pool that grows with the load, while the load rises evenly", () => {
    const times = evenTimes(60, 2);
    const done = seriesOf(times, times.map((time) => 20 * time * time)); // biome-ignore format: one line
    const pool = seriesOf(times, times.map((time) => Math.floor(10 * time))); // biome-ignore format: one line
    expect(judgeSeries(pool, { ...PLAIN, load: done })).toMatchObject({ shape: "unclear", isUnbroken: false });
  });

  it("but in rare bursts is unclear, with how long to watch", () => {
    const times = evenTimes(60, 2);
    const bursts = times.map((time) => 40 * Math.floor(time / 20 + 0.5));
    const verdict = judgeSeries(seriesOf(times, bursts), PLAIN);
    expect(verdict).toMatchObject({ shape: "unclear", isUnbroken: false });
    expect(verdict.wouldChange).toBe("Watch for 7 min more: it rises about every 20 s, too rarely for this watch.");
  });
});

describe("the context", () => {
  const times = evenTimes(60, 2);
  const ramp = seriesOf(times, times.map((time) => 3 * time)); // biome-ignore format: one line

  it("a bound makes growth a filling, and fullness an end", () => {
    expect(judgeSeries(ramp, { ...PLAIN, bound: 1000 }).shape).toBe("filling");
    expect(judgeSeries(ramp, { ...PLAIN, bound: 1000 }).because[1]).toBe(
      "At 3 entries per second it is full in 4 min 33 s.",
    );
    const full = seriesOf(times, times.map(() => 128)); // biome-ignore format: one line
    expect(judgeSeries(full, { ...PLAIN, bound: 128 }).shape).toBe("steady");
    expect(judgeSeries(ramp, { ...PLAIN, bound: 100 }).shape).toBe("growing");
  });

  it("loading of code puts the judgement off", () => {
    expect(judgeSeries(ramp, { ...PLAIN, unsettledUntilMs: 60_500 })).toMatchObject({ shape: "unclear" });
    expect(judgeSeries(ramp, { ...PLAIN, unsettledUntilMs: 30_000 })).toMatchObject({
      shape: "growing",
      windowSeconds: 30,
    });
  });

  it("a larger family never makes anything surer", () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(20), { minLength: 3, maxLength: 60 }),
        fc.integer({ min: 1, max: 9999 }),
        (values, family) => {
          const series = seriesOf(values.map((_, at) => at), values); // biome-ignore format: one line
          const [alone, among] = [judgeSeries(series, PLAIN), judgeSeries(series, { ...PLAIN, family })];
          expect(among.p).toBeGreaterThanOrEqual(alone.p);
          if (among.isUnbroken) expect(alone.isUnbroken).toBe(true);
        },
      ),
    );
  });

  it("thousands of containers in balance raise no alarm beside one that leaks", () => {
    const balanced = NON_LEAKS.find(({ name }) => name.startsWith("sessions"))!;
    const cases = Array.from({ length: 1000 }, (_, seed) => {
      const made = balanced.make({ random: randomFrom(seed), seconds: 60, times });
      return { series: made.series, context: { ...PLAIN, family: 5000 } };
    });
    const all = judgeFamily([...cases, { series: ramp, context: { ...PLAIN, family: 5000 } }]);
    expect(all.at(-1)).toMatchObject({ shape: "growing", isUnbroken: true });
    expect(all.filter(({ isUnbroken }) => isUnbroken).length).toBe(1);
    expect(growing(all)).toBeLessThanOrEqual(0.01);
  });
});

describe("a few snapshots", () => {
  const shots = (...values: number[]): SeriesVerdict => judgeSeries(seriesOf(values.map((_, at) => 20 * at), values), PLAIN); // biome-ignore format: one line

  it.each([
    ["none", [], "unclear"],
    ["one", [5], "unclear"],
    ["two that rose", [5, 90], "unclear"],
    ["two that fell", [90, 5], "steady"],
    ["two that are equal", [5, 5], "steady"],
    ["three that rose", [5, 60, 115], "growing"],
    ["six that rose", [0, 50, 110, 160, 205, 260], "growing"],
    ["six that wander", [50, 45, 60, 48, 52, 50], "steady"],
    ["seven that stopped", [0, 500, 900, 950, 955, 956, 957], "warm-up"],
    ["seven that slow down", [0, 500, 900, 1150, 1250, 1330, 1400], "unclear"],
  ] as const)("%s", (_, values, shape) => {
    expect(shots(...values)).toMatchObject({ shape, isUnbroken: false });
  });

  it("seven that rose are proof", () => {
    expect(shots(10, 60, 115, 160, 210, 266, 310)).toMatchObject({ shape: "growing", isUnbroken: true, p: 1 / 5040 });
  });

  it("say how many are missing", () => {
    expect(shots(5, 60, 115).wouldChange).toBe("Measure it 4 times more: proof needs a rise over 7 samples.");
    expect(shots(5, 60, 115).because[0]).toContain(
      "It rose in each of 2 steps between 3 samples, by 2.75 entries per second",
    );
  });
});

describe("any series whatever", () => {
  const numbers = fc.oneof(fc.integer({ min: 0, max: 50 }), fc.double({ min: 0, max: 1e12 }), fc.constant(Number.NaN));
  const samples = fc.array(fc.tuple(fc.double({ min: -1, max: 5, noNaN: true }), numbers, fc.nat(30)), {
    maxLength: 80,
  });
  const context = fc.record({
    unit: fc.constantFrom("entries", "objects", "bytes", "descriptors", "threads"),
    bound: fc.option(fc.nat(60)),
    unsettledUntilMs: fc.constantFrom(0, 0, 40_000),
    family: fc.constantFrom(1, 3000),
    hasLoad: fc.boolean(),
  });

  it("gets a verdict that holds together, in whole sentences", () => {
    fc.assert(
      fc.property(samples, context, (steps, { hasLoad, ...rest }) => {
        let [time, work] = [0, 0];
        const times = steps.map(([step]) => (time += step));
        const load = hasLoad ? seriesOf(times, steps.map(([, , done]) => (work += done))) : null; // biome-ignore format: one line
        const verdict = judgeSeries(seriesOf(times, steps.map(([, value]) => value)), { ...rest, load }); // biome-ignore format: one line
        expect(verdict.p).toBeGreaterThanOrEqual(0);
        expect(verdict.p).toBeLessThanOrEqual(1);
        expect(verdict.slopeLow).toBeLessThanOrEqual(verdict.slope);
        expect(verdict.slopeHigh).toBeGreaterThanOrEqual(verdict.slope);
        if (verdict.isUnbroken) expect(verdict.shape).toBe("growing");
        const sentences = [...verdict.because, verdict.wouldChange, ...verdict.ruledOut.map(({ because }) => because)];
        expect(verdict.because.length).toBeGreaterThan(0);
        for (const sentence of sentences) expect(sentence).toMatch(/^(?!.*(NaN|undefined|Infinity|unknown)).+[.]$/);
      }),
      { numRuns: 1000 },
    );
  });
});
