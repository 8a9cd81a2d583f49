import fc from "fast-check";
import { expect, test } from "vitest";
import { pathTo, reach, tierOf } from "../../src/graph/reach.ts";
import { NO_NODE } from "../../src/graph/ref-graph.ts";
import { graph } from "../support/graph-language.ts";
import { anySample, reachable, targetsOf } from "../support/graph-oracles.ts";

test("a path through a lower tier wins over a shorter one from a higher tier", () => {
  const drawn = graph("modules -> app -> cache -> row; frame -> row; frame -> local");
  const found = reach(drawn.graph, [drawn.ids("modules"), drawn.ids("frame")]);
  expect([...pathTo(drawn.graph, found, drawn.id("row"))].map(drawn.name)).toEqual(["modules", "app", "cache", "row"]);
  expect(found.reachedPerTier).toEqual([4, 2]);
  expect(tierOf(drawn.graph, found, drawn.id("row"))).toBe(0);
  expect(tierOf(drawn.graph, found, drawn.id("local"))).toBe(1);
});

test("parents of roots are nodeCount plus the tier, of unreached nodes NO_NODE", () => {
  const drawn = graph("a -> b; c -> d; leaf; lost -> lostLeaf");
  const found = reach(drawn.graph, [drawn.ids("a a"), drawn.ids("b c leaf")]);
  const { nodeCount } = drawn.graph;
  expect([...found.parent]).toEqual([nodeCount, 0, nodeCount + 1, 2, nodeCount + 1, NO_NODE, NO_NODE]);
  expect(found.reachedPerTier).toEqual([2, 3]);
  expect(tierOf(drawn.graph, found, drawn.id("lost"))).toBe(-1);
  expect(pathTo(drawn.graph, found, drawn.id("lostLeaf"))).toHaveLength(0);
});

test("tiers settle what they reach; within a tier every path is a shortest one", () => {
  fc.assert(
    fc.property(anySample(), fc.array(fc.nat(13), { maxLength: 3 }), ({ graph: g, roots }, more) => {
      const tiers = [roots, Uint32Array.from(more.filter((node) => node < g.nodeCount))];
      const found = reach(g, tiers);
      const settled = new Map<number, { tier: number; length: number }>();
      for (const [tier, starts] of tiers.entries()) {
        let ring = [...starts];
        for (let length = 1; ring.length > 0; length++) {
          ring = [...new Set(ring)].filter((node) => !settled.has(node));
          for (const node of ring) settled.set(node, { tier, length });
          ring = ring.flatMap((node) => targetsOf(g, node));
        }
      }
      for (let node = 0; node < g.nodeCount; node++) {
        const path = pathTo(g, found, node);
        expect(tierOf(g, found, node)).toBe(settled.get(node)?.tier ?? -1);
        expect(path).toHaveLength(settled.get(node)?.length ?? 0);
        for (let at = 1; at < path.length; at++) expect(targetsOf(g, path[at - 1]!)).toContain(path[at]);
      }
      const first = reachable(g, roots).size;
      expect(found.reachedPerTier).toEqual([first, settled.size - first]);
    }),
  );
});
