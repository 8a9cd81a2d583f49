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
  return {
    sourceOf,
    lineOf: (file, line, cell) =>
      (cell === undefined ? linesOf(file)[line - 1] : cellLine(sourceOf(file)?.text ?? "", line, cell)) ?? null,
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

function cellLine(json: string, line: number, cell: number): string | undefined {
  const notebook = readNotebook(json);
  if (!notebook.ok) return undefined;
  const place = notebook.value.cells.find((each) => each.cell === cell);
  return place === undefined ? undefined : notebook.value.text.split("\n")[place.firstLine + line - 2];
}
