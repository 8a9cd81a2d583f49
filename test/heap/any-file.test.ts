// What a file may say and no process ever would: nothing goes on for ever.

import fc from "fast-check";
import { expect, it } from "vitest";
import { NO_NODE } from "../../src/graph/ref-graph.ts";
import { analyse } from "../../src/heap/analyse.ts";
import { anySnapshot } from "../support/any-snapshot.ts";

it("every way up ends at a root, also where modules, their table and their namespaces are mixed up", () => {
  fc.assert(
    fc.property(anySnapshot(), (snapshot) => {
      const { parent } = analyse(snapshot).rooted;
      const { nodeCount } = snapshot.refs;
      for (let node = 1; node < nodeCount; node++) {
        let at = node;
        for (let steps = 0; steps < nodeCount && at < nodeCount; steps++) at = parent[at]!;
        expect(at === NO_NODE || at >= nodeCount, `from node ${node}`).toBe(true);
      }
    }),
    { numRuns: 2000 },
  );
});
