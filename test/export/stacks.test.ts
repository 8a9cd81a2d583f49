// Flame graphs of retention: the width of a frame is what would be freed with it, and all of it together is the heap.

import { Profile } from "pprof-format";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { analyse } from "../../src/heap/analyse.ts";
import { retentionStacks, retentionTree } from "../../src/heap/queries/retention-tree.ts";
import type { RetentionRow } from "../../src/model/page-reports.ts";
import type { NodeIx } from "../../src/base/brand.ts";
import { shallowBytesOf } from "../../src/heap/analysis/edges.ts";
import type { Snapshot } from "../../src/heap/snapshot.ts";
import { anySnapshot } from "../support/any-snapshot.ts";
import { heap } from "../support/snapshot-language.ts";
import { exported, exportedText } from "./export-text.ts";

const SHOP = `
  modules['app'].REGISTRY: dict(1000) { 'a': Session { rows: list(500) [ 3 * str(100) ] }, 'b': Session { rows: list(500) [] } }
  modules['app'].handler: def 'make.<locals>.handler' at '/srv/app.py':31 { closure seen: list(900) [ 9 * str(100) ] }
  garbage: a@Node { other: Node { other: @a } }
`;

function rowsOf(snapshot: Snapshot, leastShare?: number): RetentionRow {
  return retentionTree(analyse(snapshot), leastShare === undefined ? {} : { leastShare });
}

function row(from: RetentionRow, ...labels: readonly string[]): RetentionRow {
  const [label, ...rest] = labels;
  if (label === undefined) return from;
  const found = from.below.find((each) => each.label === label);
  if (found === undefined) throw new Error(`no ${label} among ${from.below.map((each) => each.label).join(", ")}`);
  return row(found, ...rest);
}

describe("the tree of what holds what", () => {
  it("has every byte and every object of the heap once, garbage included, however finely it is divided", () => {
    fc.assert(
      fc.property(anySnapshot(), fc.constantFrom(0, 0.01, 2), (snapshot, leastShare) => {
        const analysis = analyse(snapshot);
        const stacks = [...retentionStacks(retentionTree(analysis, { leastShare }))];
        const { nodeCount } = snapshot.refs;
        const reachable = analysis.retainedCounts[nodeCount] ?? 0;
        const total = stacks.reduce((sum, { count }) => sum + count, 0);
        // Row 0 is no object; something may refer to it all the same.
        expect(reachable + analysis.garbage.count - total).toBeOneOf([0, 1]);
        const bytes = stacks.reduce((sum, stack) => sum + stack.bytes, 0);
        const wanted = (analysis.retainedBytes[nodeCount] ?? 0) + analysis.garbage.shallowBytes;
        const unreadable = shallowBytesOf(snapshot, 0 as NodeIx);
        // Sizes of any snapshot go up to 2^53, beyond which sums are rounded.
        const isClose = (sum: number): boolean => Math.abs(bytes - sum) <= wanted * 1e-12;
        expect(isClose(wanted) || isClose(wanted - unreadable)).toBe(true);
      }),
    );
  });

  it("names what holds much by the step that leads to it", () => {
    const registry = row(rowsOf(heap(SHOP), 0.05), "sys.modules", "module app", "global REGISTRY");
    expect([registry.ownBytes, registry.ownCount]).toEqual([1000, 1]);
  });

  it("puts what is small together by type", () => {
    const registry = row(rowsOf(heap(SHOP), 0.3), "sys.modules", "module app", "global REGISTRY");
    expect(registry.below.map(({ label, ownCount }) => `${ownCount} ${label}`)).toContain("2 app.Session");
    expect(row(registry, "app.Session", "list").ownBytes).toBe(1000);
    expect(row(registry, "app.Session", "list", "str").ownCount).toBe(3);
  });

  it("says where a closure's name stands", () => {
    const tree = rowsOf(heap(SHOP), 0.05);
    const found = [...retentionStacks(tree)].flatMap(({ rows }) => rows).find(({ label }) => label.includes("seen"));
    expect(found).toMatchObject({ file: "/srv/app.py", line: 31 });
  });

  it("keeps garbage apart, by type", () => {
    expect(row(rowsOf(heap(SHOP)), "<garbage cycle>", "app.Node").ownCount).toBe(2);
  });

  it("counts a chain of links as one row", () => {
    const chain = "Link { next: ".repeat(300) + "Link {}" + " }".repeat(300);
    const tree = rowsOf(heap(`modules['app'].HEAD: ${chain}`), 2);
    const stacks = [...retentionStacks(tree)];
    expect(stacks.find(({ rows }) => rows.at(-1)?.label === "app.Link")?.count).toBe(301);
    expect(Math.max(...stacks.map(({ rows }) => rows.length))).toBeLessThan(10);
  });
});

describe("its files", () => {
  it("collapsed: one line per stack", () => {
    const lines = exportedText(heap(SHOP), "collapsed").trimEnd().split("\n");
    expect(lines.find((line) => line.includes("global_REGISTRY "))).toBe("sys.modules;module_app;global_REGISTRY 1000");
    expect(lines.every((line) => /^\S+ \d+$/.test(line))).toBe(true);
  });

  it("speedscope: weights that add up, frames that exist", () => {
    const { shared, profiles } = JSON.parse(exportedText(heap(SHOP), "speedscope")) as {
      shared: { frames: { name: string; file?: string; line?: number }[] };
      profiles: { unit: string; endValue: number; samples: number[][]; weights: number[] }[];
    };
    expect(profiles.map(({ unit }) => unit)).toEqual(["bytes", "none"]);
    for (const { endValue, samples, weights } of profiles) {
      expect(weights.length).toBe(samples.length);
      expect(weights.reduce((sum, weight) => sum + weight, 0)).toBe(endValue);
      expect(samples.flat().every((frame) => shared.frames[frame] !== undefined)).toBe(true);
    }
    expect(profiles[0]?.endValue).toBe(rowsOf(heap(SHOP)).retainedBytes);
  });

  it("pprof: innermost first, bytes and objects, places in the source", () => {
    const profile = Profile.decode(exported(heap(SHOP), "pprof"));
    const text = (index: number | bigint): string => profile.stringTable.strings[Number(index)] ?? "?";
    expect(profile.sampleType.map(({ type, unit }) => `${text(type)} ${text(unit)}`)).toEqual([
      "inuse_objects count",
      "inuse_space bytes",
    ]);
    const functionOf = new Map(profile.function.map((each) => [each.id, each]));
    const locationOf = new Map(
      profile.location.map((each) => [each.id, functionOf.get(each.line[0]?.functionId ?? 0)]),
    );
    const stacks = profile.sample.map(({ locationId, value }) => ({
      names: locationId.map((id) => text(locationOf.get(id)?.name ?? 0)),
      value: value.map(Number),
    }));
    expect(stacks).toContainEqual({ names: ["global REGISTRY", "module app", "sys.modules"], value: [1, 1000] });
    const files = profile.function.map(({ filename, startLine }) => `${text(filename)}:${startLine}`);
    expect(files).toContain("/srv/app.py:31");
  });
});
