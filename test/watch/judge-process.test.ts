// The process as a whole: the fingerprints of research/probe 5 as samples, and holders as the heap would give them.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { AllocatorSample, CollectorSample, ProcessSample } from "../../src/model/sample.ts";
import type { SeriesShape, SeriesVerdict } from "../../src/model/verdict.ts";
import { forecastOf } from "../../src/watch/forecast.ts";
import { judgeProcess } from "../../src/watch/judge-process.ts";
import { judgeSeries } from "../../src/watch/judge-series.ts";
import type { HolderEvidence, ProcessEvidence } from "../../src/watch/process-evidence.ts";
import { evenTimes, normal, randomFrom, seriesOf } from "../support/simulated-series.ts";

const MIB = 1024 * 1024;
const SECONDS = 60;

/** What a process does over the watch: `share` goes from 0 to 1, results are MiB. */
interface Story {
  readonly anon?: (share: number) => number;
  readonly file?: (share: number) => number;
  readonly threads?: (share: number) => number;
  readonly used?: (share: number) => number;
  readonly free?: (share: number) => number;
  readonly pss?: (share: number) => number;
  readonly load?: (share: number) => number;
  readonly isCollectorOff?: boolean;
}

const flat = () => 0;

function samplesOf(story: Story, seed = 1): ProcessSample[] {
  const random = randomFrom(seed);
  return evenTimes(SECONDS, 2).map((time) => {
    const share = time / SECONDS;
    const noise = Math.round(0.2 * MIB * normal(random));
    const anon = Math.round((200 + (story.anon ?? flat)(share)) * MIB) + noise;
    const file = Math.round((30 + (story.file ?? flat)(share)) * MIB);
    return {
      atMs: time * 1000,
      rssBytes: anon + file,
      anonBytes: anon,
      fileBytes: file,
      shmemBytes: 0,
      swapBytes: 0,
      threads: Math.round(4 + (story.threads ?? flat)(share)),
      cpuSeconds: time / 2,
      pssBytes: story.pss === undefined ? null : Math.round((100 + story.pss(share)) * MIB),
      descriptors: null,
      group: null,
      collector: collectorOf(story),
      allocator: allocatorOf(story, share),
      load: story.load?.(share) ?? null,
    };
  });
}

function allocatorOf({ used, free }: Story, share: number): AllocatorSample {
  const usedBytes = Math.round((100 + (used ?? flat)(share)) * MIB);
  const freeBytes = Math.round((10 + (free ?? flat)(share)) * MIB);
  return { arenaBytes: usedBytes + freeBytes, usedBytes, freeBytes, isEstimate: false };
}

function collectorOf({ isCollectorOff = false }: Story): CollectorSample {
  return {
    isEnabled: !isCollectorOff,
    collections: [9, 2, 1],
    collected: [0, 0, 0],
    uncollectable: [0, 0, 0],
    pending: 3,
    counts: [3, 1, 0],
    thresholds: [700, 10, 10],
  };
}

const CONTEXT = { load: null, bound: null, unsettledUntilMs: 0, family: 1 };
const leaking = judgeSeries(seriesOf(evenTimes(60, 2), evenTimes(60, 2).map((time) => Math.floor(50 * time))), CONTEXT); // biome-ignore format: one line

function holder(change: Partial<HolderEvidence> & { readonly shape?: SeriesShape } = {}): HolderEvidence {
  const { shape, ...rest } = change;
  const growth: SeriesVerdict = shape === undefined ? leaking : { ...leaking, shape, isUnbroken: false };
  return {
    path: "sys.modules['app'].REGISTRY",
    growth,
    grownBytes: 60 * MIB,
    shareOfGrowth: 0.9,
    isUnbounded: true,
    survivesCollection: true,
    isInFlight: false,
    ...rest,
  };
}

function judge(story: Story, change: Partial<ProcessEvidence> = {}): ReturnType<typeof judgeProcess> {
  const evidence = { liveBytes: null, garbageBytes: null, holders: [], unsettledUntilMs: 0, ...change };
  return judgeProcess({ samples: samplesOf(story), ...evidence });
}

const rising =
  (mib: number) =>
  (share: number): number =>
    mib * share;
const PYTHON: Story = { anon: rising(71), used: rising(70) };

describe("a leak", () => {
  it("is proved by a holder that rose without a break and explains most of the growth", () => {
    const judged = judge(PYTHON, { holders: [holder()] });
    expect(judged.verdict).toBe("leak");
    expect(judged.because[0]).toContain(
      "sys.modules['app'].REGISTRY grew by 60.0 MiB, 90.0 % of the growth, and nothing bounds it.",
    );
    expect(judged.ruledOut.map(({ what }) => what)).toEqual(["fragmentation", "native", "filling"]);
  });

  it("is proved by several that do so together", () => {
    const some = [holder({ shareOfGrowth: 0.35 }), holder({ path: "b", shareOfGrowth: 0.3 })];
    expect(judge(PYTHON, { holders: some })).toMatchObject({ verdict: "leak", holders: some });
  });

  it("is proved long before the memory of the process shows it", () => {
    expect(judge({}, { holders: [holder({ grownBytes: 40_000 })] }).verdict).toBe("leak");
  });

  it.each([
    ["explains little", { shareOfGrowth: 0.2 }],
    ["has gaps", { shape: "growing" }],
    ["may be garbage", { survivesCollection: false }],
  ] as const)("is only suspected when the holder %s", (_, change) => {
    const judged = judge(PYTHON, { holders: [holder(change)] });
    expect(judged.verdict).toBe("suspect");
    expect(judged.because.at(-1)).toMatch(/^It is no proof yet: /);
  });

  it("is not suspected when the holder is bounded", () => {
    expect(judge(PYTHON, { holders: [holder({ isUnbounded: false })] }).verdict).toBe("growing");
  });

  it("is garbage that nobody will collect", () => {
    const garbageBytes = seriesOf([0, 20, 40, 60], [0, 20 * MIB, 41 * MIB, 60 * MIB]);
    expect(judge({ ...PYTHON, isCollectorOff: true }, { garbageBytes }).verdict).toBe("suspect");
    expect(judge(PYTHON, { garbageBytes })).toMatchObject({ verdict: "growing" });
    const many = seriesOf(
      [0, 9, 18, 27, 36, 45, 54, 60],
      [0, 9, 18, 27, 36, 45, 54, 60].map((mib) => mib * MIB),
    );
    expect(judge({ ...PYTHON, isCollectorOff: true }, { garbageBytes: many }).verdict).toBe("leak");
  });
});

describe("a holder that took most of the growth, and whose own series is unclear", () => {
  const unclear = holder({ shape: "unclear" });
  const liveBytes = seriesOf([0, 60], [100 * MIB, 170 * MIB]);

  it("is suspected when live objects grow, by the allocator or by what came in all", () => {
    expect(judge(PYTHON, { holders: [unclear] })).toMatchObject({ verdict: "suspect", holders: [unclear] });
    // Large objects are outside the allocator.
    expect(judge({ anon: rising(71) }, { liveBytes, holders: [unclear] }).verdict).toBe("suspect");
  });

  it("is not suspected when it is bounded, garbage, a small part, or nothing grows", () => {
    for (const change of [{ isUnbounded: false }, { survivesCollection: false }, { shareOfGrowth: 0.3 }])
      expect(judge(PYTHON, { holders: [{ ...unclear, ...change }] }).verdict).toBe("growing");
    expect(judge({}, { holders: [unclear] }).verdict).toBe("steady");
  });
});

describe("no leak", () => {
  it("batches that come and go, seen by two snapshots at different moments, while freed memory stays", () => {
    const sawtooth = (share: number): number => ((share * 17) % 1) * 12;
    const story: Story = { anon: (share) => sawtooth(share) + 15 * share, used: sawtooth, free: rising(12) };
    const judged = judge(story, { liveBytes: seriesOf([0, 60], [101 * MIB, 112 * MIB]) });
    expect(judged.verdict).toBe("fragmentation");
  });

  it.each([
    ["nothing grows", {}, "steady"],
    ["Python grows and no holder explains it", PYTHON, "growing"],
    ["pymalloc is fragmented", { anon: rising(161), used: rising(1), free: rising(150) }, "fragmentation"],
    ["much is free since a peak", { free: () => 150 }, "fragmentation"],
    ["C code allocates", { anon: rising(97) }, "native"],
    ["files are mapped", { file: rising(95) }, "growing"],
    ["threads are started", { anon: rising(73), threads: rising(60), used: rising(2) }, "growing"],
    ["shared pages are touched", { anon: rising(90), pss: rising(0.5) }, "steady"],
    [
      "it has warmed up",
      { anon: (share) => 90 * (1 - Math.exp(-30 * share)), used: (share) => 80 * (1 - Math.exp(-30 * share)) },
      "warm-up",
    ],
    ["memory is given back", { anon: rising(-80), used: rising(-70) }, "steady"],
  ] as [string, Story, string][])("%s", (_, story, verdict) => {
    expect(judge(story).verdict).toBe(verdict);
  });

  it.each(["filling", "load"] as const)("holders that are %s explain it", (shape) => {
    expect(judge(PYTHON, { holders: [holder({ shape })] }).verdict).toBe(shape);
  });

  it("live bytes of two snapshots tell Python from C, when the allocator cannot be read", () => {
    const samples = samplesOf({ anon: rising(97) }).map((sample) => ({ ...sample, allocator: null }));
    const rest = { samples, garbageBytes: null, holders: [], unsettledUntilMs: 0 };
    expect(judgeProcess({ ...rest, liveBytes: seriesOf([0, 60], [100 * MIB, 101 * MIB]) }).verdict).toBe("native");
    expect(judgeProcess({ ...rest, liveBytes: seriesOf([0, 60], [100 * MIB, 190 * MIB]) }).verdict).toBe("growing");
  });

  it("too little was seen", () => {
    const judged = judgeProcess({ samples: [], liveBytes: null, garbageBytes: null, holders: [], unsettledUntilMs: 0 });
    expect(judged).toMatchObject({ verdict: "steady", wouldChange: "Measure it again." });
  });

  it("noise is steady, whatever its seed", () => {
    const noisy = Array.from({ length: 100 }, (_, seed) =>
      judgeProcess({
        samples: samplesOf({}, seed),
        liveBytes: null,
        garbageBytes: null,
        holders: [],
        unsettledUntilMs: 0,
      }),
    );
    expect(noisy.filter(({ verdict }) => verdict !== "steady")).toEqual([]);
  });

  it("every judgement is whole sentences without gaps", () => {
    const change = fc.double({ min: -100, max: 200, noNaN: true });
    fc.assert(
      fc.property(
        fc.record({ anon: change, file: change, threads: fc.nat(20), used: change, free: change }),
        (story) => {
          const judged = judge({
            anon: rising(story.anon),
            file: rising(Math.max(-29, story.file)),
            threads: rising(story.threads),
            used: rising(Math.max(-99, story.used)),
            free: rising(Math.max(-9, story.free)),
          });
          const sentences = [...judged.because, judged.wouldChange, ...judged.ruledOut.map(({ because }) => because)];
          for (const sentence of sentences) expect(sentence).toMatch(/^(?!.*(NaN|undefined|unknown)).+[.]$/);
        },
      ),
    );
  });
});

describe("the forecast", () => {
  const growth: SeriesVerdict = { ...leaking, slope: MIB, slopeLow: MIB / 2, slopeHigh: 2 * MIB };

  it("is the room left by the growth, with the bounds of the growth", () => {
    expect(forecastOf(400 * MIB, 1000 * MIB, growth)).toEqual({
      limitBytes: 1000 * MIB,
      reachedInSeconds: 600,
      soonestSeconds: 300,
      latestSeconds: 1200,
    });
  });

  it("has no end when the flattest growth is none", () => {
    expect(forecastOf(0, MIB, { ...growth, slopeLow: 0 }).latestSeconds).toBeNull();
  });

  it("is not made without a limit or from what does not grow", () => {
    expect(forecastOf(400, null, growth).reachedInSeconds).toBeNull();
    expect(forecastOf(400, 500, { ...growth, shape: "unclear" }).reachedInSeconds).toBeNull();
  });

  it("is now when the limit is passed", () => expect(forecastOf(500, 400, growth).reachedInSeconds).toBe(0));
});
