import fc from "fast-check";
import { expect, test } from "vitest";
import { topByValue } from "../../src/graph/top-by-value.ts";

test("the largest come first, equal ones in order of position", () => {
  expect([...topByValue(Float64Array.of(5, 9, 1, 9, 7), 3)]).toEqual([1, 3, 4]);
});

test("of equal values that do not all fit, the later ones are left out", () => {
  expect([...topByValue(Float64Array.of(1, 1, 1, 2, 3), 3)]).toEqual([4, 3, 0]);
});

test("what is not to be kept makes room for the next", () => {
  expect([...topByValue(Uint32Array.of(5, 9, 1, 9, 7), 2, (position) => position !== 1)]).toEqual([3, 4]);
});

test("it is sorting everything and taking the first k", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(20)), fc.nat(12), fc.nat(3), (values, k, left) => {
      const all = [...values.keys()].filter((position) => position % 4 !== left);
      const expected = all.sort((a, b) => values[b]! - values[a]! || a - b).slice(0, k);
      expect([...topByValue(Float64Array.from(values), k, (position) => position % 4 !== left)]).toEqual(expected);
    }),
  );
});
