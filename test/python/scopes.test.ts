import { describe, expect, it } from "vitest";

import { lookUp } from "../../src/python/scopes.ts";
import type { Name } from "../../src/python/tree.ts";
import { nodeAt, nodesOf, readPython } from "../support/python-source.ts";

/** "function f", "module": the owner of what the last `name` in the text means; null for an unknown name. */
function ownerOf(text: string, name: string): string | null {
  const { view } = readPython(text);
  const uses = nodesOf(view, "name").filter(({ id }) => id === name);
  const last = uses.toSorted((a, b) => a.start - b.start).at(-1) as Name;
  const variable = lookUp(view.scopes.scopeOf(last), name);
  if (variable === null) return null;
  const { node } = variable.scope;
  return "name" in node ? `${node.kind} ${node.name}` : node.kind;
}

function bindingsOf(text: string, name: string): string[] {
  const { view } = readPython(text);
  return (view.scopes.module.variables.get(name)?.bindings ?? []).map(({ how, from }) => `${how} in ${from.kind}`);
}

describe("what a name means", () => {
  it.each([
    ["a global from a function", "x = 1\ndef f():\n    return x\n", "module"],
    [
      "a local, also before it is bound",
      "x = 1\ndef f():\n    print(x)\n    if 0: x = 2\n    return x\n",
      "function f",
    ],
    ["a parameter", "x = 1\ndef f(x):\n    return x\n", "function f"],
    ["a default, seen from outside", "x = 1\ndef f(x=x): pass\n", "module"],
    ["an annotation, seen from outside", "x = 1\ndef f(x: x): pass\n", "module"],
    ["a closure", "def f():\n    x = 1\n    def g():\n        return x\n", "function f"],
    [
      "a class body hides from its methods",
      "x = 1\nclass C:\n    x = 2\n    def m(self):\n        return x\n",
      "module",
    ],
    ["a class body sees its own", "x = 1\nclass C:\n    x = 2\n    y = x\n", "class C"],
    ["a class body hides from its comprehensions", "x = 1\nclass C:\n    x = 2\n    y = [x for _ in z]\n", "module"],
    ["but not from their first iterable", "x = 1\nclass C:\n    x = 2\n    y = [_ for _ in x]\n", "class C"],
    ["a comprehension's target", "x = 1\ny = [x for x in z]\n", "comprehension"],
    ["a walrus binds around comprehensions", "def f():\n    [x := y for y in z]\n    return x\n", "function f"],
    ["global", "def f():\n    global x\n    x = 1\ndef g():\n    return x\n", "module"],
    ["global in the function around", "def f():\n    global x\n    x = 1\n    def g():\n        return x\n", "module"],
    [
      "nonlocal",
      "def f():\n    def g():\n        nonlocal x\n        x = 2\n        return x\n    x = 1\n",
      "function f",
    ],
    ["a decorator's argument", "x = 1\nclass C:\n    x = 2\n    @d(x)\n    def x(self): pass\n", "class C"],
    ["a lambda's default", "x = 1\nf = lambda x=x: 0\n", "module"],
    ["a match", "def f(y):\n    match y:\n        case [x]: return x\n", "function f"],
    ["a builtin", "print(len)\n", null],
  ])("%s", (_, text, owner) => {
    expect(ownerOf(text, owner === null ? "len" : "x")).toBe(owner);
  });

  it("keeps every binding in order, with how and where from", () => {
    const text =
      "import x.y\nx = 1\nx: int\nfor x in a: pass\nwith b as (x, *c): pass\ntry: pass\nexcept E as x: pass\ndel x\nx += 1\ndef f():\n    global x\n    x = 2\ndef x(): pass\nclass x: pass\n";
    expect(bindingsOf(text, "x")).toEqual([
      "import in module",
      "assignment in module",
      "annotation in module",
      "for in module",
      "with in module",
      "except in module",
      "delete in module",
      "augmented in module",
      "assignment in function",
      "function in module",
      "class in module",
    ]);
  });

  it("remembers star imports", () => {
    expect(readPython("from a import *\n").view.scopes.module.starImports).toHaveLength(1);
  });

  it("lists scopes in source order and finds them by their node", () => {
    const { view } = readPython("def f():\n    g = lambda: [1 for _ in x]\nclass C: pass\n");
    expect(view.scopes.all.map(({ kind }) => kind)).toEqual(["module", "function", "lambda", "comprehension", "class"]);
    const [f] = nodesOf(view, "function");
    expect(view.scopes.openedBy(f!).node).toBe(f);
    expect(view.scopes.scopeOf(f!)).toBe(view.scopes.module);
    expect(view.scopes.scopeOf(nodeAt(view, "1")).kind).toBe("comprehension");
  });
});
