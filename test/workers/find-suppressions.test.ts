import { describe, expect, it } from "vitest";
import { readPythonFile } from "../../src/parsers/read-python-file.ts";
import { pythonSuppressions } from "../../src/workers/find-suppressions.ts";

/** First and last line that the one suppression in `text` means. */
function linesMeant(text: string): readonly [number, number] | null {
  const file = { path: "app.py", module: "app", isPackage: false, isTest: false };
  const [found] = pythonSuppressions(readPythonFile(file, new TextEncoder().encode(text)).view);
  return found === undefined ? null : [found.firstLine, found.lastLine];
}

describe("a suppression means the whole head of its statement", () => {
  it.each([
    ["def f(\n    a,\n    b=[],\n):  # dw: ignore\n    pass\n", [1, 4]],
    ["def f(\n    a,\n    /,\n) -> list[\n    int\n]:  # dw: ignore\n    pass\n", [1, 6]],
    ["def f(\n    a=[],  # the default, #1\n    # nothing else\n):  # dw: ignore\n    pass\n", [1, 4]],
    ["@cache(  # dw: ignore\n    maxsize=None,\n)\ndef f(a):\n    pass\n", [1, 4]],
    ["class A(\n    B,\n):  # dw: ignore\n    pass\n", [1, 3]],
    ["with (\n    open(p) as f,\n):  # dw: ignore\n    pass\n", [1, 3]],
    ["if (\n    a\n):  # dw: ignore\n    pass\n", [1, 3]],
    ["for a in (\n    b\n):  # dw: ignore\n    pass\n", [1, 3]],
  ] as const)("%j", (text, lines) => expect(linesMeant(text)).toEqual(lines));

  it("and nothing of its body", () => {
    expect(linesMeant("def f(\n    a,\n):\n    b = []  # dw: ignore\n")).toEqual([4, 4]);
    expect(linesMeant("def f(\n    a,\n): b = []\nc = 1  # dw: ignore\n")).toEqual([4, 4]);
  });

  it("however many signs of a comment stand between", () => {
    expect(
      linesMeant(`def f(\n    a,\n${`${"#".repeat(300)}\n`.repeat(30)}) -> x[0]:  # dw: ignore\n    pass\n`),
    ).toEqual([1, 33]);
  });
});
