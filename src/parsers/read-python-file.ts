// Bytes of a `.py`, `.pyi` or `.ipynb` file to what rules see.

import type { ScanProblem } from "../model/finding.ts";
import type { FileView } from "../python/file-view.ts";
import { lineCount, type LineTable, lineTableOf, positionAt } from "../python/line-table.ts";
import { type FileIdentity, makeFileView } from "../python/make-file-view.ts";
import { type Notebook, readNotebook } from "../python/notebook.ts";
import { decodeSource, type SourceFault, type SourceText } from "../python/source-text.ts";
import { parsePython } from "./python-from-pyright.ts";

export interface PythonFile {
  readonly view: FileView;
  /** How the bytes were read; what a changed text has to be written in. */
  readonly source: SourceText;
  /** Number of lines. */
  readonly lines: number;
  readonly problems: readonly ScanProblem[];
}

/** More of them say nothing new about a file. */
const MOST_PROBLEMS = 3;

/**
 * Decodes, parses and finds the scopes of one file. Never throws for what is in the file: whatever could not be read is in
 * `problems`, and the view has the rest. O(size); only in files with errors up to a constant number of times that.
 */
export function readPythonFile(file: FileIdentity, bytes: Uint8Array): PythonFile {
  const source = decodeSource(bytes);
  const isNotebook = file.path.endsWith(".ipynb");
  const notebook = isNotebook ? readNotebook(source.text) : null;
  const faults: SourceFault[] = [...source.faults];
  let joined: Notebook = { text: source.text, cells: [] };
  if (notebook !== null) {
    joined = notebook.ok ? notebook.value : { text: "", cells: [] };
    if (!notebook.ok) faults.push({ message: notebook.error, offset: 0 });
  }
  const parsed = parsePython(joined.text, { isStub: file.path.endsWith(".pyi"), isNotebook });
  for (const { message, start } of parsed.faults) {
    faults.push({ message: `Syntax error: ${message.replace(/\.?$/, ".")}`, offset: start });
  }
  const table = lineTableOf(joined.text);
  const view = makeFileView(file, joined.text, parsed.tree, table, joined.cells);
  return { view, source, lines: lineCount(joined.text, table), problems: problemsOf(file.path, faults, table) };
}

function problemsOf(file: string, faults: readonly SourceFault[], table: LineTable): ScanProblem[] {
  return faults
    .toSorted((a, b) => a.offset - b.offset)
    .slice(0, MOST_PROBLEMS)
    .map(({ message, offset }) => ({ file, ...positionAt(table, offset), message }));
}
