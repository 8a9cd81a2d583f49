// One parsed file as rules see it.

import type { SourceRange } from "../model/finding.ts";
import type { FileView } from "./file-view.ts";
import { type LineTable, positionAt } from "./line-table.ts";
import type { CellLines } from "./notebook.ts";
import { scopesOf } from "./scopes.ts";
import type { Module } from "./tree.ts";

export interface FileIdentity {
  /** As the user gave it. */
  readonly path: string;
  readonly module: string;
  readonly isPackage: boolean;
  readonly isTest: boolean;
  /** See resolve-import.ts. */
  readonly neighbours?: Readonly<Record<string, string>>;
}

/** `cells` is empty for anything but a notebook. */
export function makeFileView(
  file: FileIdentity,
  text: string,
  tree: Module,
  lines: LineTable,
  cells: readonly CellLines[],
): FileView {
  const rangeOf = (span: { readonly start: number; readonly end: number }): SourceRange => {
    const from = positionAt(lines, span.start);
    const to = positionAt(lines, span.end);
    const range = {
      file: file.path,
      line: from.line,
      column: from.column,
      endLine: to.line,
      endColumn: to.column,
    };
    const cell = cells.findLast(({ firstLine }) => firstLine <= from.line);
    if (cell === undefined) return range;
    const before = cell.firstLine - 1;
    return { ...range, line: from.line - before, endLine: to.line - before, cell: cell.cell };
  };
  const isStub = file.path.endsWith(".pyi");
  return { ...file, isStub, text, tree, scopes: scopesOf(tree), meanings: new Map(), answers: new Map(), rangeOf };
}
