// Tables: every column as wide as its longest cell; flexible columns give way when the terminal is narrow.

import { displayWidth } from "../base/format-width.ts";
import { pathLines } from "./wrap-path.ts";
import { elided, type Line, type Span, spaces, span, type TextStyle } from "./text-style.ts";

export interface Column {
  readonly title: string;
  readonly align: "left" | "right";
  /** May be shortened: in the middle, or, in the last column, over several lines. */
  readonly flexible: boolean;
}

export interface Row {
  /** One per column. */
  readonly cells: readonly Span[];
  /** Lines under the row, starting at its last column. */
  readonly details: readonly Line[];
}

const INDENT = 2;
const GAP = 2;
/** A flexible column is never made narrower than this. */
const LEAST_FLEXIBLE = 16;

export function column(title: string, align: "left" | "right" = "right"): Column {
  return { title, align, flexible: false };
}
export function flexibleColumn(title: string): Column {
  return { title, align: "left", flexible: true };
}
export function row(cells: readonly Span[], details: readonly Line[] = []): Row {
  return { cells, details };
}

/** The table's lines: titles, then rows. */
export function tableLines(columns: readonly Column[], rows: readonly Row[], style: TextStyle): Line[] {
  const widths = columnWidths(columns, rows, style.width);
  const lastStart = lastColumnStart(columns, widths);
  const titles = row(columns.map((each) => span(each.title, "faint")));
  return [titles, ...rows].flatMap((each) => {
    const { cells, more } = wrapLast(each.cells, columns, widths);
    return [
      rowLine(cells, columns, widths),
      ...[...more, ...each.details].map((detail) => [spaces(lastStart), ...detail]),
    ];
  });
}

/** The last column has room below it: what is too wide for it goes on there, where other columns are shortened. */
function wrapLast(
  cells: readonly Span[],
  columns: readonly Column[],
  widths: readonly number[],
): { readonly cells: readonly Span[]; readonly more: readonly Line[] } {
  const last = cells.at(-1);
  if (last === undefined || columns.at(-1)?.flexible !== true) return { cells, more: [] };
  const [first, ...rest] = pathLines(last, widths.at(-1) ?? 0);
  return { cells: [...cells.slice(0, -1), first], more: rest.map((line) => [line]) };
}

/** Columns that details of a row may use. */
export function detailWidth(columns: readonly Column[], rows: readonly Row[], style: TextStyle): number {
  return style.width - lastColumnStart(columns, columnWidths(columns, rows, style.width));
}

function rowLine(cells: readonly Span[], columns: readonly Column[], widths: readonly number[]): Line {
  return cells.flatMap((cell, at) => {
    const width = widths[at] ?? 0;
    const text = elided(cell, width);
    const pad = spaces(width - displayWidth(text.text));
    const before = spaces(at === 0 ? INDENT : GAP);
    return columns[at]?.align === "right" ? [before, pad, text] : [before, text, pad];
  });
}

function lastColumnStart(columns: readonly Column[], widths: readonly number[]): number {
  return INDENT + GAP * (columns.length - 1) + sum(widths.slice(0, -1));
}

function columnWidths(columns: readonly Column[], rows: readonly Row[], width: number): readonly number[] {
  const widths = columns.map((each, at) =>
    Math.max(displayWidth(each.title), ...rows.map((one) => displayWidth(one.cells[at]?.text ?? ""))),
  );
  const room = width - INDENT - GAP * (columns.length - 1);
  return shrink(widths, columns, sum(widths) - room);
}

/** Takes `over` columns from the flexible columns, always from the widest. */
function shrink(widths: readonly number[], columns: readonly Column[], over: number): readonly number[] {
  const shrunk = [...widths];
  for (let left = over; left > 0; left--) {
    const flexible = shrunk.map((each, at) => (columns[at]?.flexible === true && each > LEAST_FLEXIBLE ? each : 0));
    const widest = flexible.indexOf(Math.max(...flexible));
    if (flexible[widest] === 0) break;
    shrunk[widest] = (shrunk[widest] ?? 0) - 1;
  }
  return shrunk;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
