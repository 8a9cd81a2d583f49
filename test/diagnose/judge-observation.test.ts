// What grew in the heaps is followed by the containers that changed, and judged: told in heaps and sizes, without a process.

import { describe, expect, it } from "vitest";
import type { Addr, NodeIx } from "../../src/base/brand.ts";
import { dismissedOf, judgeObservation, suspectsOf } from "../../src/diagnose/judge-observation.ts";
import { assembleDiagnosis } from "../../src/diagnose/assemble-diagnosis.ts";
import type { Observation } from "../../src/diagnose/observation.ts";
import { analyse } from "../../src/heap/analyse.ts";
import { addressOf, nodeAt } from "../../src/heap/analysis/addresses.ts";
import { resolvePath } from "../../src/heap/queries/resolve-path.ts";
import type { Diagnosis } from "../../src/model/diagnosis.ts";
import type { Gauge, GaugeTrack } from "../../src/model/gauge.ts";
import type { ProcessSample } from "../../src/model/sample.ts";
import type { SnapshotMeta } from "../../src/model/snapshot-meta.ts";
import { heap } from "../support/snapshot-language.ts";

const WATCH_MS = 60_000;
const PROGRAM = "modules['app'].Session: class Session {}\nmodules['app'].main: def 'main' at '/srv/app.py':31 {}\n";

interface Told {
  /** Heaps at equal distances. */
  readonly heaps: readonly string[];
  /** Sizes of the container at a path, evenly over the watch. */
  readonly followed?: Readonly<Record<string, readonly number[]>>;
  readonly bounds?: Readonly<Record<string, number>>;
  readonly sample?: (atMs: number) => Partial<ProcessSample>;
  readonly meta?: (at: number) => Partial<SnapshotMeta>;
}

function observe({ heaps: texts, followed = {}, bounds = {}, sample, meta }: Told): Observation {
  const heaps = texts.map((text, at) => ({
    atMs: (WATCH_MS * at) / (texts.length - 1),
    file: `snapshot ${at + 1}`,
    analysis: analyse(heap(PROGRAM + text, { meta: { takenAtMs: at, ...meta?.(at) } })),
  }));
  const [first, last] = [heaps[0]!, heaps.at(-1)!];
  const gauges: Gauge[] = [];
  const tracks: GaugeTrack[] = [];
  for (const [path, values] of Object.entries(followed)) {
    const [node] = resolvePath(last.analysis, path);
    expect(node, path).toBeDefined();
    const address = addressOf(last.analysis.snapshot.nodes, node!);
    const bound = bounds[path] ?? null;
    tracks.push({
      gauge: gauges.length,
      state: "alive",
      series: { timesMs: values.map((_, at) => (WATCH_MS * at) / (values.length - 1)), values },
      hits: null,
      misses: null,
    });
    gauges.push({
      kind: "dict",
      address,
      typeAddress: 0 as Addr,
      node: node!,
      entries: values[0]!,
      bound,
      boundAt: null,
    });
  }
  expect(nodeAt(last.analysis.snapshot.nodes, 1)).toBeNull();
  return {
    pid: 4711,
    folder: "/srv",
    extensions: [],
    first,
    heaps,
    last,
    gauges,
    tracks,
    samples: Array.from({ length: 121 }, (_, at) => ({ ...QUIET, ...sample?.(at * 500), atMs: at * 500 })),
    end: { how: "time", afterMs: WATCH_MS, oomKill: null },
    warnings: [],
  };
}

const QUIET: ProcessSample = {
  atMs: 0,
  rssBytes: 50 << 20,
  anonBytes: 40 << 20,
  fileBytes: 10 << 20,
  shmemBytes: 0,
  swapBytes: 0,
  threads: 4,
  cpuSeconds: 0,
  pssBytes: null,
  descriptors: null,
  group: null,
  collector: null,
  allocator: null,
  load: null,
};

const ramp = (from: number, to: number, points = 121): number[] =>
  Array.from({ length: points }, (_, at) => Math.round(from + ((to - from) * at) / (points - 1)));

const registry = (count: number, bytes = 1000): string =>
  `modules['app'].REGISTRY: dict { ${Array.from({ length: count }, (_, at) => `'k${at}': Session(${bytes}) {}`).join(", ")} }`;

const REGISTRY = "sys.modules['app'].REGISTRY";

function diagnose(told: Told): Diagnosis {
  const judged = judgeObservation(observe(told));
  return assembleDiagnosis(judged, { source: null, known: [], workers: [4711], notices: [] });
}

describe("a dict that only grows", () => {
  const told: Told = {
    heaps: [registry(40), registry(160)],
    followed: { [REGISTRY]: ramp(40, 160) },
    sample: (atMs) => ({ rssBytes: (50 << 20) + atMs * 2, anonBytes: (40 << 20) + atMs * 2 }),
  };

  it("is a leak that is proved by the sizes read in between, though there are two snapshots only", () => {
    const { verdict, leaks } = diagnose(told);
    expect(verdict).toBe("leak");
    expect(leaks.map(({ holder, confidence, cause }) => [holder.path, confidence, cause])).toEqual([
      [REGISTRY, "proved", "L1"],
    ]);
    expect(leaks[0]!.leaked).toMatchObject({ type: "app.Session", count: 160, countGrowth: 120 });
    expect(leaks[0]!.growth.samples).toBeGreaterThan(50);
  });

  it("is no leak when it has a bound that it has not reached", () => {
    const report = diagnose({ ...told, bounds: { [REGISTRY]: 10_000 } });
    expect(report.leaks).toEqual([]);
    expect(report.dismissed.map(({ holder, growth }) => [holder.path, growth.shape])).toEqual([[REGISTRY, "filling"]]);
  });
});

describe("what is not proved", () => {
  it("is a dict that grew at first and then stayed", () => {
    const values = [...ramp(40, 160, 30), ...ramp(160, 160, 90)];
    const report = diagnose({ heaps: [registry(40), registry(160)], followed: { [REGISTRY]: values } });
    expect(report.leaks).toEqual([]);
  });

  it("is a batch that is emptied again and again", () => {
    const values = Array.from({ length: 121 }, (_, at) => 40 + (at % 20) * 10);
    const judged = judgeObservation(
      observe({ heaps: [registry(40), registry(200)], followed: { [REGISTRY]: values } }),
    );
    expect(suspectsOf(judged)).toEqual([]);
    expect(dismissedOf(judged, []).map(({ growth }) => growth.holder.path)).toEqual([]);
  });

  it("is one that two snapshots only have seen", () => {
    expect(diagnose({ heaps: [registry(40), registry(160)] }).leaks).toEqual([]);
  });
});

describe("without a container that could be followed", () => {
  const chain = (links: number): string => {
    let text = "Version(1000) {}";
    for (let at = 1; at < links; at++) text = `Version(1000) { before: ${text} }`;
    return `modules['app'].CURRENT: ${text}`;
  };

  it("seven snapshots prove what two cannot", () => {
    const lengths = [10, 25, 40, 55, 70, 85, 100];
    const { leaks } = diagnose({ heaps: lengths.map(chain) });
    expect(leaks.map(({ holder, growth }) => [holder.path.slice(0, 26), growth.isUnbroken])).toEqual([
      ["sys.modules['app'].CURRENT", true],
    ]);
    expect(diagnose({ heaps: [chain(10), chain(100)] }).leaks).toEqual([]);
  });
});

describe("a place whose own container was not followed", () => {
  const lists = (count: number): string =>
    `modules['app'].POOL: tuple [ ${Array.from({ length: count }, () => "list(2000) [ str ]").join(", ")} ]`;

  it("is not judged by a list that was made where a followed one had been", () => {
    const judged = judgeObservation(
      observe({
        heaps: [lists(5), lists(105)],
        followed: { "sys.modules['app'].POOL[3]": [...ramp(0, 50, 40), ...ramp(50, 50, 81)] },
      }),
    );
    const [place] = judged.places.filter(({ growth }) => growth.holder.path === "sys.modules['app'].POOL");
    expect(place!.track).toBeNull();
  });
});

describe("a place that took most of what the heap has grown by", () => {
  // Work that comes in two bursts: of 14 windows two rose.
  const bursts = [...ramp(40, 40, 30), ...ramp(600, 600, 50), ...ramp(1200, 1200, 41)];
  const told: Told = {
    heaps: [registry(40), registry(1200)],
    followed: { [REGISTRY]: bursts },
    sample: (atMs) => ({
      rssBytes: (50 << 20) + atMs * 20,
      anonBytes: (40 << 20) + atMs * 20,
      allocator: { arenaBytes: 60 << 20, usedBytes: (20 << 20) + atMs * 20, freeBytes: 1 << 20, isEstimate: false },
    }),
  };

  it("is named, with what would prove it, though it rose too rarely to be called growing", () => {
    const { verdict, leaks, because } = diagnose(told);
    expect(verdict).toBe("suspect");
    expect(leaks.map(({ holder, confidence }) => [holder.path, confidence])).toEqual([[REGISTRY, "possible"]]);
    expect(because[0]).toMatch(/^Live Python objects grew by .*; sys\.modules\['app'\]\.REGISTRY took 100 %/);
    expect(leaks[0]!.growth.wouldChange).toMatch(/^Watch for/);
  });

  it("is not named where the process does not grow, or where it has a maximum", () => {
    expect(diagnose({ ...told, sample: () => ({}) }).leaks).toEqual([]);
    expect(diagnose({ ...told, bounds: { [REGISTRY]: 10_000 } }).leaks).toEqual([]);
  });

  it("is no chance finding among thousands of followed containers, though it paused twice", () => {
    const paused = ramp(40, 1200).map((value, at, all) => (at > 30 && at < 48 ? all[30]! : value));
    const observation = observe({ ...told, followed: { [REGISTRY]: paused } });
    const gauges = Array.from({ length: 30_000 }, () => observation.gauges[0]!);
    const [place] = judgeObservation({ ...observation, gauges }).places;
    expect([place!.growth.holder.path, place!.series.shape]).toEqual([REGISTRY, "growing"]);
  });
});

describe("garbage", () => {
  const cycles = (count: number): string =>
    Array.from({ length: count }, (_, at) => `garbage: n${at}@Node(500) { other: Node(500) { other: @n${at} } }`).join(
      "\n",
    );
  const off = { isEnabled: false, collections: [3, 1, 0], collected: [0, 0, 0], uncollectable: [0, 0, 0] };
  const collector = (isEnabled: boolean): SnapshotMeta["collector"] => ({
    enabled: isEnabled,
    collecting: false,
    generations: [],
    permanentObjects: 0,
  });

  it("is proved with the collector off, by the tally that the collector keeps", () => {
    const { leaks, verdict } = diagnose({
      heaps: [cycles(50), cycles(400)],
      meta: () => ({ collector: collector(false) }),
      sample: (atMs) => ({
        collector: { ...off, pending: 100 + Math.floor(atMs / 50), counts: [0, 0, 0], thresholds: [700, 10, 10] },
        rssBytes: (50 << 20) + atMs * 8,
        anonBytes: (40 << 20) + atMs * 8,
      }),
    });
    expect(leaks.map(({ cause, confidence, holder }) => [cause, confidence, holder.kind])).toEqual([
      ["L7", "proved", "garbage-cycle"],
    ]);
    expect(verdict).toBe("leak");
  });
});

describe("what a call under way holds", () => {
  const handler = (rows: number): string =>
    `thread 'Thread-1' answer() rows: list(${rows * 8}) [ ${Array.from({ length: rows }, () => "str(900)").join(", ")} ]`;
  const told = (sizes: readonly number[], sample?: Told["sample"]): Diagnosis =>
    diagnose({ heaps: sizes.map(handler), ...(sample === undefined ? {} : { sample }) });
  const growing = (used: (atMs: number) => number) => (atMs: number) => ({
    rssBytes: (50 << 20) + atMs * 20,
    anonBytes: (40 << 20) + atMs * 20,
    allocator: { arenaBytes: 60 << 20, usedBytes: used(atMs), freeBytes: 1 << 20, isEstimate: false },
  });
  const comesAndGoes = growing((atMs) => (20 << 20) + ((atMs / 500) % 7) * (1 << 20));
  const stays = growing((atMs) => (20 << 20) + atMs * 20);

  it("is nobody's leak, however much more of it the last snapshot met", () => {
    for (const sizes of [
      [0, 900],
      [20, 900],
      [0, 20, 900],
    ]) {
      const { leaks, verdict } = told(sizes, comesAndGoes);
      expect([leaks, verdict]).toEqual([[], "steady"]);
    }
  });

  it("is a leak when all that is in use rose with it, and hardly fell", () => {
    expect(told([10, 900], stays).verdict).toBe("leak");
  });
});

it("garbage that is put out of the collector's reach is suspected, though two snapshots only have seen it", () => {
  const cycles = (count: number): string =>
    Array.from({ length: count }, (_, at) => `garbage: n${at}@Node(500) { other: Node(500) { other: @n${at} } }`).join(
      "\n",
    );
  const diagnosed = (frozen: boolean): Diagnosis =>
    diagnose({
      heaps: [cycles(50), cycles(400)],
      meta: (at) => ({
        collector: {
          enabled: true,
          collecting: false,
          generations: [],
          permanentObjects: frozen ? 100 + at * 700 : 0,
        },
        liveBytes: (20 << 20) + at * (6 << 20),
      }),
      sample: (atMs) => ({ rssBytes: (50 << 20) + atMs * 100, anonBytes: (40 << 20) + atMs * 100 }),
    });
  const { verdict, leaks } = diagnosed(true);
  expect([verdict, ...leaks.map(({ cause, holder }) => `${cause} ${holder.kind}`)]).toEqual([
    "suspect",
    "L7 garbage-cycle",
  ]);
  expect(diagnosed(false)).toMatchObject({ verdict: "growing", leaks: [] });
});

describe("a table of weak references", () => {
  it("is not blamed beside the list that keeps the objects", () => {
    const both = (count: number): string => {
      const ids = Array.from({ length: count }, (_, at) => at);
      return `modules['app'].JOBS: list [ ${ids.map((id) => `j${id}@Session(2000) {}`).join(", ")} ]
        modules['app'].seen: set [ ${ids.map(() => "weakref.KeyedRef(72) {}").join(", ")} ]`;
    };
    const { leaks } = diagnose({
      heaps: [both(20), both(140)],
      followed: { "sys.modules['app'].JOBS": ramp(20, 140), "sys.modules['app'].seen": ramp(20, 140) },
    });
    expect(leaks.map(({ holder }) => holder.path)).toEqual(["sys.modules['app'].JOBS"]);
  });
});

it("a place with a container inside is judged by its own", () => {
  const pool = (count: number): string =>
    `modules['app'].POOL: list [ ${Array.from({ length: count }, () => "dict(400) { 'a': int, 'b': int }").join(", ")} ]`;
  const judged = judgeObservation(
    observe({
      heaps: [pool(5), pool(25)],
      followed: {
        "sys.modules['app'].POOL": [...ramp(5, 25, 40), ...ramp(25, 25, 81)],
        "sys.modules['app'].POOL[0]": ramp(2, 900),
      },
    }),
  );
  const [place] = judged.places.filter(({ growth }) => growth.holder.path === "sys.modules['app'].POOL");
  expect(place!.track!.series.values[120]).toBe(25);
  expect(place!.node).not.toBe(0 as NodeIx);
});
