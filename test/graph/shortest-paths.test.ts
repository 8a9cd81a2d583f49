import fc from "fast-check";
import { expect, test } from "vitest";
import { reach, tierOf } from "../../src/graph/reach.ts";
import { reverse } from "../../src/graph/reverse.ts";
import { shortestPathsTo } from "../../src/graph/shortest-paths.ts";
import type { RefGraph } from "../../src/graph/ref-graph.ts";
import { graph, type DrawnGraph } from "../support/graph-language.ts";
import { anySample, targetsOf } from "../support/graph-oracles.ts";

function namedPaths(drawn: DrawnGraph, tiers: readonly Uint32Array[], name: string, k: number): string[] {
  const found = reach(drawn.graph, tiers);
  const paths = shortestPathsTo(reverse(drawn.graph), found, drawn.id(name), k);
  return paths.map((path) => [...path].map(drawn.name).join(" "));
}

test("every holder gets its path, shortest first", () => {
  const drawn = graph("*root -> a -> x; root -> b -> c -> x; root -> x; x -> a");
  expect(namedPaths(drawn, [drawn.roots], "x", 9)).toEqual(["root x", "root a x", "root b c x"]);
  expect(namedPaths(drawn, [drawn.roots], "x", 2)).toEqual(["root x", "root a x"]);
});

test("a long path from a lower tier comes before a short one from a higher tier", () => {
  const drawn = graph("modules -> app -> cache -> x; frame -> x");
  const tiers = [drawn.ids("modules"), drawn.ids("frame")];
  expect(namedPaths(drawn, tiers, "x", 9)).toEqual(["modules app cache x", "frame x"]);
});

test("a root is its own path, and others that hold it follow; garbage has none", () => {
  const drawn = graph("*a -> x; *x -> y -> x; lost -> x");
  expect(namedPaths(drawn, [drawn.roots], "x", 9)).toEqual(["x", "a x"]);
  expect(namedPaths(drawn, [drawn.roots], "lost", 9)).toEqual([]);
});

/** All simple paths from a root to `node` that run through no other root, as text. */
function allPaths(g: RefGraph, roots: ReadonlySet<number>, node: number): number[][] {
  const done: number[][] = [];
  const extend = (path: readonly number[]): void => {
    const last = path.at(-1)!;
    if (last === node) done.push([...path]);
    for (const next of last === node ? [] : new Set(targetsOf(g, last))) {
      if (!path.includes(next) && (next === node || !roots.has(next))) extend([...path, next]);
    }
  };
  for (const root of roots) extend([root]);
  return done;
}

test("the paths are the first k of all simple paths, by tier and length", () => {
  fc.assert(
    fc.property(
      anySample(),
      fc.nat(13),
      fc.nat(13),
      fc.integer({ min: 1, max: 6 }),
      ({ graph: g, roots }, other, pick, k) => {
        const node = pick % g.nodeCount;
        const tiers = [roots, Uint32Array.of(other % g.nodeCount)];
        const found = reach(g, tiers);
        // A later root that an earlier tier reaches is no root of the forest any more.
        const tops = new Set([...roots, ...tiers[1]!].filter((root) => found.parent[root]! >= g.nodeCount));
        const cost = (path: Iterable<number>): string =>
          `tier ${tierOf(g, found, [...path][0]!)}, ${[...path].length} nodes`;
        const expected = allPaths(g, tops, node)
          .map(cost)
          .sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
        const paths = shortestPathsTo(reverse(g), found, node, k);
        expect(paths.map(cost)).toEqual(expected.slice(0, k));
        expect(new Set(paths.map(String)).size).toBe(paths.length);
        for (const path of paths) {
          expect(new Set(path).size).toBe(path.length);
          for (let at = 1; at < path.length; at++) expect(targetsOf(g, path[at - 1]!)).toContain(path[at]);
        }
      },
    ),
    { numRuns: 1000 },
  );
});
