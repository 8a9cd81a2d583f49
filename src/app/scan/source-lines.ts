// Texts of scanned files, read again when somebody wants to see a line: on a warm run most never are.

import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { readNotebook } from "../../python/notebook.ts";
import { decodeSource, type SourceText } from "../../python/source-text.ts";

export interface SourceLines {
  /** Decoded; null when the file cannot be read any more. */
  readonly sourceOf: (file: string) => SourceText | null;
  readonly lineOf: (file: string, line: number, cell?: number) => string | null;
}

/** `folder` is where the scan began; `overlay` has contents that are not on the disk, by the name in reports. */
export function openSourceLines(folder: string, overlay: ReadonlyMap<string, Uint8Array>): SourceLines {
  const sources = new Map<string, SourceText | null>();
  const tables = new Map<string, readonly string[]>();
  const notebooks = new Map<string, CellIndex>();
  const sourceOf = (file: string): SourceText | null => {
    const known = sources.get(file);
    if (known !== undefined) return known;
    const source = readSource(resolve(folder, file), overlay.get(file) ?? null);
    sources.set(file, source);
    return source;
  };
  const linesOf = (file: string): readonly string[] => {
    const known = tables.get(file);
    if (known !== undefined) return known;
    const lines = (sourceOf(file)?.text ?? "").split(/\r\n|\n|\r/);
    tables.set(file, lines);
    return lines;
  };
  const cellsOf = (file: string): CellIndex => {
    const known = notebooks.get(file);
    if (known !== undefined) return known;
    const cells = indexCells(sourceOf(file)?.text ?? "");
    notebooks.set(file, cells);
    return cells;
  };
  return {
    sourceOf,
    lineOf: (file, line, cell) =>
      (cell === undefined ? linesOf(file)[line - 1] : lineInCell(cellsOf(file), line, cell)) ?? null,
  };
}

function readSource(path: string, bytes: Uint8Array | null): SourceText | null {
  try {
    return decodeSource(bytes ?? readFileSync(path));
  } catch {
    // It was there when it was scanned; a report can do without the line.
    return null;
  }
}

/** The lines of a notebook's code, and at which of them each cell begins. */
interface CellIndex {
  readonly lines: readonly string[];
  readonly firstLines: ReadonlyMap<number, number>;
}

function indexCells(json: string): CellIndex {
  const notebook = readNotebook(json);
  if (!notebook.ok) return { lines: [], firstLines: new Map() };
  const { text, cells } = notebook.value;
  return { lines: text.split("\n"), firstLines: new Map(cells.map(({ cell, firstLine }) => [cell, firstLine])) };
}

function lineInCell({ lines, firstLines }: CellIndex, line: number, cell: number): string | undefined {
  const first = firstLines.get(cell);
  return first === undefined ? undefined : lines[first + line - 2];
}
