// Services whose work in flight is large beside what stays: as they were recorded on a busy machine, and simulated with the truth known.

import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ProcessVerdict } from "../../src/model/diagnosis.ts";
import type { ProcessSample } from "../../src/model/sample.ts";
import { judgeProcess, type ProcessJudgement } from "../../src/watch/judge-process.ts";
import { keptRise } from "../../src/watch/kept-rise.ts";
import { evenTimes, randomFrom, seriesOf } from "../support/simulated-series.ts";

const MIB = 1024 * 1024;
const HARMLESS: readonly ProcessVerdict[] = ["steady", "warm-up", "load", "fragmentation"];

/** What `diagnose` saw of n05-pymalloc-fragmentation and n12-collector-sawtooth (examples/leaks), calls under way left out of the snapshots. */
interface Recorded {
  readonly case: string;
  readonly python: string;
  readonly saidBefore: string;
  readonly unsettledUntilMs: number;
  readonly atMs: readonly number[];
  readonly anonBytes: readonly number[];
  readonly fileBytes: readonly number[];
  readonly threads: readonly number[];
  readonly cpuSeconds: readonly number[];
  readonly youngCollections: readonly number[];
  readonly allocator: readonly (readonly [sample: number, usedBytes: number, freeBytes: number])[];
  readonly snapshots: {
    readonly atMs: readonly number[];
    readonly liveBytes: readonly number[];
    readonly garbageBytes: readonly number[];
  };
}

const RECORDED = JSON.parse(
  readFileSync(new URL("./recorded/services-without-leak.json", import.meta.url), "utf8"),
) as readonly Recorded[];

function sampleOf(
  known: Pick<ProcessSample, "atMs" | "anonBytes" | "allocator"> & Partial<ProcessSample>,
): ProcessSample {
  return {
    rssBytes: known.anonBytes + (known.fileBytes ?? 0),
    fileBytes: 0,
    shmemBytes: 0,
    swapBytes: 0,
    threads: 4,
    cpuSeconds: known.atMs / 2000,
    pssBytes: null,
    descriptors: null,
    group: null,
    collector: null,
    load: known.cpuSeconds ?? null,
    ...known,
  };
}

function samplesOf(recorded: Recorded): readonly ProcessSample[] {
  const readings = new Map(recorded.allocator.map(([at, usedBytes, freeBytes]) => [at, { usedBytes, freeBytes }]));
  return recorded.atMs.map((atMs, at) => {
    const reading = readings.get(at);
    return sampleOf({
      atMs,
      anonBytes: recorded.anonBytes[at]!,
      fileBytes: recorded.fileBytes[at]!,
      threads: recorded.threads[at]!,
      cpuSeconds: recorded.cpuSeconds[at]!,
      allocator:
        reading === undefined
          ? null
          : { ...reading, arenaBytes: reading.usedBytes + reading.freeBytes, isEstimate: false },
      collector: {
        isEnabled: true,
        collections: [recorded.youngCollections[at]!, 0, 0],
        collected: [0, 0, 0],
        uncollectable: [0, 0, 0],
        pending: 0,
        counts: [0, 0, 0],
        thresholds: [2000, 10, 10],
      },
    });
  });
}

describe("a service that was recorded and does not leak", () => {
  it.each(RECORDED.map((each) => [`${each.case} on ${each.python}, once called ${each.saidBefore}`, each] as const))(
    "%s",
    (_, recorded) => {
      const { atMs, liveBytes, garbageBytes } = recorded.snapshots;
      const judged = judgeProcess({
        samples: samplesOf(recorded),
        liveBytes: seriesOf(
          atMs.map((ms) => ms / 1000),
          liveBytes,
        ),
        garbageBytes: seriesOf(
          atMs.map((ms) => ms / 1000),
          garbageBytes,
        ),
        holders: [],
        unsettledUntilMs: recorded.unsettledUntilMs,
      });
      expect(HARMLESS).toContain(judged.verdict);
    },
  );
});

interface Service {
  readonly seed: number;
  /** What calls take at most, at first and in the end; MiB. */
  readonly callsFirst: number;
  readonly callsLast: number;
  /** What stays of all that was put in until the end, MiB. */
  readonly leak: number;
  readonly snapshots: number;
}

/** Batches that come and go at any moment; the allocator keeps what it once had in use. */
function judgeService({ seed, callsFirst, callsLast, leak, snapshots }: Service): ProcessJudgement {
  const random = randomFrom(seed);
  const seconds = 30;
  let mostMib = 0;
  const samples = evenTimes(seconds, 4).map((time, at): ProcessSample => {
    const share = time / seconds;
    const peak = callsFirst + (callsLast - callsFirst) * share;
    const used = 20 + leak * share + (random() < 0.3 ? 0 : peak * random());
    mostMib = Math.max(mostMib, used + 1);
    const allocator =
      at % 4 === 0
        ? { arenaBytes: mostMib * MIB, usedBytes: used * MIB, freeBytes: (mostMib - used) * MIB, isEstimate: false }
        : null;
    return sampleOf({ atMs: time * 1000, anonBytes: Math.round((30 + mostMib) * MIB), allocator });
  });
  const moments = Array.from({ length: snapshots }, (_, at) => (seconds * at) / (snapshots - 1));
  const live = moments.map((time) => (40 + leak * (time / seconds) + 0.05 * random()) * MIB);
  const liveBytes = seriesOf(moments, live);
  const garbageBytes = seriesOf(
    moments,
    moments.map(() => 0),
  );
  return judgeProcess({ samples, liveBytes, garbageBytes, holders: [], unsettledUntilMs: 0 });
}

/** The same services at every run, so that a chance finding is one of the tool and not of the day. */
function verdictsOf(
  services: number,
  serviceOf: (random: () => number) => Omit<Service, "seed" | "snapshots">,
): readonly ProcessVerdict[] {
  return Array.from({ length: services }, (_, seed) => {
    const service = serviceOf(randomFrom(seed + 1));
    return judgeService({ ...service, seed: seed + 1, snapshots: 2 + (seed % 6) }).verdict;
  });
}

describe("work that comes and goes", () => {
  it("is no growth of Python, however large it gets, but in one of two hundred short watches", () => {
    const verdicts = verdictsOf(500, (random) => ({
      callsFirst: 1 + 40 * random(),
      callsLast: 1 + 80 * random(),
      leak: 0,
    }));
    expect(verdicts.filter((verdict) => !HARMLESS.includes(verdict)).length).toBeLessThanOrEqual(2);
  });

  it("does not hide a leak that is twice as large, but in one of twenty short watches", () => {
    const verdicts = verdictsOf(500, (random) => {
      const calls = 1 + 20 * random();
      return { callsFirst: calls, callsLast: calls, leak: 2 * calls + 10 };
    });
    expect(verdicts.filter((verdict) => verdict === "growing").length).toBeGreaterThanOrEqual(475);
  });
});

describe("what a level has kept", () => {
  const values = fc.array(fc.double({ min: 0, max: 1e9, noNaN: true }), { minLength: 2, maxLength: 100 });

  it("is nothing where the end is as low as the beginning, whatever was in between", () => {
    fc.assert(
      fc.property(values, (between) => {
        const level = Math.min(...between);
        const kept = keptRise({ timesMs: [], values: [level, ...between, level] });
        expect(kept).toBeLessThanOrEqual(0);
      }),
    );
  });

  it("is never more than the last value is above the lowest of the first fifth", () => {
    fc.assert(
      fc.property(values, (all) => {
        const early = all.slice(0, Math.max(1, Math.floor(all.length / 5)));
        const isRising = all.every((value, at) => at === 0 || value >= all[at - 1]!);
        fc.pre(!isRising);
        const kept = keptRise({ timesMs: [], values: all }) ?? 0;
        expect(kept).toBeLessThanOrEqual(Math.max(...all) - Math.min(...early) + 1e-6);
      }),
    );
  });

  it("is the rise of what only rises, and unknown of one value", () => {
    expect(keptRise({ timesMs: [], values: Array.from({ length: 101 }, (_, at) => at) })).toBe(81);
    expect(keptRise({ timesMs: [], values: [3] })).toBeNull();
  });
});
