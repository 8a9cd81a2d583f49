// What a terminal shows, as cells, and the shortest way from one such picture to the next: only the part of a line that
// differs is written.

import { displayWidth } from "../../base/format-width.ts";
import { type Line, SGR, type Tone } from "../../report/text-style.ts";
import type { TerminalSize } from "./terminal-device.ts";

/** A character with its tone. A wide one is followed by a cell of no text. */
interface Cell {
  readonly text: string;
  readonly tone: Tone;
}

/** One array per row, each as wide as the terminal. */
export type Frame = readonly (readonly Cell[])[];

const BLANK: Cell = { text: " ", tone: "plain" };
const GRAPHEMES = new Intl.Segmenter("en", { granularity: "grapheme" });
const ASCII = /^[\x20-\x7e]*$/;

/** Lines that are too long are cut, and those that are too many are left out. */
export function frameOf(lines: readonly Line[], { columns, rows }: TerminalSize): Frame {
  return Array.from({ length: rows }, (_, at) => rowOf(lines[at] ?? [], columns));
}

function rowOf(line: Line, columns: number): readonly Cell[] {
  const cells: Cell[] = [];
  for (const { text, tone } of line) {
    for (const cluster of clustersOf(text)) {
      const width = displayWidth(cluster);
      if (cells.length + width > columns) break;
      if (width === 0) continue;
      cells.push({ text: cluster, tone });
      if (width === 2) cells.push({ text: "", tone });
    }
  }
  while (cells.length < columns) cells.push(BLANK);
  return cells;
}

function clustersOf(text: string): Iterable<string> {
  return ASCII.test(text) ? text : Array.from(GRAPHEMES.segment(text), ({ segment }) => segment);
}

/** What to write so that `before` becomes `after`; all of it when there was nothing before. O(cells). */
export function changesBetween(before: Frame | null, after: Frame, colours: boolean): string {
  return after
    .map((row, at) => {
      const [first, last] = difference(before?.[at], row);
      return first > last ? "" : `\u001b[${at + 1};${first + 1}H${paintedRow(row.slice(first, last + 1), colours)}`;
    })
    .join("");
}

/** First and last column that differ; a wide character is never cut in two. */
function difference(before: readonly Cell[] | undefined, after: readonly Cell[]): readonly [number, number] {
  if (before === undefined || before.length !== after.length) return [0, after.length - 1];
  const isSame = (at: number): boolean => before[at]?.text === after[at]?.text && before[at]?.tone === after[at]?.tone;
  let [first, last] = [0, after.length - 1];
  while (first <= last && isSame(first)) first += 1;
  while (last >= first && isSame(last)) last -= 1;
  const isInside = (at: number): boolean => after[at]?.text === "" || before[at]?.text === "";
  while (first > 0 && first <= last && isInside(first)) first -= 1;
  while (last < after.length - 1 && first <= last && isInside(last + 1)) last += 1;
  return [first, last];
}

function paintedRow(cells: readonly Cell[], colours: boolean): string {
  let text = "";
  let tone: Tone = "plain";
  for (const cell of cells) {
    if (cell.tone !== tone) text += sequence(cell.tone, colours);
    tone = cell.tone;
    text += cell.text;
  }
  return tone === "plain" ? text : text + sequence("plain", colours);
}

/** A selection is seen without colours, too. */
function sequence(tone: Tone, colours: boolean): string {
  const code = colours || tone === "selected" ? SGR[tone] : "";
  return code === "" ? "\u001b[0m" : `\u001b[0;${code}m`;
}
