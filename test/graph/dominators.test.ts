import fc from "fast-check";
import { expect, test } from "vitest";
import { dominators } from "../../src/graph/dominators.ts";
import { dominatedBy } from "../../src/graph/dominated-by.ts";
import { reach } from "../../src/graph/reach.ts";
import { NO_NODE } from "../../src/graph/ref-graph.ts";
import { graph } from "../support/graph-language.ts";
import { anySample, lostWithout, reachable, targetsOf, type Sample } from "../support/graph-oracles.ts";

/** Immediate dominators by definition: of the nodes whose removal loses `v`, the one that is lost with all the others. */
function dominatorsByRemoval(sample: Sample): number[] {
  const { nodeCount } = sample.graph;
  const lost = Array.from({ length: nodeCount }, (_, node) => new Set(lostWithout(sample, new Set([node]))));
  const reached = reachable(sample.graph, sample.roots);
  return Array.from({ length: nodeCount }, (_, node) => {
    if (!reached.has(node)) return NO_NODE;
    const strict = [...lost.keys()].filter((other) => other !== node && lost[other]!.has(node));
    const nearest = strict.find((one) =>
      [...lost.keys()].every((other) => other === node || !lost[other]!.has(node) || lost[other]!.has(one)),
    );
    return nearest ?? nodeCount;
  });
}

test("what two holders share belongs to what holds both", () => {
  const drawn = graph("*root -> left, right; left -> shared -> leaf; right -> shared; right -> own; lost -> leaf");
  const tree = dominators(drawn.graph, drawn.roots);
  const dominatorOf = (name: string): string => drawn.name(tree.idom[drawn.id(name)]!);
  expect(dominatorOf("shared")).toBe("root");
  expect(dominatorOf("leaf")).toBe("shared");
  expect(dominatorOf("own")).toBe("right");
  expect(dominatorOf("root")).toBe("(root)");
  expect(dominatorOf("lost")).toBe("(none)");
});

test("a root is dominated by the virtual root alone, even if other roots hold it", () => {
  const drawn = graph("*a -> b -> c -> d; *c; *leaf; a -> leaf");
  const tree = dominators(drawn.graph, drawn.roots);
  expect([...tree.idom].map(drawn.name)).toEqual(["(root)", "a", "(root)", "c", "(root)"]);
});

test("immediate dominators agree with removing nodes one by one", () => {
  fc.assert(
    fc.property(anySample(), (sample) => {
      expect([...dominators(sample.graph, sample.roots).idom]).toEqual(dominatorsByRemoval(sample));
    }),
    { numRuns: 2000 },
  );
});

test("used memory as scratch changes nothing, however little or dirty it is", () => {
  fc.assert(
    fc.property(anySample(), fc.nat(60), (sample, words) => {
      const scratch = new Uint32Array(words).fill(0x0badcafe).buffer;
      expect(dominators(sample.graph, sample.roots, scratch)).toEqual(dominators(sample.graph, sample.roots));
      expect(reach(sample.graph, [sample.roots], scratch)).toEqual(reach(sample.graph, [sample.roots]));
    }),
    { numRuns: 500 },
  );
});

test("containers are the reachable nodes with out-edges, each after its dominator", () => {
  fc.assert(
    fc.property(anySample(), (sample) => {
      const { idom, containers } = dominators(sample.graph, sample.roots);
      const expected = [...reachable(sample.graph, sample.roots)].filter(
        (node) => targetsOf(sample.graph, node).length > 0,
      );
      expect([...containers].sort((a, b) => a - b)).toEqual(expected.sort((a, b) => a - b));
      const place = new Map([...containers].map((node, at) => [node, at]));
      for (const node of containers) expect(place.get(idom[node]!) ?? -1).toBeLessThan(place.get(node)!);
    }),
  );
});

test("one step down the tree leads to exactly what a node immediately dominates", () => {
  fc.assert(
    fc.property(anySample(), (sample) => {
      const tree = dominators(sample.graph, sample.roots);
      for (let node = 0; node <= sample.graph.nodeCount; node++) {
        const expected = [...tree.idom.keys()].filter((child) => tree.idom[child] === node);
        expect([...dominatedBy(tree, node)]).toEqual(expected);
      }
      expect(dominatedBy(tree, NO_NODE)).toHaveLength(0);
    }),
  );
});
