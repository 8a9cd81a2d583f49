import { describe, expect, it } from "vitest";

import { nodesOf, readPython } from "../support/python-source.ts";

const PATH = { path: "n.ipynb", module: "n" };

function notebook(...cells: readonly (readonly [type: string, source: string | readonly string[]])[]): string {
  return JSON.stringify({ nbformat: 4, cells: cells.map(([cell_type, source]) => ({ cell_type, source })) });
}

describe("a notebook", () => {
  it("is one module whose places are cells and lines", () => {
    const json = notebook(["markdown", "# Title"], ["code", ["x = 1\n", "y = 2"]], ["code", "\ndef f(): pass\n"]);
    const { view, problems } = readPython(json, PATH);
    expect(problems).toEqual([]);
    expect(nodesOf(view, "assign").map((one) => view.rangeOf(one))).toMatchObject([
      { cell: 2, line: 1, column: 1, endColumn: 6 },
      { cell: 2, line: 2, column: 1 },
    ]);
    expect(view.rangeOf(nodesOf(view, "function")[0]!)).toMatchObject({ file: "n.ipynb", cell: 3, line: 2 });
  });

  it("may wait outside functions and use magics", () => {
    const code =
      "%matplotlib inline\nawait f()\nif x:\n    !ls \\\n      -l\nfiles = !ls\nframe.head?\n?print\ny = 5 % 3\n%%html is no magic here\n";
    const { view, problems } = readPython(
      notebook(["code", code], ["code", "%%bash\nls | (\n"], ["code", "%%time\nz = 1\n"]),
      PATH,
    );
    expect(problems).toEqual([]);
    const names = nodesOf(view, "assign").map(({ targets }) => (targets[0]?.kind === "name" ? targets[0].id : ""));
    expect(names).toEqual(["files", "y", "z"]);
  });

  it("that is no JSON, or has no cells, is told", () => {
    expect(readPython("{", PATH).problems).toMatchObject([{ line: 1, message: "The notebook is not valid JSON." }]);
    expect(readPython("{}", PATH).problems).toMatchObject([{ message: "The notebook has no list of cells." }]);
    expect(readPython('{"cells": [1, {"cell_type": "code"}, null]}', PATH).problems).toEqual([]);
  });

  it("of another language holds no Python", () => {
    const json = `{"metadata": {"kernelspec": {"language": "R"}}, "cells": [{"cell_type": "code", "source": "x <- c("}]}`;
    expect(readPython(json, PATH)).toMatchObject({ problems: [], view: { text: "" } });
  });
});
