// The two formats that flame graph tools read.

import { expect, it } from "vitest";
import { collapsedStacks, speedscopeDocument } from "../../src/report/flame-graph.ts";

const MAIN = { file: "/srv/shop/main.py", line: 3 };
const CART = { file: "/srv/shop/my cart;v2.py", line: 31 };
const STACKS = [
  { frames: [MAIN, CART], blocks: 2, bytes: 640 },
  { frames: [MAIN], blocks: 1, bytes: 56 },
];

it("collapsed stacks: outermost first, bytes at the end, no separator in a name", () => {
  expect(collapsedStacks(STACKS)).toBe("shop/main.py:3;shop/my_cart_v2.py:31 640\nshop/main.py:3 56\n");
});

it("speedscope: each frame once, weights in bytes that sum up to the end", () => {
  const document: unknown = JSON.parse(speedscopeDocument(STACKS, "process 4711", "1.2.3"));
  expect(document).toMatchObject({
    $schema: "https://www.speedscope.app/file-format-schema.json",
    shared: {
      frames: [
        { name: "shop/main.py:3", file: MAIN.file, line: 3 },
        { name: "shop/my_cart_v2.py:31", file: CART.file, line: 31 },
      ],
    },
    profiles: [
      { type: "sampled", unit: "bytes", startValue: 0, endValue: 696, samples: [[0, 1], [0]], weights: [640, 56] },
    ],
  });
});
