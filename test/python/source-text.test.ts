import { describe, expect, it } from "vitest";

import { commentsOf } from "../../src/python/comments.ts";
import { lineTableOf, offsetOfLine, positionAt } from "../../src/python/line-table.ts";
import { readPythonFile } from "../../src/parsers/read-python-file.ts";
import { decodeSource } from "../../src/python/source-text.ts";
import { readPython } from "../support/python-source.ts";

function bytes(...parts: readonly (string | readonly number[])[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => (typeof part === "string" ? [...Buffer.from(part, "latin1")] : part)));
}

describe("bytes to text", () => {
  it.each([
    ["UTF-8 unless said otherwise", bytes("x = '", [0xc3, 0xa9], "'"), "x = '\u00e9'", "utf-8"],
    ["a byte order mark", bytes([0xef, 0xbb, 0xbf], "x"), "x", "utf-8"],
    [
      "Latin-1, with what Windows puts elsewhere",
      bytes("# -*- coding: latin-1 -*-\n", [0xe9, 0x85]),
      "# -*- coding: latin-1 -*-\n\u00e9\u0085",
      "iso-8859-1",
    ],
    [
      "a coding on the second line",
      bytes("#!/bin/python\n# vim: set fileencoding=cp1252 :\n", [0x80]),
      "#!/bin/python\n# vim: set fileencoding=cp1252 :\n\u20ac",
      "windows-1252",
    ],
    [
      "no coding after code",
      bytes("x = 1\n# coding: latin-1\n", [0xc3, 0xa9]),
      "x = 1\n# coding: latin-1\n\u00e9",
      "utf-8",
    ],
    ["KOI8-R", bytes("# coding: koi8-r\n", [0xf0]), "# coding: koi8-r\n\u041f", "koi8-r"],
    ["Python's own spelling of UTF-8", bytes("# coding: utf_8_sig\nx"), "# coding: utf_8_sig\nx", "utf-8"],
    ["nothing", bytes(), "", "utf-8"],
  ])("%s", (_, source, text, encoding) => {
    expect(decodeSource(source)).toMatchObject({ text, encoding, faults: [] });
  });

  it.each([
    ["with its byte order mark", bytes([0xff, 0xfe], "x\0 \0=\0 \x001\0\n\0")],
    ["the other way round", bytes([0xfe, 0xff], "\0x\0 \0=\0 \x001\0\n")],
    ["without a mark", bytes("x\0 \0=\0 \x001\0\n\0")],
  ])("says of UTF-16 %s one thing, not what is wrong with each byte", (_, source) => {
    const { problems } = readPythonFile({ path: "a.py", module: "a", isPackage: false, isTest: false }, source);
    expect(problems.map(({ message }) => message)).toEqual([
      "The file is UTF-16, which Python does not read; save it as UTF-8.",
    ]);
  });

  it("tells what does not fit, and reads on", () => {
    expect(decodeSource(bytes("# coding: klingon\nx")).faults[0]!.message).toContain('"klingon" is not known');
    const broken = decodeSource(bytes("x = 1\ny = '", [0xff], "'\n"));
    expect(broken.faults).toEqual([{ message: expect.stringContaining("not valid UTF-8"), offset: 11 }]);
    expect(broken.text).toContain("y = '\ufffd'");
    expect(decodeSource(bytes("x\0y")).faults[0]).toMatchObject({ offset: 1 });
  });

  it("names file, line and column of a fault", () => {
    const { problems, view } = readPython("import os\nx = (1 +\ndef f(): pass\n");
    expect(problems).toEqual([{ file: "m.py", line: 2, column: 5, message: 'Syntax error: "(" was not closed.' }]);
    expect(view.tree.body.at(-1)).toMatchObject({ kind: "function", name: "f" });
  });

  it("tells at most three faults of a file", () => {
    expect(readPython("x = (\n".repeat(50)).problems).toHaveLength(3);
  });
});

describe("a line table", () => {
  it("counts LF, CRLF and CR, and no form feed", () => {
    const text = "a\nb\r\nc\rd\fe";
    const table = lineTableOf(text);
    expect(["a", "b", "c", "d", "e"].map((letter) => positionAt(table, text.indexOf(letter)))).toEqual([
      { line: 1, column: 1 },
      { line: 2, column: 1 },
      { line: 3, column: 1 },
      { line: 4, column: 1 },
      { line: 4, column: 3 },
    ]);
    expect(offsetOfLine(table, 3)).toBe(text.indexOf("c"));
    expect(positionAt(lineTableOf(""), 0)).toEqual({ line: 1, column: 1 });
  });
});

describe("comments", () => {
  it("are found outside strings only, also in broken files", () => {
    const text = 'x = \'#a\' # b\ny = """\n# c\n""" # d\nz = \'open # e\n# f\nr\'\\\\\' # g\n';
    expect(commentsOf(text).map((one) => one.text)).toEqual(["# b", "# d", "# f", "# g"]);
    const [first] = commentsOf(text);
    expect(text.slice(first!.start, first!.end)).toBe("# b");
  });
});
