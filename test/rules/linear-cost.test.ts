// Generated sources repeat one pattern thousands of times. What rules read of the tree and of the facts is counted: twice
// the source may cost about twice as much, and not four times.

import { expect, it } from "vitest";
import { extractFacts } from "../../src/python/extract-facts.ts";
import type { FileView } from "../../src/python/file-view.ts";
import { linkProject } from "../../src/python/project.ts";
import type { Node } from "../../src/python/tree.ts";
import { walk } from "../../src/python/walk.ts";
import { ALL_RULES } from "../../src/rules/all-rules.ts";
import type { Json, Rule } from "../../src/rules/rule.ts";
import { fileViews } from "../support/python-project.ts";

const repeated = (count: number, line: (at: number) => string): string =>
  Array.from({ length: count }, (_, at) => line(at)).join("\n");

const SOURCES: readonly (readonly [code: string, what: string, source: (count: number) => string])[] = [
  ["DW403", "one variable", (n) => `def f(p):\n${repeated(n, () => "    a = open(p)\n    a.read()")}\n`],
  ["DW403", "many variables", (n) => `def f(p):\n${repeated(n, (at) => `    a${at} = open(p)\n    a${at}.read()`)}\n`],
  [
    "DW403",
    "attributes of a class",
    (n) => `class A:\n${repeated(n, (at) => `    def f${at}(self, p):\n        self.a${at} = open(p)`)}\n`,
  ],
  [
    "DW406",
    "one loop",
    (n) => `def f(pool):\n    while True:\n${repeated(n, (at) => `        pool.submit(g, ${at})`)}\n`,
  ],
  ["DW406", "a chain of calls", (n) => `def f(a):\n    while True:\n        a${".submit(1)".repeat(n)}\n`],
  ["DW401", "one function", (n) => logging(`def f(self):\n${repeated(n, () => `    ${ADD_HANDLER}`)}\n`)],
  [
    "DW401",
    "methods of a class",
    (n) => logging(`class A:\n${repeated(n, (at) => `    def f${at}(self):\n        ${ADD_HANDLER}`)}\n`),
  ],
  [
    "DW401",
    "handlers in attributes",
    (n) =>
      logging(
        `def f(self):\n${repeated(n, (at) => `    self.h${at} = logging.StreamHandler()\n    log.addHandler(self.h${at})`)}\n`,
      ),
  ],
  [
    "DW401",
    "after tests that leave",
    (n) => logging(`def f(self):\n${repeated(n, (at) => `    if x${at}: return\n    ${ADD_HANDLER}`)}\n`),
  ],
  ["DW302", "attributes of wrappers", (n) => `${repeated(n, attributeDecorator)}\n`],
  ["DW302", "lists of decorators", (n) => `${repeated(n, closureDecorator)}\n`],
  ["DW203", "lists of decorators", (n) => `${repeated(n, closureDecorator)}\n`],
  [
    "DW203",
    "functions that are handed over",
    (n) =>
      `def make():\n${repeated(n, (at) => `    c${at} = {}\n    def w${at}(k):\n        c${at}[k] = 1\n    register(w${at})`)}\n`,
  ],
  [
    "DW304",
    "one function",
    (n) => `import atexit\ndef f(self):\n${repeated(n, () => "    atexit.register(self.close)")}\n`,
  ],
  [
    "DW304",
    "methods of a class",
    (n) =>
      `import atexit\nclass A:\n${repeated(n, (at) => `    def f${at}(self):\n        atexit.register(self.close)`)}\n`,
  ],
  ["DW304", "a chain of calls", (n) => `def f(a):\n    a${".connect(1)".repeat(n)}\n`],
  [
    "DW503",
    "keys that are set and others that are deleted",
    (n) =>
      `import redis\n${repeated(n, (at) => `def f${at}(k):\n    redis.Redis().set(f"user:{k}:${at}", 1)\n    redis.Redis().delete("other:${at}")`)}\n`,
  ],
  [
    "DW311",
    "one variable",
    (n) => `import sys\nF = []\ndef f():\n${repeated(n, () => "    x = sys._getframe()\n    F.append(x)")}\n`,
  ],
];

const ADD_HANDLER = "log.addHandler(logging.StreamHandler())";

function logging(source: string): string {
  return `import logging\nlog = logging.getLogger()\n${source}`;
}

function attributeDecorator(at: number): string {
  return `def deco${at}(fn):\n    def wrapper(*args):\n        wrapper.calls${at}.append(args)\n    wrapper.calls${at} = []\n    return wrapper`;
}

function closureDecorator(at: number): string {
  return `def deco${at}(fn):\n    calls = []\n    def wrapper(*args):\n        calls.append(args)\n    return wrapper\n@deco${at}\ndef g${at}(): pass`;
}

const SITES = 150;
const MOST = 2.5;

it.each(SOURCES)("%s reads %s about as often as there are sites", (code, _what, source) => {
  const rule = ALL_RULES.find((each) => each.code === code)!;
  const [once, twice] = [SITES, 2 * SITES].map((count) => readsOf(rule, source(count)));
  expect(once!).toBeGreaterThan(SITES);
  expect(twice! / once!).toBeLessThan(MOST);
});

it("the ways to functions that call one another in a row are about as long as the row", () => {
  const [once, twice] = [SITES, 2 * SITES].map((count) => {
    const steps = repeated(count, (at) => `def f${at}(x):\n    return f${at + 1}(x)`);
    const source = `from flask import Flask\napp = Flask(__name__)\n@app.route("/")\ndef index():\n    return f0(1)\n${steps}\n`;
    const project = linkProject(fileViews({ "a.py": source }).map(extractFacts));
    const contexts = project.functions.flatMap((each) => project.contextsOf(each));
    expect(contexts.every(({ kind }) => kind === "request")).toBe(true);
    return contexts.reduce((sum, { chain }) => sum + chain.length, 0);
  });
  expect(twice! / once!).toBeLessThan(MOST);
});

it("facts of a chain of calls cost about as much as the chain is long", () => {
  const [once, twice] = [500, 1000].map((count) => {
    const [file] = fileViews({ "a.py": `def f(a):\n    return a${".b(1)".repeat(count)}\n` });
    const reads = countReads(file!);
    extractFacts(file!);
    return reads();
  });
  expect(twice! / once!).toBeLessThan(MOST);
});

function readsOf(rule: Rule, source: string): number {
  const [file] = fileViews({ "a.py": source });
  const facts = counted(extractFacts(fileViews({ "a.py": source })[0]!));
  const nodes: Node[] = [];
  walk(file!.tree, (node) => nodes.push(node));
  const reads = countReads(file!);
  const found: Json[] = [];
  for (const node of nodes) rule.collect.get(node.kind)?.(node, file!, (each) => found.push(each));
  const evidence = counted(found);
  const project = linkProject([facts.of]);
  // What all rules share is not the rule's.
  for (const definition of project.functions) project.contextsOf(definition);
  expect(project.containers.length).toBeGreaterThanOrEqual(0);
  const before = facts.reads();
  rule.judge(evidence.of, project);
  return reads() + evidence.reads() + facts.reads() - before;
}

/** Counts how often somebody goes up from a node of the file or asks for its kind. */
function countReads({ tree }: FileView): () => number {
  let count = 0;
  walk(tree, (node) => {
    for (const key of ["kind", "parent"] as const) {
      const value = node[key];
      Object.defineProperty(node, key, {
        get: () => {
          count += 1;
          return value;
        },
      });
    }
  });
  count = 0;
  return () => count;
}

/** Plain data that counts how often anything in it is read. */
function counted<Data extends object>(data: Data): { readonly of: Data; readonly reads: () => number } {
  let count = 0;
  const known = new Map<object, object>();
  const wrap = (value: unknown): unknown => {
    if (typeof value !== "object" || value === null) return value;
    let proxy = known.get(value);
    if (proxy === undefined) {
      proxy = new Proxy(value, {
        get: (target, key) => {
          count += 1;
          return wrap(Reflect.get(target, key));
        },
      });
      known.set(value, proxy);
    }
    return proxy;
  };
  return { of: wrap(data) as Data, reads: () => count };
}
