import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { type ParsedPython, parsePython } from "../../src/parsers/python-from-pyright.ts";
import type { Node, NodeKind, NodeOf } from "../../src/python/tree.ts";
import { pushChildren } from "../../src/python/children.ts";
import { walk } from "../../src/python/walk.ts";

function parse(text: string): ParsedPython {
  return parsePython(text, { isStub: false, isNotebook: false });
}

/** All nodes of one kind, in the order of the walk. */
function all<Kind extends NodeKind>(text: string, kind: Kind): NodeOf<Kind>[] {
  const found: Node[] = [];
  walk(parse(text).tree, (node) => {
    if (node.kind === kind) found.push(node);
  });
  return found as NodeOf<Kind>[];
}

function only<Kind extends NodeKind>(text: string, kind: Kind): NodeOf<Kind> {
  const found = all(text, kind);
  expect(found).toHaveLength(1);
  return found[0]!;
}

/** The source of a node, or of a list of them. */
function source(text: string, node: Node | null): string {
  return node === null ? "" : text.slice(node.start, node.end);
}

describe("syntax from 3.8 to 3.14", () => {
  const VALID = [
    "def f(a, /, b, *, c=1, **d): pass",
    "print(f'{x=}', f'{y!r:>{width}}')",
    "if (n := len(a)) > 10: pass",
    "with (open('a') as a, open('b') as b): pass",
    "match command.split():\n    case ['go', direction] | [direction]: pass\n    case {'a': x, **rest}: pass\n    case Point(x=0, y=[*_, last]) as p if p: pass\n    case _: pass",
    "try:\n    pass\nexcept* (ValueError, TypeError) as group:\n    pass",
    "def f(*args: *Ts) -> a[*b]: pass",
    "class Box[T: int = str, *Ts, **P](Base[T]): pass",
    "type Alias[T] = list[T]",
    "x = t'hello {name}'",
    'x = f"{a["b"]}"',
    "@buttons[0].clicked.connect\ndef f(): pass",
    "async def f():\n    return [x async for x in y if await x]",
    "for x in *a, *b: pass",
    "try:\n    pass\nexcept A, B:\n    pass",
    "match = case = type = _ = 1\nmatch[1] = type(case)",
    "lambda *a, k=1, **kw: (yield)",
    "x = 0x_FF + 1_000.5e3j + 0b1",
    "async def f():\n    async with a as b, c: pass\n    async for x in y: pass",
    "print(*a, **b)",
    "del (a, b), c[0]",
    "x: int\ny: list[int] = []\nself.z: int = 1",
    "def f():\n    try:\n        return 1\n    finally:\n        return 2",
    "lazy import json",
    "\ufeffx = 1".slice(1),
    "if x:\r\n    pass\r\n",
    "x = 1\f\ndef f(): pass",
  ];

  it.each(VALID)("%j is read", (text) => {
    expect(parse(`${text}\n`).faults).toEqual([]);
  });

  it("keeps the shape of parameters", () => {
    const { parameters } = only("def f(a, /, b: int = 1, *args, c, **d): pass\n", "function");
    expect(parameters.map(({ star, name, isKeywordOnly }) => `${star}${name}${isKeywordOnly ? "!" : ""}`)).toEqual([
      "a",
      "",
      "b",
      "*args",
      "c!",
      "**d",
    ]);
  });

  it("takes chains apart", () => {
    expect(only("x = a + b + c + d\n", "operation").operands).toHaveLength(4);
    const chained = "x = a < b <= c\n";
    expect(all(chained, "compare").map((one) => source(chained, one))).toEqual(["a < b", "b <= c"]);
    expect(all("x = a < (b < c)\n", "operation")).toEqual([]);
    expect(only("a = b = c = 1\n", "assign").targets.map((one) => (one.kind === "name" ? one.id : ""))).toEqual([
      "a",
      "b",
      "c",
    ]);
  });

  it("joins neighbouring strings and resolves escapes", () => {
    expect(only("x = 'a\\n' \"b\" r'\\n'\n", "constant")).toMatchObject({ type: "str", text: "a\nb\\n" });
    expect(only("x = '\\U0001F600'\n", "constant").text).toBe("\u{1F600}");
    expect(only("x = b'a'\n", "constant").type).toBe("bytes");
  });

  it("keeps texts and expressions of f-strings in step", () => {
    const text = "x = 'z' f'a{b}c{d:>{w}}e' t'{f}'\n";
    const { literals, expressions, isTemplate } = only(text, "f-string");
    expect(literals).toEqual(["za", "c", "", "e", ""]);
    expect(expressions.map((one) => source(text, one))).toEqual(["b", "d", "w", "f"]);
    expect(isTemplate).toBe(true);
  });

  it("makes one node of a comprehension and its brackets", () => {
    const text = "x = {k: v for k in a if b if c for v in d}\n";
    const node = only(text, "comprehension");
    expect([node.type, source(text, node.key), source(text, node.element)]).toEqual(["dict", "k", "v"]);
    expect(node.clauses.map(({ tests }) => tests.length)).toEqual([2, 0]);
    expect(
      all("[x for x in y], {x for x in y}, (x for x in y), f(x for x in y)\n", "comprehension").map((c) => c.type),
    ).toEqual(["list", "set", "generator", "generator"]);
  });

  it("keeps of patterns the names that they bind", () => {
    const text = "match x:\n    case [a, *b] | {'k': c, **d} | P(e, f=g) as h: pass\n    case A.B | 1 | _: pass\n";
    expect(all(text, "case").map(({ boundNames }) => boundNames.join(""))).toEqual(["abcdegh", ""]);
  });
});

describe("a tree", () => {
  it("knows every parent, and children lie within them in order", () => {
    const text =
      "@d(1)\nclass A(B, k=c):\n    x: int = [i async for i in f(*a, b=2)]\n    def m(self, a=1): return self.x[1:2, ...]\n";
    walk(parse(text).tree, (node) => {
      const children: Node[] = [];
      pushChildren(node, children);
      for (const child of children) {
        expect(child.parent).toBe(node);
        expect(child.start).toBeGreaterThanOrEqual(node.start);
        expect(child.end).toBeLessThanOrEqual(node.end);
      }
    });
  });
});

const BROKEN = [
  "x = (1 +\n",
  "x = [1, 2\n",
  "x = {'a': 1\n",
  "f(a, b\n",
  "x = '''abc\n",
  "x = 'abc\n",
  'x = f"{a\n',
  "def f(a, b\n    return a\n",
  "class\n",
  "if x\n    y = 1\n",
  "@\n",
  "print 'x'\n",
  "  x = 1\n",
  "def f():\n        a = 1\n    b = 2\n",
  "x = 1 \\\n",
  "else:\n    pass\n",
];
const LATER = [
  "def later(a):\n    return [a]\n",
  "class later(Base):\n    def m(self):\n        pass\n",
  "@deco(1)\ndef later():\n    '''doc'''\n    return 1\n",
  "async def later(x):\n    await x\n",
  "later = {'a': [1]}\n",
];

describe("a broken source", () => {
  const definesLater = (text: string): number =>
    parse(text).tree.body.filter(
      (one) =>
        ((one.kind === "function" || one.kind === "class") && one.name === "later") ||
        (one.kind === "assign" && one.targets[0]?.kind === "name" && one.targets[0].id === "later"),
    ).length;

  it.each(BROKEN)("after %j every later definition is found, and the fault is told", (broken) => {
    for (const later of LATER) expect(definesLater(`import os\n${broken}${later}`)).toBe(1);
    expect(definesLater(`import os\n${broken}${LATER.join("\n")}`)).toBe(LATER.length);
    const { faults } = parse(`import os\n${broken}${LATER.join("\n")}`);
    expect(faults).toHaveLength(1);
    expect(faults[0]!.start).toBeGreaterThanOrEqual("import os\n".length);
    expect(faults[0]!.start).toBeLessThanOrEqual("import os\n".length + broken.length);
  });

  it("is not cut inside a docstring that shows code", () => {
    const text = `x = = 1\ndef f():\n    """\nimport os\ndef g(): pass\n"""\n    return 1\ny = (\n`;
    expect(parse(text).tree.body.map(({ kind }) => kind)).toEqual(["assign", "function", "assign"]);
  });

  it("keeps what could be read inside a broken function", () => {
    const text = "def f(x):\n    CACHE[x] = 1\n    y = = 2\n    CACHE.clear()\n";
    expect(all(text, "call").map((one) => source(text, one))).toEqual(["CACHE.clear()"]);
    expect(all(text, "subscript")).toHaveLength(1);
  });
});

describe("depth", () => {
  const DEEP = 10_000;
  it.each([
    ["brackets", `x = ${"[".repeat(DEEP)}${"]".repeat(DEEP)}\n`],
    ["calls", `x = ${"f(".repeat(DEEP)}${")".repeat(DEEP)}\n`],
    [
      "ifs",
      `${Array.from({ length: DEEP / 4 }, (_, at) => `${" ".repeat(at)}if x:\n`).join("")}${" ".repeat(DEEP / 4)}y\n`,
    ],
    ["signs", `x = ${"-".repeat(DEEP)}y\n`],
    ["powers", `x = ${Array(DEEP).fill("a").join(" ** ")}\n`],
    ["lambdas", `x = ${"lambda: ".repeat(DEEP)}y\n`],
  ])("%s without end are told, and the rest of the file is read", (_, text) => {
    const { tree, faults } = parse(`${text}def later(): pass\n`);
    expect(faults.map(({ message }) => message)).toEqual(["The code nests too deeply to be read"]);
    expect(tree.body.at(-1)).toMatchObject({ kind: "function", name: "later" });
  });

  it.each([
    ["terms", `x = ${Array(5000).fill("a").join(" + ")}\n`, 5000],
    ["mixed terms", `x = ${Array(2500).fill("a").join(" + a - ")}\n`, 4999],
    ["comparisons", `x = ${Array(5000).fill("a").join(" < ")}\n`, 9998],
    ["attributes", `x = a${".b".repeat(5000)}\n`, 1],
    ["calls in a row", `x = a${".b()".repeat(5000)}\n`, 1],
  ])("5,000 %s are read", (_, text, names) => {
    expect(parse(text).faults).toEqual([]);
    expect(all(text, "name")).toHaveLength(names + 1);
  });
});

describe("any text", () => {
  const WORDS = [
    "def f(",
    "):",
    "\n",
    "    ",
    "class A:",
    "'''",
    '"',
    "f'{",
    "}",
    "[",
    "]",
    "(",
    ")",
    "x",
    " = ",
    "if ",
    "\\",
    "\t",
    "@",
    "match x:",
    "case ",
    "lambda",
    ":=",
    "*",
    "**",
    ",",
    "async ",
    "await ",
    "else:",
    "try:",
    "except ",
    "#",
    "\r",
    "\f",
    "1",
    "\u00e9",
    "\u{1F600}",
    ";",
  ];

  it("ends in a tree", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...WORDS), { maxLength: 60 }), (words) => {
        const text = words.join("");
        const { tree, faults } = parse(text);
        for (const { start, end } of faults) expect(start >= 0 && start <= end && end <= text.length + 1).toBe(true);
        walk(tree, (node) => {
          expect(node.start).toBeLessThanOrEqual(node.end);
        });
      }),
      { numRuns: 400 },
    );
  });

  it("ends in a tree when a good source has lost a piece", () => {
    const good = `import os\n@a.b(1)\nclass C(D):\n    """Doc."""\n    x = {k: [v] for k, v in y}\n    async def m(self, *a, k=1):\n        with open(f"{a!r}") as f:\n            return (yield f), lambda: 1\n`;
    fc.assert(
      fc.property(fc.nat(good.length), fc.nat(12), fc.string({ maxLength: 3 }), (at, size, instead) => {
        const text = good.slice(0, at) + instead + good.slice(at + size);
        expect(parse(text).tree.end).toBe(text.length);
      }),
      { numRuns: 400 },
    );
  });
});
