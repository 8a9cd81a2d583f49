import { describe, expect, it } from "vitest";
import { domainOf } from "../../src/python/key-domain.ts";
import type { Origin } from "../../src/python/origin.ts";
import { sitesThat } from "../../src/python/definitions.ts";
import { project, type Sources } from "../support/python-project.ts";

const HEAD = [
  "import time, uuid, datetime, threading, enum, mod",
  "from datetime import datetime as dt",
  "from flask import request",
  "C = {}",
  "LIMIT = 3",
];

/** The key of `C[...] = 1` in a function with the parameters `a` and `items`. */
function keyOf(...lines: readonly string[]): Origin | undefined {
  const source = [...HEAD, "def f(a, items):", ...lines.map((line) => `    ${line}`), "    C[key] = 1"].join("\n");
  const [site] = sitesThat(project({ "m.py": source }).containerOf("m.C")!, "grow");
  return site?.fact.key;
}

describe("where a value comes from", () => {
  it.each([
    ["key = 'x'", { from: "literal", text: "x" }],
    ["key = a", { from: "parameter", name: "a" }],
    ["b = a\n    key = b", { from: "parameter", name: "a" }],
    ["key = a.id", { from: "attribute", of: { from: "parameter", name: "a" }, name: "id" }],
    ["key = type(a)", { from: "finite", what: "type" }],
    ["key = a.__class__", { from: "finite", what: "type" }],
    ["key = hash(a) % 16", { from: "finite", what: "remainder" }],
    ["key = a & 0xff", { from: "finite", what: "remainder" }],
    [
      "key = a % 1_000_000_007",
      {
        from: "parts",
        how: "arithmetic",
        parts: [
          { from: "parameter", name: "a" },
          { from: "literal", text: "1_000_000_007" },
        ],
      },
    ],
    ["key = f", { from: "finite", what: "function", name: "f" }],
    ["key = a is None", { from: "finite", what: "bool" }],
    ["key = time.time()", { from: "fresh", what: "time" }],
    ["key = dt.now()", { from: "fresh", what: "time" }],
    ["key = uuid.uuid4()", { from: "fresh", what: "uuid" }],
    ["key = id(a)", { from: "fresh", what: "id", of: { from: "parameter", name: "a" } }],
    ["key = f'u:{a}'", { from: "parts", how: "text", parts: [{ from: "parameter", name: "a" }] }],
    ["key = str(a)", { from: "parts", how: "text", parts: [{ from: "parameter", name: "a" }] }],
    ["key = a.lower()", { from: "parts", how: "text", parts: [{ from: "parameter", name: "a" }] }],
    [
      "key = (a, 1)",
      {
        from: "parts",
        how: "tuple",
        parts: [
          { from: "parameter", name: "a" },
          { from: "literal", text: "1" },
        ],
      },
    ],
    ["key = ('x', 1)", { from: "literal", text: "" }],
    ["key = items[0]", { from: "item", of: { from: "parameter", name: "items" } }],
    ["key = mod.load(a)", { from: "call", callee: "mod.load", of: { from: "parameter", name: "a" } }],
    ["key = request.path", { from: "global", name: "flask.request.path" }],
    ["x, key = 1, a", { from: "parameter", name: "a" }],
    ["x, key = a", { from: "item", of: { from: "parameter", name: "a" } }],
    ["key = LIMIT", { from: "literal", text: "3" }],
    ["key = lambda: a", { from: "made", what: "lambda" }],
  ] as const)("%s", (line, expected) => {
    expect(keyOf(line)).toEqual(expected);
  });

  it("follows loops, handlers and branches", () => {
    expect(keyOf("for key in items: pass")).toEqual({ from: "each", of: { from: "parameter", name: "items" } });
    expect(keyOf("try: pass", "except OSError as key: pass")).toEqual({ from: "exception" });
    expect(keyOf("if a: key = 'x'", "else: key = a")).toEqual({
      from: "parts",
      how: "choice",
      parts: [
        { from: "literal", text: "x" },
        { from: "parameter", name: "a" },
      ],
    });
  });

  it("ends where names are defined by each other", () => {
    expect(keyOf("x = y", "y = x", "key = x")).toBeUndefined();
  });
});

describe("how many values a key can have", () => {
  const domain = (sources: Sources): string => {
    const shop = project(sources);
    const [site] = sitesThat(shop.containerOf("m.C")!, "grow");
    const answer = domainOf(shop, site!.function, site!.fact.key);
    return `${answer.domain}: ${answer.because}`;
  };

  it("asks the callers about parameters", () => {
    const m = "C = {}\ndef put(k):\n    C[k] = 1\n";
    expect(domain({ "m.py": m })).toBe("open: comes from parameter k");
    expect(domain({ "m.py": m, "n.py": "from m import put\nput('a')\nput(k='b')\n" })).toMatch(/^finite/);
    expect(domain({ "m.py": m, "n.py": "from m import put\nput('a')\ndef g(x):\n    put(x)\n" })).toMatch(/^open/);
    expect(domain({ "m.py": m, "n.py": "from m import put\nput(*args)\n" })).toMatch(/^open/);
  });

  it("knows parameters of handlers, and types with few values", () => {
    const handler =
      "from flask import Flask\napp = Flask('x')\nC = {}\n@app.route('/<k>')\ndef put(k):\n    C[k] = 1\n";
    expect(domain({ "m.py": handler })).toBe("open: comes from parameter k of a route (Flask)");
    const colour = "import enum\nclass Colour(enum.Enum): RED = 1\nC = {}\ndef put(k: Colour):\n    C[k] = 1\n";
    expect(domain({ "m.py": colour })).toMatch(/^finite/);
    expect(domain({ "m.py": "C = {}\ndef put(k: type[int]):\n    C[k] = 1\n" })).toMatch(/^finite/);
  });

  it("lets constant arguments speak for what an entry point calls", () => {
    const shop = project({
      "a.py":
        "from flask import Flask\napp = Flask('x')\n@app.route('/')\ndef show():\n    return table('orders')\ndef table(name): pass\n",
    });
    const domain = domainOf(shop, shop.functionOf("a.table"), { from: "parameter", name: "name" });
    expect(domain.domain).toBe("finite");
  });

  it("takes the widest part", () => {
    expect(domain({ "m.py": "import time\nC = {}\ndef put(k):\n    C['a', k, time.time()] = 1\n" })).toMatch(/^fresh/);
  });
});
