// Caches of several workers become one line each.

import { describe, expect, it } from "vitest";
import { mergeCaches } from "../../src/govern/merge-caches.ts";
import type { ProcessCache } from "../../src/model/cache-inventory.ts";
import { aHolder } from "../report/example-holders.ts";

function cache(name: string, pid: number, change: Partial<ProcessCache["worker"]> = {}): ProcessCache {
  return {
    name,
    family: "functools.lru_cache",
    origin: "program",
    holder: aHolder(name, "cache", "functools._lru_cache_wrapper"),
    file: "/srv/app.py",
    line: 3,
    bound: { kind: "entries", entries: 10 },
    keys: null,
    declared: null,
    notes: [],
    worker: {
      pid,
      entries: 2,
      hits: 5,
      misses: 1,
      retainedBytes: 100,
      sharedBytes: 10,
      loads: null,
      window: null,
      ...change,
    },
  };
}

describe("caches of several workers", () => {
  it("are summed up by name, largest first", () => {
    const merged = mergeCaches([cache("a", 1), cache("b", 1, { retainedBytes: 500 }), cache("a", 2)]);
    expect(
      merged.map(({ name, entries, hits, retainedBytes, workers }) => [
        name,
        entries,
        hits,
        retainedBytes,
        workers.length,
      ]),
    ).toEqual([
      ["b", 2, 5, 500, 1],
      ["a", 4, 10, 200, 2],
    ]);
  });
  it("have no sum where one of them does not know", () => {
    expect(mergeCaches([cache("a", 1), cache("a", 2, { hits: null })])[0]).toMatchObject({ hits: null, misses: 2 });
  });
  it("of one per instance are one line, and one row per process", () => {
    const [folded, ...others] = mergeCaches([cache("C[0].f", 1), cache("C['x'].f", 1), cache("C[7].f", 2)]);
    expect(others).toEqual([]);
    expect(folded).toMatchObject({ name: "C[*].f", copies: 3, entries: 6 });
    expect(folded?.workers.map(({ pid, entries }) => [pid, entries])).toEqual([
      [1, 4],
      [2, 2],
    ]);
  });
  it("say no bound where the workers differ", () => {
    const other = { ...cache("a", 2), bound: { kind: "entries", entries: 20 } as const };
    expect(mergeCaches([cache("a", 1), other])[0]?.bound).toEqual({ kind: "unknown" });
  });
  it("add up their windows, and the same hazards", () => {
    const window = { seconds: 5, hits: 1, misses: 2, growth: 3 };
    const hazard = { kind: "nan", entries: 2, because: "Two." } as const;
    const keys = { looked: 4, spellings: [{ types: "float", entries: 4 }], hazards: [hazard] };
    const one = { ...cache("a", 1, { window }), keys };
    const two = {
      ...cache("a", 2, { window }),
      keys: { ...keys, hazards: [{ ...hazard, entries: 5, because: "Five." }] },
    };
    expect(mergeCaches([one, two])[0]).toMatchObject({
      window: { seconds: 5, hits: 2, misses: 4, growth: 6 },
      keys: { looked: 8, spellings: [{ types: "float", entries: 8 }], hazards: [{ entries: 7, because: "Five." }] },
    });
  });
});
