// Stack distances against a list that is searched from the front.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { useAll, usedSince } from "../../src/graph/reuse-interval.ts";
import { createUseStack, type UseStack } from "../../src/graph/use-stack.ts";
import { plainUseStack } from "../support/plain-use-stack.ts";

const anyUses = fc.array(fc.nat({ max: 30 }), { maxLength: 400 });

function stackOf(oldestFirst: readonly number[]): UseStack {
  const stack = createUseStack(1000);
  for (const key of oldestFirst) stack.use(key);
  return stack;
}

describe("the stack of uses", () => {
  it("says how deep each key lay", () => {
    fc.assert(
      fc.property(anyUses, (keys) => {
        const [stack, plain] = [createUseStack(31), plainUseStack()];
        for (const key of keys) expect(stack.use(key)).toBe(plain.use(key));
        expect(stack.size).toBe(plain.keys.length);
        for (const [at, key] of plain.keys.entries()) expect(stack.depthOf(key)).toBe(at + 1);
      }),
    );
  });
  it("forgets the oldest keys when there are more than it keeps, and is right about the others", () => {
    fc.assert(
      fc.property(anyUses, fc.integer({ min: 1, max: 12 }), (keys, most) => {
        const [stack, plain] = [createUseStack(most), plainUseStack()];
        for (const key of keys) {
          const [depth, truth] = [stack.use(key), plain.use(key)];
          if (truth <= most || depth > 0) expect(depth).toBe(truth);
        }
      }),
    );
  });
  it("is empty after it was cleared", () => {
    const stack = stackOf([1, 2, 3]);
    stack.clear();
    expect([stack.size, stack.depthOf(1), stack.use(1), stack.use(1)]).toEqual([0, 0, 0, 1]);
  });
});

describe("the keys used since the last look", () => {
  it("are those before the ones that are still in their old order", () => {
    const stack = stackOf([5, 4, 3, 2, 1]);
    expect(usedSince(stack, [1, 2, 3, 4, 5], true)).toBe(0);
    expect(usedSince(stack, [3, 1, 2, 4, 5], true)).toBe(1);
    expect(usedSince(stack, [9, 5, 1, 2, 3, 4], true)).toBe(2);
    expect(usedSince(stack, [9, 5, 1, 2], false)).toBe(2);
  });
  it("are not known before two keys in their old order were seen", () => {
    const stack = stackOf([5, 4, 3, 2, 1]);
    expect(usedSince(stack, [9, 5, 1], false)).toBeNull();
    expect(usedSince(stack, [9, 5], false)).toBeNull();
  });
  it("have the distances they had when each was used once", () => {
    fc.assert(
      fc.property(anyUses, fc.uniqueArray(fc.nat({ max: 30 }), { minLength: 1 }), (before, used) => {
        const [stack, plain] = [stackOf(before), plainUseStack()];
        for (const key of before) plain.use(key);
        const truth = used.map((key) => plain.use(key));
        const seen = usedSince(stack, plain.keys, true) ?? Number.NaN;
        expect(seen).toBeLessThanOrEqual(used.length);
        // Those that cannot be told from unused ones were at the top already, in this order.
        expect(useAll(stack, plain.keys, seen)).toEqual(truth.slice(used.length - seen));
      }),
    );
  });
});
