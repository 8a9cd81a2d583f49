// What a command about caches is about.

import { describe, expect, it } from "vitest";
import { rankOf, slotOf } from "../../src/app/caches/slot-of.ts";
import { type CacheSelector, parseCacheSelector, scopeOf, SLICES, slicesOf } from "../../src/govern/selector.ts";

function selector(text: string): CacheSelector {
  const parsed = parseCacheSelector(text);
  if (!parsed.ok) throw new Error(parsed.error);
  return parsed.value;
}

describe("a selector", () => {
  it.each([
    ["shop.pricing.quote", "fn:shop.pricing.quote"],
    ["fn:shop.pricing.quote", "fn:shop.pricing.quote"],
    ["ns:prices", "ns:prices"],
    ["ns:prices:v3", "ns:prices:v3"],
    ["tag:user:42", "tag:user:42"],
  ])("%s is the scope %s", (text, scope) => expect(scopeOf(selector(text))).toBe(scope));
  it.each(["", " ", "ns:", " ns:a"])("%j is none", (text) => expect(parseCacheSelector(text).ok).toBe(false));
});

describe("a part of a namespace", () => {
  const partOf = (share: number): readonly string[] => {
    const slices = slicesOf(selector("ns:prices"), share, rankOf);
    return slices.ok ? slices.value : [];
  };
  it("grows by steps that contain each other, up to all", () => {
    const shares = [0.001, 0.05, 0.2, 0.5, 1];
    expect(shares.map((share) => partOf(share).length)).toEqual([1, 13, 51, 128, SLICES]);
    for (const [at, share] of shares.entries())
      expect(partOf(1).slice(0, partOf(share).length)).toEqual(partOf(shares[at]!));
  });
  it("is another part of another namespace", () => {
    const numbers = (scopes: readonly string[]): readonly (string | undefined)[] =>
      scopes.map((scope) => scope.split(":").at(-1));
    const other = slicesOf(selector("ns:users"), 0.2, rankOf);
    expect(other.ok && numbers(other.value)).not.toEqual(numbers(partOf(0.2)));
  });
  it.each(["tag:a", "shop.f", "ns:a:v2"])("is refused for %s", (text) => {
    expect(slicesOf(selector(text), 0.1, rankOf).ok).toBe(false);
  });
});

describe("slots", () => {
  it("are 1 to 65535, and well spread", () => {
    const slots = Array.from({ length: 2000 }, (_, at) => slotOf(`tag:${at}`));
    expect(Math.min(...slots)).toBeGreaterThanOrEqual(1);
    expect(Math.max(...slots)).toBeLessThan(65_536);
    expect(new Set(slots).size).toBeGreaterThan(1900);
  });
});
