// The whole way from a running process to its analysed heap, held against what the process itself says about the same
// heap, on every interpreter of this machine. The figures of the README come from the table that this prints.

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readProcess } from "../../src/app/read-target.ts";
import type { NodeIx } from "../../src/base/brand.ts";
import { topByValue } from "../../src/graph/top-by-value.ts";
import { shallowBytesOf } from "../../src/heap/analysis/edges.ts";
import { analyse, type HeapAnalysis, isGarbage } from "../../src/heap/analyse.ts";
import { pathOf } from "../../src/heap/paths/path-of.ts";
import type { Snapshot } from "../../src/heap/snapshot.ts";
import { describeInterpreter, outsideInterpreters, type TestInterpreter } from "../support/interpreters.ts";
import { compareWithTruth, type TruthComparison } from "../support/truth/compare.ts";
import { nodeAt } from "../support/truth/node-address.ts";
import { lostBytesWithout } from "../support/truth/removal.ts";
import { type HeapTruth, startTarget, type TruthTarget } from "../support/truth/truth.ts";

/** Some 190,000 objects, so that the libraries' share, most of all static types and interned names, is small. */
const ENTRIES = 80_000;
const SUPPORTED_MINORS = [8, 9, 10, 11, 12, 13, 14, 15];

/** Where gc.get_referents knows of an edge that cannot be seen from outside; any other missed edge is a defect. */
const INVISIBLE: readonly { readonly type: string; readonly since: number; readonly why: string }[] = [
  { type: "PyCapsule", since: 13, why: "its traverse function visits a C struct that only the extension module knows" },
  { type: "sys.flags", since: 15, why: "one of its fields is hidden behind what its length counts" },
];
/** The same without a GIL. */
const INVISIBLE_FREE_THREADED = [
  { type: "sys.flags", since: 13, why: "two of its fields are hidden behind what its length counts" },
  { type: "module", since: 14, why: "_decimal keeps its exceptions in a table in C memory" },
];

/** How a person would write these places down. `<line>` stands for a line of app.py. */
const PATHS: Readonly<Record<string, string>> = {
  "app.cache": "sys.modules['app'].cache",
  "app.cache['k7']['meta']": "sys.modules['app'].cache['k7']['meta']",
  "app.registry['users']": "sys.modules['app'].registry['users']",
  "app.registry['users'][7].address": "sys.modules['app'].registry['users'][7].address",
  "app.registry['points'][7].x": "sys.modules['app'].registry['points'][7].x",
  "app.WithMeta.shared": "sys.modules['app'].WithMeta.shared",
  "app.bounded": "sys.modules['app'].bounded",
  "app.unbounded entry 7": "app.unbounded.<lru_cache>[7].result",
  "closure rows": "<closure make_closure at app.py:<line>>.rows",
  "generator before": "<generator delegating at app.py:<line>> local before",
  "worker-1 handle rows": 'thread "worker-1" in handle() local rows',
  "main thread": "sys.modules['threading']._main_thread",
};

interface ReadTarget {
  readonly target: TruthTarget;
  readonly snapshot: Snapshot;
  readonly truth: HeapTruth;
  readonly compared: TruthComparison;
  readonly analysis: HeapAnalysis;
}

const interpreters = outsideInterpreters();
const table: string[] = [];

describe.each(interpreters.map((python) => [describeInterpreter(python), python] as const))("%s", (_, python) => {
  let read: ReadTarget;
  beforeAll(async () => {
    read = await readTruthTarget(python);
    table.push(tableRow(describeInterpreter(python), read));
  });
  afterAll(() => read.target[Symbol.dispose]());

  it("finds every object with its type", () => {
    const { gc, leaves } = read.compared;
    // The collector of 3.13 without a GIL forgets more tuples.
    expect(gc.compared).toBeGreaterThan(55_000);
    expect(leaves.compared).toBeGreaterThan(60_000);
    expect([gc.missing, gc.typeMismatches, leaves.missing, leaves.typeMismatches]).toEqual([0, 0, 0, 0]);
  });

  it("gives the sizes of sys.getsizeof, or more for a reason", () => {
    const { sizeShare, explainedSizeShare, byType } = read.compared;
    expect(explainedSizeShare, byType.print()).toBeGreaterThanOrEqual(0.997);
    // The difference is what 3.11 and later keep beside instances and sys.getsizeof leaves out.
    expect(sizeShare).toBeGreaterThanOrEqual(python.minor >= 11 ? 0.95 : 0.996);
  });

  it("misses no reference", () => {
    const { randomSample, typeSample, byType } = read.compared;
    expect(randomSample).toMatchObject({ objects: 2000, missed: 0 });
    expect(typeSample.objects).toBeGreaterThan(4000);
    const known = [...INVISIBLE, ...(python.build === "free-threaded" ? INVISIBLE_FREE_THREADED : [])]
      .filter(({ since }) => python.minor >= since)
      .map(({ type }) => type);
    expect(byType.types("missed edge").filter((type) => !known.includes(type))).toEqual([]);
  });

  it("makes few references up", () => {
    const { randomSample } = read.compared;
    expect(randomSample.exact / randomSample.objects).toBeGreaterThanOrEqual(0.985);
  });

  it("reads the counters of every lru_cache", () => {
    expect(read.compared.cachesCompared).toBeGreaterThanOrEqual(3);
    expect(read.compared.cacheDifferences).toEqual([]);
  });

  it("agrees with the refcounts", () => {
    expect(read.snapshot.meta.exactness).toBeGreaterThanOrEqual(0.985);
  });

  it("answers retained sizes as taking the object away does", () => {
    const { analysis, snapshot } = read;
    const lostWithout = lostBytesWithout(snapshot.refs, analysis.rooted.roots, (node) =>
      shallowBytesOf(snapshot, node),
    );
    for (const node of [...someReachable(analysis, 60), ...largest(analysis, 20)]) {
      const { bytes, objects } = lostWithout(node);
      expect([analysis.retainedBytes[node], analysis.retainedCounts[node]], pathOf(analysis, node).text).toEqual([
        bytes,
        objects,
      ]);
    }
  });

  it("names places as a person would write them", () => {
    const { analysis, snapshot, truth } = read;
    const written = Object.keys(PATHS).map((landmark) => {
      const { text } = pathOf(analysis, nodeAt(snapshot.nodes, truth.landmarks[landmark] ?? 0) ?? (0 as NodeIx));
      return [landmark, text.replace(/app\.py:\d+/, "app.py:<line>")];
    });
    expect(Object.fromEntries(written)).toEqual(PATHS);
  });

  // Last: this runs the target's collector.
  it("finds the garbage that was planted, and leaves it to the target to collect", async () => {
    const { analysis, snapshot, truth, target } = read;
    const { garbage } = analysis;
    expect([garbage.count, garbage.shallowBytes]).toEqual([truth.garbage.objects, truth.garbage.bytes]);
    expect(garbage.groups).toMatchObject([{ types: "dict, list, str", cycles: 1000 }]);
    const { enabled, collecting, generations } = snapshot.meta.collector;
    expect({ enabled, collecting }).toEqual({ enabled: false, collecting: false });
    const stats = generations.map(({ collections, collected, uncollectable }) => ({
      collections,
      collected,
      uncollectable,
    }));
    expect(stats).toEqual(truth.collector.stats);
    const tracked = ["dict", "list"].length; // the string in each cycle is not the collector's business
    expect(await target.collect()).toBe(truth.garbage.cycles * tracked);
  });
});

describe("together", () => {
  afterAll(() => {
    process.stdout.write(`${[TABLE_HEAD, ...table].join("\n")}\n`);
  });

  it(`covers ${interpreters.map(describeInterpreter).join(", ")}`, () => {
    expect(interpreters.length).toBeGreaterThan(0);
    expect(SUPPORTED_MINORS).toEqual(expect.arrayContaining(interpreters.map(({ minor }) => minor)));
    expect(table).toHaveLength(interpreters.length);
  });
});

async function readTruthTarget(python: TestInterpreter): Promise<ReadTarget> {
  const target = await startTarget(python, ENTRIES);
  const read = await readProcess(target.pid, { maxPauseMs: 5000, values: false, progress: () => {} });
  if (!read.ok) throw new Error(read.error.code);
  const truth = await target.truth();
  const snapshot = read.value;
  return { target, snapshot, truth, compared: compareWithTruth(snapshot, truth), analysis: analyse(snapshot) };
}

/** Reachable nodes spread over the heap, every other one a container; the same in every run over the same heap. */
function someReachable(analysis: HeapAnalysis, count: number): readonly NodeIx[] {
  const { nodeCount, edgeStart } = analysis.snapshot.refs;
  const found: NodeIx[] = [];
  for (let i = 1; found.length < count; i++) {
    const node = (1 + ((Math.imul(i, 0x9e3779b1) >>> 0) % (nodeCount - 1))) as NodeIx;
    const isContainer = edgeStart[node + 1]! > edgeStart[node]!;
    if (!isGarbage(analysis, node) && isContainer === (found.length % 2 === 0)) found.push(node);
  }
  return found;
}

function largest({ retainedBytes, snapshot }: HeapAnalysis, count: number): readonly NodeIx[] {
  return [...topByValue(retainedBytes, count, (node) => node > 0 && node < snapshot.refs.nodeCount)] as NodeIx[];
}

const TABLE_HEAD = "python                    objects    references exactness sizes   explained missed extra   garbage";

function tableRow(name: string, { snapshot, compared, analysis }: ReadTarget): string {
  const percent = (share: number): string => `${(share * 100).toFixed(2)} %`;
  const { randomSample, typeSample, sizeShare, explainedSizeShare } = compared;
  return [
    name.padEnd(25),
    String(snapshot.nodes.count - 1).padEnd(10),
    String(snapshot.refs.edgeTarget.length).padEnd(10),
    percent(snapshot.meta.exactness ?? 0).padEnd(9),
    percent(sizeShare).padEnd(7),
    percent(explainedSizeShare).padEnd(9),
    `${randomSample.missed}+${typeSample.missed}`.padEnd(6),
    `${randomSample.extra}+${typeSample.extra}`.padEnd(7),
    String(analysis.garbage.count),
  ].join(" ");
}
