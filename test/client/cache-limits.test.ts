// Options of a cache in Node: what cannot be meant is refused in a sentence, and the others mean what they do in Python.

import { describe, expect, it } from "vitest";
import { limitsOf } from "../../src/client/cache-limits.ts";

describe("limits", () => {
  it.each([
    [{ maxsize: -1 }, "maxsize is a whole number, not -1"],
    [{ maxBytes: 0 }, "maxBytes is 1 or more, not 0"],
    [{ ttlSeconds: 0 }, "ttlSeconds is a time above 0, not 0"],
    [{ errorTtlSeconds: -1 }, "errorTtlSeconds is a time above 0, not -1"],
    [{ jitter: 1 }, "jitter is a share of ttlSeconds: 0 or more and less than 1, not 1"],
    [{ staleWhileRevalidateSeconds: 5 }, "staleWhileRevalidateSeconds needs ttlSeconds"],
    [{ ttlSeconds: 1, staleWhileRevalidateSeconds: -1 }, "staleWhileRevalidateSeconds is a time in seconds, not -1"],
  ])("refuse %j", (options, sentence) => {
    expect(() => limitsOf(options)).toThrow(sentence);
  });
  it("keep only the errors that were named, and their subclasses", () => {
    class NotFound extends RangeError {}
    const { keepsError, secondsOfError } = limitsOf({ cacheErrors: [RangeError], jitter: 0 });
    expect([new NotFound(), new RangeError(), new TypeError(), "text"].map(keepsError)).toEqual([
      true,
      true,
      false,
      false,
    ]);
    expect(secondsOfError()).toBe(1);
  });
  it("count bytes only where they are bounded, and keep nothing that cannot be measured", () => {
    expect(limitsOf({}).sizeOf("text")).toBe(0);
    const { sizeOf } = limitsOf({ maxBytes: 100 });
    expect(sizeOf("a".repeat(50)) - sizeOf("")).toBe(50);
    expect(sizeOf(() => 1)).toBe(Number.POSITIVE_INFINITY);
  });
});
