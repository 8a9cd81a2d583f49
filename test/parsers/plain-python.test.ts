// The parser for plain files against the complete one: the same tree, or none.

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parsePlain } from "../../src/parsers/plain/plain-python.ts";
import { parseCompletely } from "../../src/parsers/python-from-pyright.ts";
import { decodeSource } from "../../src/python/source-text.ts";
import type { Module } from "../../src/python/tree.ts";
import { standardLibrarySources } from "../support/standard-library.ts";

const OPTIONS = { isStub: false, isNotebook: false };

/** A tree as text, with parents as places. */
function written(tree: Module): string {
  return JSON.stringify(tree, (key, value: unknown) => {
    if (key !== "parent" || value === null) return value;
    const { kind, start, end } = value as Module;
    return `${kind} ${start} ${end}`;
  });
}

describe("what is plain is read as the complete parser reads it", () => {
  it.each([
    "a + b + c - d * -e ** -f",
    "not a in b is not c",
    "a < b <= c != (d == e)",
    "x = y = *a, b",
    "x: int = yield_",
    "a[1:], a[::2], a[:, 1], a[*b], a[b := 1]",
    "f(a, *b, c=1, **d)(x for x in y if x if z)",
    "{**a, 'b': c}, {a: b for a, b in c}, {a, *b}, {a for a in b}",
    "(yield_), (a,), (), [a, *b], [[a] for a in b]",
    "lambda a, *b, c=1, **d: a if b else c",
    "def f(a, /, b: int = 1, *, c, **d) -> int: return (yield)",
    "async def f():\n  async with a as b, c: await d\n  async for e in f: pass\n  return [x async for x in y]",
    "@a.b(c)\nclass C(D, metaclass=E):\n  x = 1\n\n  def f(self): pass\n",
    "if a: pass\nelif b: pass\nelif c:\n  pass\nelse: pass",
    "try:\n  pass\nexcept (A, B) as e: raise\nexcept C: raise D from e\nelse: pass\nfinally: pass",
    "with (a as b, c as d): pass\nwith (a, b) as c: pass\nwith (a).b: pass\nwith (a): pass",
    "match a, b:\n  case [C(x=y, z=1), *_] if y: pass\n  case {'k': -1 + 2j, **rest}: pass\n  case 1 | 'a' | d.e as g: pass",
    "match = 1; match.a; match[1]; match(a)",
    "from .a import (b as c, d,)\nimport e.f as g, h\nfrom i import *",
    "'a' \"b\" '''c\n''' r'\\n' '\\n\\x41\\101'",
    "f'{a}{b!r:>{c}}d{{e}}' f\"{f['g']=}\" 'h' rf'\\d{i:%Y}'",
    "b'a' b'\\xff'",
    "while (a := b): break\nelse: del c, (d, e)",
    "def f():\n  global a, b\n  assert a, b\n  a //= 1",
    "0x1F + 1_000 + 1.5e-3 + .5j + 1.",
    "if a:\n  b \\\n    .c\n  # comment\nd",
    "a[b] = {}  # type: Dict[str, int]\nc = d = 1  # type: int",
    "a: int = (\n  # note\n  None  # {'b': c}\n)\nd = (1,)",
    "",
    "# only a comment",
    "def f():\n\tpass",
  ])("%s", (source) => {
    const plain = parsePlain(source);
    expect(parseCompletely(source, OPTIONS).faults).toEqual([]);
    expect(plain === null ? null : written(plain)).toBe(written(parseCompletely(source, OPTIONS).tree));
  });

  it.each([
    "a = 1\nif a:\n\n  b # comment\n  # comment\n\n# comment\nc",
    "a = (b,\n  # comment\n\n c)\nd \\\n  .e\n",
    "'''a\nb\\\nc\\\\\n''' 'd\\\ne' r'f\\\ng'",
    "b'h\\\ni'",
    "f'''a\n{b}\\\nc{\nd\n}''' f'e\\\nf'",
    "class A:\n\tdef f(self):\n\t\tpass\n\n\tb = 1\n",
  ])("with the line ends of Windows: %j", (source) => {
    const text = source.replaceAll("\n", "\r\n");
    const plain = parsePlain(text);
    expect(plain).not.toBeNull();
    expect(parseCompletely(text, OPTIONS).faults).toEqual([]);
    expect(plain === null ? null : written(plain)).toBe(written(parseCompletely(text, OPTIONS).tree));
  });

  it("and so is nearly all of the standard library", { timeout: 60_000 }, () => {
    const sample = standardLibrarySources().filter((_, index) => index % 5 === 0);
    let plainOnes = 0;
    for (const [at, path] of sample.entries()) {
      const { text } = decodeSource(readFileSync(path));
      // Every other one as an editor of Windows writes it.
      const source = at % 2 === 0 ? text : text.replaceAll(/\r?\n/g, "\r\n");
      const plain = parsePlain(source);
      if (plain === null) continue;
      plainOnes++;
      expect(written(plain) === written(parseCompletely(source, OPTIONS).tree), path).toBe(true);
    }
    expect(plainOnes).toBeGreaterThan(sample.length * 0.95);
  });
});

describe("what is not plain is left to the complete parser", () => {
  it.each([
    "a = (",
    "print a",
    "f(a=1, b)",
    "def f(a=1, b): pass",
    "return 1",
    "break",
    "await a",
    "1 = a",
    "x = 'a",
    "b'ä'",
    "type X = int",
    "def f[T](a): pass",
    "größe = 1",
    "a\rb",
    "if a:\npass",
    "  a",
    "if a:\n\tb\n        c",
    "del",
    "'a' b'c'",
    "f(a for a in b, c)",
  ])("%j", (source) => {
    expect(parsePlain(source)).toBeNull();
  });

  it("and so is what nests deeply", () => {
    expect(parsePlain(`${"(".repeat(200)}a${")".repeat(200)}`)).toBeNull();
    expect(parsePlain("[".repeat(100_000))).toBeNull();
  });

  it("chains are no nesting", () => {
    expect(parsePlain(`a${" + a".repeat(20_000)}`)).not.toBeNull();
    expect(parsePlain(`a${".b()".repeat(20_000)}`)).not.toBeNull();
    expect(parsePlain(`if a: pass\n${"elif a: pass\n".repeat(20_000)}`)).not.toBeNull();
  });
});
