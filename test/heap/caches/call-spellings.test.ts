// Which entries of a cache keep one call.

import { describe, expect, it } from "vitest";
import type { Addr } from "../../../src/base/brand.ts";
import { type CallValue, type KeptCall, spelledTwice } from "../../../src/heap/caches/call-spellings.ts";

const value = (number: number): CallValue => ({ address: number as Addr, kind: "int" });

function call(byPosition: readonly number[], byName: Readonly<Record<string, number>> = {}): KeptCall {
  return {
    byPosition: byPosition.map(value),
    byName: Object.entries(byName).map(([name, number]) => ({
      name: (1_000_000 + (name.codePointAt(0) ?? 0)) as Addr,
      value: value(number),
    })),
  };
}

const twice = (...calls: readonly KeptCall[]): number => spelledTwice(calls, ({ address }) => String(address));

describe("entries of one call", () => {
  it("are those whose values are equal, by position or by name", () => {
    expect(twice(call([1, 2]), call([1], { y: 2 }))).toBe(1);
    expect(twice(call([1], { y: 2 }), call([1, 2]))).toBe(1);
    expect(twice(call([1, 2]), call([1], { y: 2 }), call([], { y: 2, x: 1 }))).toBe(2);
    expect(twice(call([], { x: 1, y: 2 }), call([], { y: 2, x: 1 }))).toBe(1);
  });
  it("are not those that have the same values in other places", () => {
    expect(twice(call([1, 2]), call([2], { y: 1 }))).toBe(0);
    expect(twice(call([], { x: 1, y: 2 }), call([], { x: 2, y: 1 }))).toBe(0);
    expect(twice(call([1, 2]), call([2, 1]))).toBe(0);
    expect(twice(call([1]), call([1, 2]), call([1], { y: 3 }))).toBe(0);
  });
});
