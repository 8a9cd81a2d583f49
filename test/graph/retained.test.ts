import fc from "fast-check";
import { expect, test } from "vitest";
import { dominators } from "../../src/graph/dominators.ts";
import { type Grouping, retainedByGroup } from "../../src/graph/retained-by-group.ts";
import { freedWith, retainedBySet } from "../../src/graph/retained-by-set.ts";
import { memoryForRetained, retained } from "../../src/graph/retained.ts";
import { graph } from "../support/graph-language.ts";
import { anySample, bytesOf, lostWithout, reachable, type Sample } from "../support/graph-oracles.ts";

const NONE: ReadonlyMap<number, number> = new Map();

test("a holder retains what nothing else holds", () => {
  const drawn = graph("*root:1 -> cache:10 -> a:100, shared:1000; root -> shared; lost:7");
  const tree = dominators(drawn.graph, drawn.roots);
  const bytes = retained(tree, drawn.sizes, NONE).bytes;
  expect(bytes[drawn.id("cache")]).toBe(110);
  expect(bytes[drawn.id("root")]).toBe(1111);
  expect(bytes[drawn.id("lost")]).toBe(0);
  expect(bytes.at(-1)).toBe(1111);
  expect([...retained(tree, drawn.sizes, NONE).counts]).toEqual([4, 2, 1, 1, 0, 4]);
});

test("sizes beyond 32 bits are looked up, also in leaves and sums", () => {
  const drawn = graph("*root -> array:4294967295, other:4294967295");
  const tree = dominators(drawn.graph, drawn.roots);
  const bytes = retained(tree, drawn.sizes, new Map([[drawn.id("array"), 6e10]])).bytes;
  expect(bytes[drawn.id("array")]).toBe(6e10);
  expect(bytes[drawn.id("root")]).toBe(1 + 6e10 + 4294967295);
});

test("retained sizes and counts are what removal loses", () => {
  fc.assert(
    fc.property(anySample(), fc.boolean(), (sample, isReused) => {
      const memory = isReused ? memoryForRetained(sample.graph.nodeCount) : undefined;
      const tree = dominators(sample.graph, sample.roots, memory);
      const { bytes, counts } = retained(tree, sample.sizes, NONE, memory);
      for (let node = 0; node < sample.graph.nodeCount; node++) {
        const lost = lostWithout(sample, new Set([node]));
        expect(bytes[node]).toBe(bytesOf(sample.sizes, lost));
        expect(counts[node]).toBe(lost.length);
      }
      const all = reachable(sample.graph, sample.roots);
      expect(bytes[sample.graph.nodeCount]).toBe(bytesOf(sample.sizes, all));
      expect(counts[sample.graph.nodeCount]).toBe(all.size);
    }),
    { numRuns: 1000 },
  );
});

/** Two classes per group, so that neither is taken for the other. */
function groupedBy(groups: Uint16Array): Grouping {
  const classOf = groups.map((group, node) => group * 2 + (node & 1));
  return { classOf, groupOfClass: Uint16Array.of(0, 0, 1, 1, 2, 2), groupCount: 3 };
}

test("a type whose objects nest is counted once", () => {
  const drawn = graph("*root -> outer:1 -> inner:10 -> text:100; root -> other:1000");
  const tree = dominators(drawn.graph, drawn.roots);
  const bytes = retained(tree, drawn.sizes, NONE).bytes;
  const [nothing, list, text] = [0, 1, 2];
  const groups = groupedBy(Uint16Array.of(nothing, list, list, text, list));
  expect([...retainedByGroup(tree, groups, bytes)]).toEqual([1112, 1111, 100]);
  expect(retainedBySet(tree, drawn.ids("outer inner other"), bytes)).toBe(1111);
});

test("what two members hold together is missed by the sum and found by taking both away", () => {
  const drawn = graph("*root -> a:1, b:1; a -> both:50; b -> both");
  const tree = dominators(drawn.graph, drawn.roots);
  const bytes = retained(tree, drawn.sizes, NONE).bytes;
  const members = drawn.ids("a b");
  expect(retainedBySet(tree, members, bytes)).toBe(2);
  expect(freedWith(drawn.graph, drawn.roots, members, drawn.sizes, NONE, bytes.at(-1)!)).toBe(52);
});

/** Members that no other member dominates, found by removal. */
function uppermost(sample: Sample, members: ReadonlySet<number>): number[] {
  const alive = reachable(sample.graph, sample.roots);
  return [...members].filter((member) => {
    if (!alive.has(member)) return false;
    return ![...members].some((other) => other !== member && lostWithout(sample, new Set([other])).includes(member));
  });
}

test("retained by group and by set agree with removing the uppermost members", () => {
  fc.assert(
    fc.property(anySample(), fc.infiniteStream(fc.nat(2)), (sample, stream) => {
      const groups = Uint16Array.from(sample.sizes, () => stream.next().value ?? 0);
      const tree = dominators(sample.graph, sample.roots);
      const bytes = retained(tree, sample.sizes, NONE).bytes;
      const totals = retainedByGroup(tree, groupedBy(groups), bytes);
      for (let group = 0; group < 3; group++) {
        const members = new Set([...groups.keys()].filter((node) => groups[node] === group));
        const expected = uppermost(sample, members).reduce(
          (sum, member) => sum + bytesOf(sample.sizes, lostWithout(sample, new Set([member]))),
          0,
        );
        expect(totals[group]).toBe(expected);
        const twice = Uint32Array.from([...members, ...members]);
        expect(retainedBySet(tree, twice, bytes)).toBe(expected);
        const freed = freedWith(sample.graph, sample.roots, twice, sample.sizes, NONE, bytes.at(-1)!);
        expect(freed).toBe(bytesOf(sample.sizes, lostWithout(sample, members)));
        expect(freed).toBeGreaterThanOrEqual(expected);
      }
    }),
    { numRuns: 300 },
  );
});
