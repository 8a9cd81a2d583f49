import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { readPythonFile } from "../../src/parsers/read-python-file.ts";
import { lineTableOf, positionAt } from "../../src/python/line-table.ts";
import type { Node } from "../../src/python/tree.ts";
import { ancestors, walk } from "../../src/python/walk.ts";
import { standardLibrarySources } from "../support/standard-library.ts";

/** What test/support/python/tree_dump.py prints. */
interface Dump {
  readonly path: string;
  readonly definitions: readonly (readonly [string, number])[];
  readonly callCount: number;
  readonly calleeEnds: readonly number[];
  readonly argumentCount: number;
  readonly names: readonly string[];
  readonly attributes: readonly string[];
  readonly imports: readonly (readonly [string, string | null])[];
  readonly bound: readonly string[];
  readonly kinds: Readonly<Record<string, number>>;
}

const SOURCES = standardLibrarySources();
/** Enough to meet every construct; CPython's side of the comparison takes most of the time. */
const SAMPLE = SOURCES.filter((_, index) => index % 12 === 0);

function read(path: string): ReturnType<typeof readPythonFile> {
  return readPythonFile({ path, module: "m", isPackage: false, isTest: false }, readFileSync(path));
}

function byText(a: unknown, b: unknown): number {
  return JSON.stringify(a) < JSON.stringify(b) ? -1 : 1;
}

/** The same facts from our tree. The middle of `a < b < c` is there twice and counts once. */
function dumpOf(path: string): Dump {
  const { view } = read(path);
  const table = lineTableOf(view.text);
  const lineOf = (offset: number): number => positionAt(table, offset).line;
  const seen = new Set<string>();
  const nodes: Node[] = [];
  walk(view.tree, (node) => {
    const place = `${node.kind} ${node.start} ${node.end}`;
    const isDouble = [...ancestors(node)].some((one) => one.kind === "compare") && seen.has(place);
    seen.add(place);
    if (!isDouble) nodes.push(node);
  });
  const of = <Kind extends Node["kind"]>(kind: Kind): Extract<Node, { readonly kind: Kind }>[] =>
    nodes.filter((node): node is Extract<Node, { readonly kind: Kind }> => node.kind === kind);
  const calls = of("call");
  const inFormatted = (node: Node): boolean => [...ancestors(node)].some(({ kind }) => kind === "f-string");
  const count = (kind: Node["kind"]): number => of(kind as "call").length;
  return {
    path,
    definitions: [...of("function"), ...of("class")]
      .map(({ name, nameStart }) => [name, lineOf(nameStart)] as const)
      .toSorted(byText),
    callCount: calls.length,
    calleeEnds: calls
      .filter((call) => !inFormatted(call))
      .map((call) => lineOf(call.callee.end))
      .toSorted((a, b) => a - b),
    argumentCount: calls.reduce((sum, call) => sum + call.arguments.length, 0),
    names: of("name")
      .map(({ id }) => id)
      .toSorted(),
    attributes: of("attribute")
      .map(({ name }) => name)
      .toSorted(),
    imports: of("alias")
      .map(({ name, asName }) => [name, asName] as const)
      .toSorted(byText),
    bound: [
      ...of("except").flatMap(({ name }) => name ?? []),
      ...of("case").flatMap((one) => one.boundNames),
    ].toSorted(),
    kinds: {
      If: count("if"),
      For: of("for").filter((one) => !one.isAsync).length,
      While: count("while"),
      Try: of("try").filter((one) => one.handlers.every(({ isGroup }) => !isGroup)).length,
      With: of("with").filter((one) => !one.isAsync).length,
      Lambda: count("lambda"),
      Return: count("return"),
      Await: count("await"),
      Yield: of("yield").filter((one) => !one.isFrom).length,
      Assign: of("assign").filter((one) => one.annotation === null).length,
      AnnAssign: of("assign").filter((one) => one.annotation !== null).length,
      AugAssign: count("aug-assign"),
      Subscript: count("subscript"),
      Dict: count("dict"),
      DictComp: of("comprehension").filter((one) => one.type === "dict").length,
      GeneratorExp: of("comprehension").filter((one) => one.type === "generator").length,
      IfExp: count("conditional"),
      NamedExpr: count("walrus"),
      JoinedStr: 0,
    },
  };
}

/** What the two trees can be compared by: CPython counts an f-string's format as one more. */
function comparable(dump: Dump, kinds: readonly string[]): unknown {
  const counted = kinds.map((kind) => `${kind} ${kind === "JoinedStr" ? 0 : (dump.kinds[kind] ?? 0)}`);
  return {
    ...dump,
    definitions: dump.definitions.toSorted(byText),
    imports: dump.imports.toSorted(byText),
    kinds: counted,
  };
}

describe("the standard library", () => {
  it("is read without a single problem", { timeout: 120_000 }, () => {
    const problems = SOURCES.flatMap((path) => read(path).problems);
    expect(problems).toEqual([]);
    expect(SOURCES.length).toBeGreaterThan(500);
  });

  it("has the same tree as CPython gives it", { timeout: 120_000 }, () => {
    const script = join(import.meta.dirname, "../support/python/tree_dump.py");
    const output = execFileSync("python3", [script], {
      input: SAMPLE.join("\n"),
      encoding: "utf8",
      maxBuffer: 1 << 29,
    });
    const theirs = output.trimEnd().split("\n");
    expect(theirs.length).toBe(SAMPLE.length);
    for (const line of theirs) {
      const their = JSON.parse(line) as Dump;
      const ours = dumpOf(their.path);
      const kinds = Object.keys(ours.kinds);
      expect(comparable(ours, kinds), their.path).toEqual(comparable(their, kinds));
    }
  });
});
