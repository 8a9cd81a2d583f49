import fc from "fast-check";
import { expect, test } from "vitest";
import { garbageGroups } from "../../src/graph/garbage-groups.ts";
import { stronglyConnected } from "../../src/graph/strongly-connected.ts";
import { graph } from "../support/graph-language.ts";
import { anySample, bytesOf, reachable, targetsOf } from "../support/graph-oracles.ts";
import type { RefGraph } from "../../src/graph/ref-graph.ts";

const NONE: ReadonlyMap<number, number> = new Map();

/** What `start` reaches inside the subset, by at least one edge. */
function reachedInside(g: RefGraph, members: ReadonlySet<number>, start: number): Set<number> {
  const outside = new Set([...Array(g.nodeCount).keys()].filter((node) => !members.has(node)));
  return reachable(g, targetsOf(g, start), outside);
}

test("nodes that reach each other form a component; what they refer to has a smaller id", () => {
  const drawn = graph("a -> b -> c -> a; c -> tail; head -> a");
  const { component, sizes } = stronglyConnected(drawn.graph, drawn.ids("head a b c tail"));
  const [head, a, b, c, tail] = component;
  expect([a, b, c]).toEqual([b, c, a]);
  expect([...sizes].sort((x, y) => x - y)).toEqual([1, 1, 3]);
  expect(head).toBeGreaterThan(a!);
  expect(a).toBeGreaterThan(tail!);
});

test("components are mutual reachability inside the subset, in reverse order of reference", () => {
  fc.assert(
    fc.property(anySample(), fc.infiniteStream(fc.boolean()), ({ graph: g }, stream) => {
      const members = new Set([...Array(g.nodeCount).keys()].filter(() => stream.next().value === true));
      const list = Uint32Array.from(members);
      const { component, sizes } = stronglyConnected(g, list);
      expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(list.length);
      for (const [one, first] of list.entries()) {
        const below = reachedInside(g, members, first);
        for (const [two, second] of list.entries()) {
          const mutual = one === two || (below.has(second) && reachedInside(g, members, second).has(first));
          expect(component[one] === component[two]).toBe(mutual);
          if (below.has(second)) expect(component[one]).toBeGreaterThanOrEqual(component[two]!);
        }
      }
    }),
    { numRuns: 500 },
  );
});

test("a knot owns what only it reaches; what two knots reach is a group of its own", () => {
  const drawn = graph("a:1 -> b:10 -> a; b -> onlyB:100; self:1 -> self; self -> both:5; b -> both; a -> live");
  const members = drawn.ids("a b onlyB self both");
  const groups = garbageGroups(drawn.graph, members, drawn.sizes, NONE);
  expect([...groups.groupOf]).toEqual([0, 0, 0, 1, 2]);
  expect([...groups.top].map(drawn.name)).toEqual(["a", "self", "both"]);
  expect([...groups.counts]).toEqual([3, 1, 1]);
  expect([...groups.bytes]).toEqual([111, 1, 5]);
  expect([...groups.cycles]).toEqual([1, 1, 0]);
});

test("all members of a group are reached from its top, and from no member outside the group except through it", () => {
  fc.assert(
    fc.property(anySample(), ({ graph: g, roots, sizes }) => {
      const live = reachable(g, roots);
      const members = new Set([...Array(g.nodeCount).keys()].filter((node) => !live.has(node)));
      const list = Uint32Array.from(members);
      const { groupOf, top, counts, bytes, cycles } = garbageGroups(g, list, sizes, NONE);
      for (const [group, start] of top.entries()) {
        const inGroup = [...list].filter((_, at) => groupOf[at] === group);
        const fromTop = reachedInside(g, members, start).add(start);
        const knot = inGroup.filter(
          (node) => node === start || (fromTop.has(node) && reachedInside(g, members, node).has(start)),
        );
        expect(counts[group]).toBe(inGroup.length);
        expect(bytes[group]).toBe(bytesOf(sizes, inGroup));
        for (const node of inGroup) expect(fromTop.has(node)).toBe(true);
        const hold = [...members].filter((node) =>
          targetsOf(g, node).some((target) => inGroup.includes(target) && !knot.includes(target)),
        );
        for (const node of hold) expect(inGroup).toContain(node);
        const turning = inGroup.filter((node) => reachedInside(g, members, node).has(node));
        const knots = new Set(
          turning.map((node) =>
            turning.find(
              (other) =>
                other === node ||
                (reachedInside(g, members, node).has(other) && reachedInside(g, members, other).has(node)),
            ),
          ),
        );
        expect(cycles[group]).toBe(knots.size);
      }
    }),
    { numRuns: 500 },
  );
});

test("groups are as large as can be: their tops are not reached from one group alone", () => {
  fc.assert(
    fc.property(anySample(), ({ graph: g, sizes }) => {
      const list = Uint32Array.from(sizes.keys());
      const { groupOf, top } = garbageGroups(g, list, sizes, NONE);
      for (const [group] of top.entries()) {
        const holders = new Set(
          [...list]
            .filter((node) => groupOf[node] !== group && targetsOf(g, node).some((target) => groupOf[target] === group))
            .map((node) => groupOf[node]),
        );
        expect(holders.size).not.toBe(1);
      }
    }),
    { numRuns: 500 },
  );
});
