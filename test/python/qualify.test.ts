import { describe, expect, it } from "vitest";

import { qualify } from "../../src/python/qualify.ts";
import { resolveImport } from "../../src/python/resolve-import.ts";
import type { Expression } from "../../src/python/tree.ts";
import { nodeAt, readPython } from "../support/python-source.ts";

function nameOf(text: string, source: string, file = {}): string | null {
  const { view } = readPython(text, file);
  const found = qualify(view, nodeAt(view, source) as Expression);
  return found === null ? null : `${found.name} (${found.origin})`;
}

describe("the full name of", () => {
  it.each([
    ["from functools import lru_cache\nlru_cache\n", "lru_cache", "functools.lru_cache (import)"],
    ["from functools import lru_cache as c\nc\n", "c", "functools.lru_cache (import)"],
    ["import numpy as np\nnp.load(1)\n", "np.load", "numpy.load (import)"],
    ["import os.path\nos.path.join\n", "os.path.join", "os.path.join (import)"],
    ["import functools\ncache = functools.lru_cache\n@cache\ndef f(): pass\n", "cache", "functools.lru_cache (import)"],
    ["CACHE = {}\ndef f():\n    CACHE[1] = 2\n", "CACHE", "m.CACHE (here)"],
    ["def f():\n    global G\n    G = 1\n", "G", "m.G (here)"],
    ["class C:\n    def m(self):\n        self.x = 1\n", "self.x", "m.C.x (instance)"],
    ["class C:\n    def m(self):\n        return lambda: self.x.y\n", "self.x.y", "m.C.x.y (instance)"],
    ["class C:\n    @classmethod\n    def m(cls):\n        cls.x = 1\n", "cls.x", "m.C.x (class)"],
    ["class C:\n    @staticmethod\n    def m(self):\n        self.x = 1\n", "self.x", null],
    ["class C:\n    X = {}\nC.X\n", "C.X", "m.C.X (here)"],
    ["class C:\n    def m(self):\n        self\n", "self", null],
    ["def f():\n    def g(): pass\n    return g\n", "g", "m.f.<locals>.g (here)"],
    ["def f():\n    x = 1\n    return x\n", "x", null],
    ["def f(x):\n    return x.y\n", "x.y", null],
    ["x = dict()\n", "dict", "builtins.dict (builtin)"],
    ["dict = 1\nx = dict\n", "dict", "m.dict (here)"],
    ["try:\n    from a import b\nexcept ImportError:\n    b = None\nb\n", "b", "a.b (import)"],
    ["unknown\n", "unknown", null],
    ["f().x\n", "f().x", null],
    ["a = b\nb = a\na\n", "a", "m.b (here)"],
  ])("%j: %s", (text, source, expected) => {
    expect(nameOf(text, source)).toBe(expected);
  });

  it("relative imports", () => {
    const text = "from ..b import c\nfrom . import d\nc, d\n";
    expect(nameOf(text, "c", { path: "p/q/r.py", module: "p.q.r" })).toBe("p.b.c (import)");
    expect(nameOf(text, "d", { path: "p/q/__init__.py", module: "p.q" })).toBe("p.q.d (import)");
    expect(nameOf(text, "c", { module: "r" })).toBeNull();
  });
});

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
