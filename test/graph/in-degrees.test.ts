import fc from "fast-check";
import { expect, test } from "vitest";
import { inDegrees, inDegreesRange } from "../../src/graph/in-degrees.ts";
import { graph } from "../support/graph-language.ts";
import { anySample } from "../support/graph-oracles.ts";

test("parallel edges and self loops count each time", () => {
  const drawn = graph("a -> b, b, a; b -> leaf");
  expect([...inDegrees(drawn.graph)]).toEqual([1, 2, 1]);
});

test("threads may count ranges of edges and add up", () => {
  fc.assert(
    fc.property(anySample(), fc.nat(50), (sample, cut) => {
      const { nodeCount, edgeTarget } = sample.graph;
      const middle = Math.min(cut, edgeTarget.length);
      const first = new Uint32Array(nodeCount);
      const second = new Uint32Array(nodeCount);
      inDegreesRange(edgeTarget, 0, middle, first);
      inDegreesRange(edgeTarget, middle, edgeTarget.length, second);
      const expected = Array.from(first, (_, node) => [...edgeTarget].filter((target) => target === node).length);
      expect(Array.from(first, (count, node) => count + second[node]!)).toEqual(expected);
      expect([...inDegrees(sample.graph)]).toEqual(expected);
    }),
  );
});
