import { describe, expect, it } from "vitest";

import { resolveImport } from "../../src/python/resolve-import.ts";

describe("a relative import", () => {
  it.each([
    [{ module: "a.b", isPackage: false }, 1, "c", "a.c"],
    [{ module: "a.b", isPackage: true }, 1, "c", "a.b.c"],
    [{ module: "a.b", isPackage: true }, 2, "", "a"],
    [{ module: "a", isPackage: false }, 1, "c", "c"],
    [{ module: "a", isPackage: false }, 1, "", null],
    [{ module: "a", isPackage: true }, 2, "c", null],
    [{ module: "a.b", isPackage: false }, 3, "c", null],
    [{ module: "a.b", isPackage: false }, 0, "c", "c"],
  ])("%j %i %j is %j", (from, level, module, expected) => {
    expect(resolveImport(from, level, module)).toBe(expected);
  });
});
