// Offsets to lines. A line ends with LF, CRLF or CR, as for Python; a form feed ends nothing.

export interface Position {
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 units. */
  readonly column: number;
}

/** Where each line begins. */
export type LineTable = readonly number[];

/** O(length of the text). */
export function lineTableOf(text: string): LineTable {
  const starts = [0];
  if (!text.includes("\r")) {
    for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
    return starts;
  }
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit === 10 || (unit === 13 && text.charCodeAt(at + 1) !== 10)) starts.push(at + 1);
  }
  return starts;
}

/** Lines as editors and `wc` count them: what follows the last line end is one only if something is there. */
export function lineCount(text: string, table: LineTable): number {
  return table.at(-1) === text.length ? table.length - 1 : table.length;
}

/** O(log lines). An offset past the end lies on the last line. */
export function positionAt(table: LineTable, offset: number): Position {
  let low = 0;
  let high = table.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((table[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return { line: low + 1, column: offset - (table[low] ?? 0) + 1 };
}

/** Where a line begins; the last line's start for lines past the end. */
export function offsetOfLine(table: LineTable, line: number): number {
  return table[Math.min(Math.max(line, 1), table.length) - 1] ?? 0;
}
