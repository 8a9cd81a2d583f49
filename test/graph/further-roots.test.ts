import fc from "fast-check";
import { expect, test } from "vitest";
import { dominators } from "../../src/graph/dominators.ts";
import { anySample, reachable } from "../support/graph-oracles.ts";

test("further roots count where no other root reaches them, as if that had been known before", () => {
  const sampleWithMore = anySample().chain((sample) => {
    const node = fc.nat(Math.max(0, sample.graph.nodeCount - 1));
    return fc.tuple(fc.constant(sample), fc.uniqueArray(node, { maxLength: sample.graph.nodeCount }));
  });
  fc.assert(
    fc.property(sampleWithMore, ([{ graph, roots }, more]) => {
      const further = Uint32Array.from(more);
      const reached = reachable(graph, roots);
      const unreached = further.filter((node) => !reached.has(node));
      const known = dominators(graph, Uint32Array.from([...roots, ...unreached]));
      const found = dominators(graph, roots, undefined, further);
      expect([...found.idom]).toEqual([...known.idom]);
      expect([...found.containers]).toEqual([...known.containers]);
    }),
    { numRuns: 500 },
  );
});
