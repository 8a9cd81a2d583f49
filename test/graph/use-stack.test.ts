// Stack distances against a list that is searched from the front.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { useAll, usedSince } from "../../src/graph/reuse-interval.ts";
import { createUseStack, type UseStack } from "../../src/graph/use-stack.ts";
import { type PlainUseStack, plainUseStack } from "../support/plain-use-stack.ts";

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
  it("have the distances of the shortest row of uses that leads to the order seen", () => {
    fc.assert(
      fc.property(anyUses, fc.uniqueArray(fc.nat({ max: 30 }), { minLength: 1 }), (before, used) => {
        const [stack, plain] = [stackOf(before), plainOf(before)];
        for (const key of used) plain.use(key);
        const truth = shortestRow(before, plain.keys);
        const seen = usedSince(stack, plain.keys, true) ?? Number.NaN;
        expect(seen).toBeLessThanOrEqual(used.length);
        expect(useAll(stack, plain.keys, seen)).toEqual(truth);
      }),
    );
  });
  it("may hide a use that left its key above all unused ones", () => {
    // [14, 7], then 7, 0 and 14 in turn, leads to [14, 0, 7], and so do 0 and 14 alone: 14 lay at 3 and is said to have lain at 2.
    const stack = stackOf([7, 14]);
    expect(useAll(stack, [14, 0, 7], 2)).toEqual([0, 2]);
  });
});

function plainOf(oldestFirst: readonly number[]): PlainUseStack {
  const plain = plainUseStack();
  for (const key of oldestFirst) plain.use(key);
  return plain;
}

/** Distances of the fewest uses, each key once, that lead from `before` to the order seen: tried one by one. */
function shortestRow(before: readonly number[], newestFirst: readonly number[]): number[] {
  for (let uses = 0; ; uses++) {
    const plain = plainOf(before);
    const distances = newestFirst
      .slice(0, uses)
      .toReversed()
      .map((key) => plain.use(key));
    if (plain.keys.every((key, at) => key === newestFirst[at]) && plain.keys.length === newestFirst.length)
      return distances;
  }
}
