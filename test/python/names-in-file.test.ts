import { describe, expect, it } from "vitest";

import { absoluteName } from "../../src/python/names-in-file.ts";
import type { Expression } from "../../src/python/tree.ts";
import { nodeAt, readPython } from "../support/python-source.ts";

function nameOf(text: string, source: string, file = {}): string | null {
  const { view } = readPython(text, file);
  return absoluteName(view, nodeAt(view, source) as Expression);
}

describe("the absolute name of", () => {
  it.each([
    ["from functools import lru_cache\nlru_cache\n", "lru_cache", "functools.lru_cache"],
    ["from functools import lru_cache as c\nc\n", "c", "functools.lru_cache"],
    ["import numpy as np\nnp.load(1)\n", "np.load", "numpy.load"],
    ["import os.path\nos.path.join\n", "os.path.join", "os.path.join"],
    ["CACHE = {}\ndef f():\n    CACHE[1] = 2\n", "CACHE", "m.CACHE"],
    ["def f():\n    global G\n    G = 1\n", "G", "m.G"],
    ["class C:\n    def m(self):\n        self.x = 1\n", "self.x", "m.C.x"],
    ["class C:\n    def m(self):\n        return lambda: self.x.y\n", "self.x.y", "m.C.x.y"],
    ["class C:\n    @classmethod\n    def m(cls):\n        cls.x = 1\n", "cls.x", "m.C.x"],
    ["class C:\n    @staticmethod\n    def m(self):\n        self.x = 1\n", "self.x", null],
    ["class C:\n    X = {}\nC.X\n", "C.X", "m.C.X"],
    ["class C:\n    def m(self):\n        self\n", "self", null],
    ["def f():\n    def g(): pass\n    return g\n", "g", "m.f.<locals>.g"],
    ["def f(x):\n    return x.y\n", "x.y", null],
    ["x = dict()\n", "dict", "dict"],
    ["dict = 1\nx = dict\n", "dict", "m.dict"],
    ["try:\n    from a import b\nexcept ImportError:\n    b = None\nb\n", "b", "a.b"],
    ["f().x\n", "f().x", null],
  ])("%j: %s", (text, source, expected) => {
    expect(nameOf(text, source)).toBe(expected);
  });

  it("what a relative import brings", () => {
    const text = "from ..b import c\nfrom . import d\nc, d\n";
    expect(nameOf(text, "c", { path: "p/q/r.py", module: "p.q.r" })).toBe("p.b.c");
    expect(nameOf(text, "d", { path: "p/q/__init__.py", module: "p.q" })).toBe("p.q.d");
  });
});
