// The harness itself: the target stands still, its truth is consistent, and the comparison notices every kind of error.

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import type { Snapshot } from "../../../src/heap/snapshot.ts";
import { describeInterpreter, readableInterpreters } from "../interpreters.ts";
import { compareWithTruth } from "./compare.ts";
import { explainSize, type SizeDifference } from "./explain-size.ts";
import { addressOfNode, nodeAt } from "./node-address.ts";
import { snapshotFromTruth } from "./snapshot-from-truth.ts";
import { decodeU64, type HeapTruth, startTarget, type TruthTarget } from "./truth.ts";

const ENTRIES = 20_000;

for (const python of readableInterpreters()) {
  describe(`a target on ${describeInterpreter(python)}`, () => {
    let target: TruthTarget;
    let truth: HeapTruth;
    beforeAll(async () => {
      target = await startTarget(python, ENTRIES);
      truth = await target.truth();
    });
    afterAll(() => target[Symbol.dispose]());

    it("tells the same truth twice", async () => {
      const again = await target.truth();
      expect(same(again.gc.id, truth.gc.id) && same(again.gc.size, truth.gc.size)).toBe(true);
      expect(same(again.leaves.id, truth.leaves.id) && same(again.leaves.type, truth.leaves.type)).toBe(true);
      expect(same(again.sample.target, truth.sample.target)).toBe(true);
      expect(again.caches).toEqual(truth.caches);
    });

    it("names every object once, with a type it describes", () => {
      const ids = [...truth.gc.id, ...truth.leaves.id];
      expect(new Set(ids).size).toBe(ids.length);
      expect(ids.filter((id) => truth.ownIds.has(id))).toEqual([]);
      expect([...truth.gc.type, ...truth.leaves.type].every((type) => truth.types.has(type))).toBe(true);
      expect(truth.gc.id.length).toBeGreaterThan(20_000);
    });

    it("leaves no referent unexplained", () => {
      const known = new Set([...truth.gc.id, ...truth.leaves.id, ...truth.ownIds]);
      expect([...truth.sample.target].filter((id) => !known.has(id))).toEqual([]);
      expect(truth.sample.randomCount).toBe(2000);
    });

    it("has the exotic types, the caches and the landmarks", () => {
      const names = new Set([...truth.types.values()].map(({ name }) => name));
      for (const name of [
        "app.Big",
        "app.DictSlotted",
        "collections.deque",
        "generator",
        "coroutine",
        "async_generator",
      ]) {
        expect(names).toContain(name);
      }
      const bounded = truth.caches.find(({ name }) => name === "bounded");
      expect(bounded).toMatchObject({ hits: 300, misses: 700, maxsize: 500, currsize: 500 });
      expect(truth.caches.find(({ name }) => name === "unbounded")).toMatchObject({ maxsize: null, currsize: 300 });
      const known = new Set([...truth.gc.id, ...truth.leaves.id]);
      expect(Object.entries(truth.landmarks).filter(([, id]) => !known.has(id))).toEqual([]);
    });

    // Last: these change the heap.
    it("grows by whole records, and has no garbage but what was planted", async () => {
      expect(await target.grow(100)).toBe(Math.floor(ENTRIES / 33) + 100);
      const grown = await target.truth();
      // From 3.14 on a tuple of plain values is not tracked from its beginning; before, not from the first collection on.
      const perRecord = (python.minor >= 14 ? ["dict", "list"] : ["dict", "list", "tuple"]).length;
      expect(grown.gc.id.length - truth.gc.id.length).toBe(100 * perRecord);
      expect(truth.garbage).toMatchObject({ cycles: 1000, objects: 3000 });
      const perCycle = ["dict", "list"].length; // its string is not the collector's business
      expect(await target.collect()).toBe(1000 * perCycle);
    });
  });
}

describe("the comparison", () => {
  let truth: HeapTruth;
  let perfect: Snapshot;
  beforeAll(async () => {
    using target = await startTarget(readableInterpreters().at(-1)!, ENTRIES);
    truth = await target.truth();
    perfect = snapshotFromTruth(truth);
  });

  it("finds nothing in a snapshot made from the truth", () => {
    const found = compareWithTruth(perfect, truth);
    expect(found.gc).toMatchObject({ missing: 0, typeMismatches: 0, sizesEqual: truth.gc.id.length });
    expect(found.sizeShare).toBe(1);
    expect(found.randomSample).toMatchObject({ objects: 2000, exact: 2000, missed: 0, extra: 0 });
    expect(found.typeSample.missed + found.typeSample.extra).toBe(0);
    expect(found.cacheDifferences).toEqual([]);
    expect(found.byType.print()).toBe("");
  });

  it("notices a missing object", () => {
    const gone = nodeAt(perfect.nodes, truth.gc.id[100]!)!;
    const addressLow = perfect.nodes.addressLow.slice();
    addressLow[gone]! += 4;
    const found = compareWithTruth({ ...perfect, nodes: { ...perfect.nodes, addressLow } }, truth);
    expect(found.gc.missing).toBe(1);
  });

  it("notices a wrong type", () => {
    const node = nodeAt(perfect.nodes, truth.gc.id[100]!)!;
    const type = perfect.nodes.type.slice();
    type[node] = type[node] === 1 ? 2 : 1;
    expect(compareWithTruth({ ...perfect, nodes: { ...perfect.nodes, type } }, truth).gc.typeMismatches).toBe(1);
  });

  it("tells instance values from wrong sizes", () => {
    const user = [...truth.types.values()].find(({ name }) => name === "app.User")!;
    const address = nodeAt(perfect.nodes, truth.gc.id[truth.gc.type.indexOf(user.id)]!)!;
    const list = [...truth.types.values()].find(({ name }) => name === "list")!;
    const other = nodeAt(perfect.nodes, truth.gc.id[truth.gc.type.indexOf(list.id)]!)!;
    const shallowBytes = perfect.nodes.shallowBytes.slice();
    // Room for four attributes.
    const valuesBytes = truth.minor >= 13 ? 48 : 40;
    shallowBytes[address]! += valuesBytes;
    shallowBytes[other]! += valuesBytes;
    const found = compareWithTruth({ ...perfect, nodes: { ...perfect.nodes, shallowBytes } }, truth);
    expect(found.gc.sizesEqual).toBe(truth.gc.id.length - 2);
    expect(found.gc.sizesExplained).toBe(truth.minor >= 11 ? 1 : 0);
    expect(found.byType.count("list", "wrong size")).toBe(1);
    expect(found.byType.print()).toMatch(/^list .*wrong size 1 \[\d+ for \d+\]/m);
  });

  it("notices missed and extra edges", () => {
    const row = truth.sample.start.findIndex((start, i) => truth.sample.start[i + 1]! > start);
    const node = nodeAt(perfect.nodes, truth.sample.id[row]!)!;
    const edgeTarget = perfect.refs.edgeTarget.slice();
    const edge = perfect.refs.edgeStart[node]!;
    const lost = edgeTarget[edge];
    const stranger = nodeAt(perfect.nodes, truth.landmarks["app.cache"]!)!;
    edgeTarget[edge] = stranger;
    const found = compareWithTruth({ ...perfect, refs: { ...perfect.refs, edgeTarget } }, truth);
    expect(lost).not.toBe(stranger);
    expect(found.randomSample.exact).toBeLessThan(2000);
    expect(found.randomSample.missed).toBeGreaterThanOrEqual(1);
    expect(found.randomSample.extra).toBeGreaterThanOrEqual(1);
  });

  it("notices wrong cache counters and counts what no root reaches", () => {
    const [first, ...others] = perfect.lruCaches;
    const found = compareWithTruth({ ...perfect, lruCaches: [{ ...first!, hits: -1 }, ...others], roots: [] }, truth);
    expect(found.cacheDifferences).toHaveLength(1);
    expect(found.unreachable.objects).toBe(perfect.nodes.count - 1);
  });

  it("maps every row to its address and back", () => {
    const { nodes } = perfect;
    const rows = Array.from({ length: nodes.count - 1 }, (_, i) => i + 1);
    expect(rows.every((row) => nodeAt(nodes, addressOfNode(nodes, row as never)) === row)).toBe(true);
    expect(nodeAt(nodes, 8)).toBeNull();
  });
});

function same(a: Float64Array, b: Float64Array): boolean {
  return a.length === b.length && a.every((value, i) => value === b[i]);
}

describe("explainSize", () => {
  const user = { id: 1, name: "app.User", flags: 1 << 9, basicsize: 16 };
  const managed = { ...user, flags: user.flags | (1 << 4) };
  const difference = { minor: 12, type: managed, surplus: 0, attributes: 0, heldBytes: [] };
  const explain = (change: Partial<SizeDifference>): string | null => explainSize({ ...difference, ...change });

  it("knows values beside an instance, from 3.11 on, by the sizes that CPython gives them", () => {
    // For six attributes: six words, and a byte for each and two more, rounded up; in 3.13 a header of a word and a byte for each.
    expect(explain({ surplus: 56, attributes: 4 })).toBe("values beside the instance");
    expect(explain({ surplus: 64, minor: 13 })).toBe("values beside the instance");
    expect(explain({ surplus: 64 })).toBeNull();
    expect(explain({ surplus: 56, attributes: 7 })).toBeNull();
    expect(explain({ surplus: 56, minor: 10 })).toBeNull();
    expect(explain({ surplus: 56, type: user })).toBeNull();
    expect(explain({ surplus: 30 * 8 + 32 })).toBe("values beside the instance");
    expect(explain({ surplus: 31 * 8 + 40 })).toBeNull();
  });

  it("knows dicts of instances", () => {
    const dict = { id: 3, name: "dict", flags: 0, basicsize: 48 };
    expect(explain({ minor: 13, type: dict, surplus: -40 })).toBe("values inside the instance");
    expect(explain({ minor: 13, type: dict, surplus: -31 * 8 })).toBeNull();
    expect(explain({ minor: 12, type: dict, surplus: -40 })).toBeNull();
  });

  it("knows subclasses of str by their own fields", () => {
    const text = { id: 4, name: "app.StrSub", flags: (1 << 9) | (1 << 28), basicsize: 96 };
    expect(explain({ minor: 10, type: text, surplus: 16 })).toBe("fields of a str subclass");
    expect(explain({ minor: 10, type: text, surplus: 8 })).toBeNull();
    expect(explain({ minor: 12, type: text, surplus: 16 })).toBeNull();
  });

  it("knows the buffers of io", () => {
    const bytes = { id: 5, name: "_io.BytesIO", flags: 0, basicsize: 80 };
    expect(explain({ minor: 11, type: bytes, surplus: -534, heldBytes: [534] })).toBe("buffer of a BytesIO");
    expect(explain({ minor: 11, type: bytes, surplus: -534, heldBytes: [500] })).toBeNull();
    expect(explain({ minor: 12, type: bytes, surplus: -534, heldBytes: [534] })).toBeNull();
    const text = { id: 6, name: "_io.StringIO", flags: 0, basicsize: 128 };
    expect(explain({ type: text, surplus: 60 })).toBe("characters of a StringIO");
    expect(explain({ type: text, surplus: 61 })).toBeNull();
    expect(explain({ type: text, surplus: 400 })).toBeNull();
  });

  it("knows recycled frames", () => {
    const frame = { id: 7, name: "frame", flags: 0, basicsize: 376 };
    expect(explain({ minor: 9, type: frame, surplus: 80 })).toBe("frame larger than its code needs");
    expect(explain({ minor: 9, type: frame, surplus: 84 })).toBeNull();
    expect(explain({ minor: 9, type: frame, surplus: 8000 })).toBeNull();
    expect(explain({ minor: 11, type: frame, surplus: 80 })).toBeNull();
  });
});

describe("decodeU64", () => {
  it("reads addresses beyond 32 bits", () => {
    expect([...decodeU64(Uint8Array.of(1, 0, 0, 0, 2, 0, 0, 0))]).toEqual([2 ** 33 + 1]);
  });
});
