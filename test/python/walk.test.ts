import { describe, expect, it } from "vitest";

import type { Node } from "../../src/python/tree.ts";
import { ancestors, enclosingClass, enclosingFunction, enclosingLoop, walk } from "../../src/python/walk.ts";
import { nodeAt, readPython } from "../support/python-source.ts";

describe("a walk", () => {
  it("meets parents before children, in the order of the source", () => {
    const { view } = readPython("@d\nclass C(B):\n    def m(self, a=1): return f(a)[0]\n");
    const names: string[] = [];
    walk(view.tree, (node) => {
      if (node.kind === "name") names.push(node.id);
    });
    expect(names).toEqual(["d", "B", "f", "a"]);
  });
});

describe("around a node", () => {
  const { view } = readPython(
    "class C:\n    for _ in h():\n        field = 1\n    @deco(here)\n    def m(self, a=default):\n        while test():\n            for x in iterable:\n                body(x)\n            else:\n                otherwise()\n        return [lambda: inner for y in z]\n",
  );
  const named = (source: string): Node => nodeAt(view, source);

  it("the function is the one that runs it", () => {
    expect(enclosingFunction(named("body(x)"))).toMatchObject({ name: "m" });
    expect(enclosingFunction(named("deco(here)"))).toBeNull();
    expect(enclosingFunction(named("field"))).toBeNull();
    expect(enclosingFunction(named("inner"))?.kind).toBe("lambda");
  });

  it("the class is seen from its methods", () => {
    expect(enclosingClass(named("body(x)"))).toMatchObject({ name: "C" });
    expect(enclosingClass(named("field"))).toMatchObject({ name: "C" });
  });

  it("the loop is the one that repeats it", () => {
    expect(enclosingLoop(named("body(x)"))?.kind).toBe("for");
    expect(enclosingLoop(named("iterable"))?.kind).toBe("while");
    expect(enclosingLoop(named("otherwise()"))?.kind).toBe("while");
    expect(enclosingLoop(named("test()"))?.kind).toBe("while");
    expect(enclosingLoop(named("field"))?.kind).toBe("for");
    expect(enclosingLoop(named("h()"))).toBeNull();
    expect(enclosingLoop(named("inner"))).toBeNull();
  });

  it("the ancestors end with the module", () => {
    expect([...ancestors(named("x"))].at(-1)).toBe(view.tree);
  });
});
