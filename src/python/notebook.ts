// Jupyter notebooks (nbformat 3 and 4): the code cells as one text, with a way back to cell and line.

import { fail, ok, type Result } from "../base/result.ts";

/** Where a cell's lines lie in the joined text. */
export interface CellLines {
  /** Number of the cell in the notebook, from 1, counting all kinds. */
  readonly cell: number;
  /** Line of the joined text, from 1. */
  readonly firstLine: number;
}

export interface Notebook {
  readonly text: string;
  readonly cells: readonly CellLines[];
}

/** Magics that run their cell as Python. All others run it as something else. */
const PYTHON_CELL_MAGIC = /^%%(?:time|timeit|capture|prun|python3?|debug)\b/;

/** `%time`, `!ls`, `?help`. A line that begins with "%" inside brackets reads the same; operators stand at line ends in notebooks. */
const LINE_MAGIC = /^\s*(?:%{1,2}[A-Za-z_]|!|\?)/;
/** `frame.head?` */
const HELP = /^\s*[\w.*]+\?{1,2}\s*$/;
/** `files = !ls`, `took = %timeit -o f()` */
const ASSIGNED_MAGIC = /^(\s*[\w., ]+=\s*)[!%](?!=).*$/;

/** The code of a notebook; a sentence when it is no notebook, or of another language. */
export function readNotebook(json: string): Result<Notebook, string> {
  let content: unknown;
  try {
    content = JSON.parse(json);
  } catch {
    return fail("The notebook is not valid JSON.");
  }
  const cells = cellsOf(content);
  if (cells === null) return fail("The notebook has no list of cells.");
  const texts: string[] = [];
  const places: CellLines[] = [];
  let firstLine = 1;
  const language = languageOf(content);
  for (const [index, cell] of cells.entries()) {
    const source = language === "python" ? codeOf(cell) : null;
    if (source === null) continue;
    const lines = withoutMagics(source.split(/\r\n|\r|\n/));
    places.push({ cell: index + 1, firstLine });
    texts.push(`${lines.join("\n")}\n`);
    firstLine += lines.length;
  }
  return ok({ text: texts.join(""), cells: places });
}

function member(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>)[key] : undefined;
}

/** nbformat 3 has the cells of worksheets. */
function cellsOf(content: unknown): readonly unknown[] | null {
  const cells = member(content, "cells");
  if (Array.isArray(cells)) return cells;
  const sheets = member(content, "worksheets");
  if (!Array.isArray(sheets)) return null;
  return sheets.flatMap((sheet: unknown) => cellsOf(sheet) ?? []);
}

function languageOf(content: unknown): string {
  const metadata = member(content, "metadata");
  const named = member(member(metadata, "language_info"), "name") ?? member(member(metadata, "kernelspec"), "language");
  return typeof named === "string" && !/^i?python/i.test(named) ? named : "python";
}

function codeOf(cell: unknown): string | null {
  if (member(cell, "cell_type") !== "code") return null;
  const source = member(cell, "source") ?? member(cell, "input");
  if (typeof source === "string") return source;
  return Array.isArray(source) ? source.join("") : null;
}

/** Lines of IPython's own language are replaced by statements that do nothing: line numbers stay, blocks keep a body. */
function withoutMagics(lines: readonly string[]): string[] {
  const magic = lines.find((line) => line.trim() !== "") ?? "";
  if (magic.startsWith("%%") && !PYTHON_CELL_MAGIC.test(magic)) return lines.map(() => "");
  const plain: string[] = [];
  let isContinued = false;
  for (const line of lines) {
    const isMagic: boolean = isContinued || LINE_MAGIC.test(line) || HELP.test(line);
    const statement = isContinued ? "" : `${/^\s*/.exec(line)?.[0] ?? ""}pass`;
    plain.push(isMagic ? statement : line.replace(ASSIGNED_MAGIC, "$1None"));
    isContinued = isMagic && line.trimEnd().endsWith("\\");
  }
  return plain;
}
