import fc from "fast-check";
import { expect, test } from "vitest";
import { edgesTo, referrersOf, sourceOf } from "../../src/graph/referrers.ts";
import { reverse, reverseRange } from "../../src/graph/reverse.ts";
import { graph } from "../support/graph-language.ts";
import { anySample, targetsOf } from "../support/graph-oracles.ts";

test("referrers are ascending and stand once per edge", () => {
  const drawn = graph("a -> shared, shared; b -> shared; c; d -> a");
  const back = reverse(drawn.graph);
  expect(targetsOf(back, drawn.id("shared")).map(drawn.name)).toEqual(["a", "a", "b"]);
  expect([...referrersOf(drawn.graph, drawn.id("shared"))].map(drawn.name)).toEqual(["a", "a", "b"]);
  expect(sourceOf(drawn.graph, edgesTo(drawn.graph, drawn.id("a"))[0]!)).toBe(drawn.id("d"));
});

test("a scan, the whole reversal, a masked one and one by ranges all agree", () => {
  fc.assert(
    fc.property(anySample(), fc.nat(14), fc.infiniteStream(fc.nat(1)), ({ graph: g }, cut, stream) => {
      const wanted = Uint8Array.from({ length: g.nodeCount }, () => stream.next().value ?? 0);
      const middle = Math.min(cut, g.nodeCount);
      const back = reverse(g);
      const masked = reverse(g, wanted);
      const parts = [reverseRange(g, 0, middle), reverseRange(g, middle, g.nodeCount)];
      for (let node = 0; node < g.nodeCount; node++) {
        const expected = [...Array(g.nodeCount).keys()].flatMap((source) =>
          targetsOf(g, source)
            .filter((target) => target === node)
            .map(() => source),
        );
        expect(targetsOf(back, node)).toEqual(expected);
        expect([...referrersOf(g, node)]).toEqual(expected);
        expect(targetsOf(masked, node)).toEqual(wanted[node] === 1 ? expected : []);
        expect(node < middle ? targetsOf(parts[0]!, node) : targetsOf(parts[1]!, node - middle)).toEqual(expected);
      }
    }),
  );
});
