import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { growsUpTo } from "../../src/python/grows-up-to.ts";
import { project } from "../support/python-project.ts";

/** What is known of `POOL` of a file. */
function limitOf(body: string, head = "MOST = 25\nPOOL = []\n"): number | "some" | null {
  const container = project({ "pool.py": `${head}${body}` }).containerOf("pool.POOL");
  expect(container).not.toBeNull();
  return container === null ? null : growsUpTo(container);
}

const indented = (lines: string): string => lines.replaceAll(/^/gm, "    ");
const fn = (lines: string): string => `def take(number):\n${indented(lines)}\n`;

describe("a container that is written to while there is room grows up to its limit", () => {
  it.each([
    ["if len(POOL) < MOST:\n    POOL.append(number)", 25],
    ["if len(POOL) <= 24:\n    POOL.append(number)", 25],
    ["if MOST > len(POOL):\n    POOL.append(number)", 25],
    ["if not len(POOL) >= MOST:\n    POOL.append(number)", 25],
    ["if len(POOL) >= MOST:\n    return None\nPOOL.append(number)", 25],
    ["if len(POOL) == MOST:\n    raise ValueError(number)\nPOOL.append(number)", 25],
    ["if len(POOL) >= MOST:\n    print('full')\nelse:\n    POOL.append(number)", 25],
    ["room = len(POOL) < MOST\nif not POOL or (room and number % 40 == 0):\n    POOL.append(number)", 25],
    ["size = len(POOL)\nif size < MOST and number:\n    POOL.append(number)", 25],
    ["if len(POOL) >= MOST:\n    POOL.pop(0)\nPOOL.append(number)", 25],
    ["POOL.append(number)\nwhile len(POOL) > MOST:\n    POOL.pop(0)", 26],
    ["POOL.append(number)\nif len(POOL) > MOST:\n    del POOL[0]", 26],
    ["if len(POOL) < settings.MOST:\n    POOL.append(number)", "some"],
    ["if len(POOL) < MOST:\n    POOL.extend(number)", "some"],
  ] as const)("%s", (lines, limit) => {
    expect(limitOf(fn(lines))).toBe(limit);
  });

  it.each([
    ["a warning is no limit", "if len(POOL) > MOST:\n    print('many')\nPOOL.append(number)"],
    ["one of two ways that the test does not guard", "if len(POOL) < MOST or number:\n    POOL.append(number)"],
    ["the length of something else", "if len(number) < MOST:\n    POOL.append(number)"],
    ["a least length", "if len(POOL) > MOST:\n    POOL.append(number)"],
    ["emptying that the test does not lead to", "if len(POOL) >= MOST:\n    number.pop()\nPOOL.append(number)"],
    ["a test after the write", "POOL.append(number)\nif len(POOL) >= MOST:\n    return None"],
  ])("none: %s", (_, lines) => {
    expect(limitOf(fn(lines))).toBeNull();
  });

  it("every write must be guarded, and nobody else may hold it", () => {
    const guarded = fn("if len(POOL) < MOST:\n    POOL.append(number)");
    expect(limitOf(`${guarded}def other(x):\n    POOL.append(x)\n`)).toBeNull();
    expect(limitOf(`${guarded}register(POOL)\n`)).toBeNull();
    expect(limitOf(`${guarded}def wider(x):\n    if len(POOL) < 40:\n        POOL.append(x)\n`)).toBe(40);
    expect(limitOf(`POOL.append(0)\n${guarded}`)).toBe(25);
  });

  it("its own maximum goes before", () => {
    const head = "import collections\nPOOL = collections.deque(maxlen=7)\n";
    expect(limitOf(fn("POOL.append(number)"), head)).toBe(7);
  });

  it("the limit is what a run of the guard comes to, whatever the comparison and the number", () => {
    const operators = { "<": (a: number, b: number) => a < b, "<=": (a: number, b: number) => a <= b } as const;
    const operator = fc.constantFrom<keyof typeof operators>("<", "<=");
    fc.assert(
      fc.property(operator, fc.integer({ min: 1, max: 60 }), fc.boolean(), (op, most, isMirrored) => {
        const mirrored = op === "<" ? ">" : ">=";
        const test = isMirrored ? `${most} ${mirrored} len(POOL)` : `len(POOL) ${op} ${most}`;
        let length = 0;
        for (let call = 0; call < 100; call++) if (operators[op](length, most)) length++;
        expect(limitOf(fn(`if ${test}:\n    POOL.append(number)`))).toBe(length);
      }),
      { numRuns: 40 },
    );
  });
});
