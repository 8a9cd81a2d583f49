// The words are V8's own: each is made here by asking for the impossible.

import { describe, expect, it } from "vitest";
import { isAllocationFailure } from "../../src/base/allocation-failure.ts";

function thrownBy(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  throw new Error("nothing was thrown");
}

describe("memory that cannot be had", () => {
  it.each([
    ["a buffer beyond the address space", () => new ArrayBuffer(2 ** 52)],
    ["a shared one", () => new SharedArrayBuffer(2 ** 52)],
    ["more elements than an array may have", () => new Uint32Array(2 ** 40)],
    ["a buffer beyond any length", () => new ArrayBuffer(2 ** 60)],
  ])("is seen in %s", (_, act) => expect(isAllocationFailure(thrownBy(act))).toBe(true));

  it.each([
    ["a mistake with an offset", () => new Uint32Array(new ArrayBuffer(8), 3)],
    [
      "a recursion without an end",
      () =>
        (function again(): unknown {
          return [again()];
        })(),
    ],
    ["another error", () => JSON.parse("{")],
  ])("is not seen in %s", (_, act) => expect(isAllocationFailure(thrownBy(act))).toBe(false));
});
