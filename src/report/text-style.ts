// What every text reporter writes with: spans of toned text. Text enters a report only through `span`, which makes it
// printable, so nothing a target chose can reach the terminal as a control sequence.

import { printable } from "../base/format-printable.ts";
import { displayWidth, elideMiddle } from "../base/format-width.ts";

/** The paper a report is printed on. */
export interface TextStyle {
  /** Columns; no line is longer, except a command line to copy. */
  readonly width: number;
  readonly colours: boolean;
}

export type Tone = "plain" | "strong" | "faint" | "name" | "good" | "warning" | "bad" | "command" | "selected";

/** A piece of a line. Made by `span` only. */
export interface Span {
  readonly text: string;
  readonly tone: Tone;
}
export type Line = readonly Span[];

export const EMPTY_LINE: Line = [];

/** Parameters of the control sequence for each tone; empty: none. */
export const SGR: Readonly<Record<Tone, string>> = {
  plain: "",
  strong: "1",
  faint: "2",
  name: "36",
  good: "32",
  warning: "33",
  bad: "1;31",
  command: "1",
  selected: "7",
};

export function span(text: string, tone: Tone = "plain"): Span {
  return { text: printable(text), tone };
}

export function spaces(count: number): Span {
  return { text: " ".repeat(Math.max(0, count)), tone: "plain" };
}

export function lineWidth(line: Line): number {
  return line.reduce((width, each) => width + displayWidth(each.text), 0);
}

/** `each` in at most `width` columns. */
export function elided(each: Span, width: number): Span {
  return { text: elideMiddle(each.text, width), tone: each.tone };
}

/** The finished text: every line ends with a line break, none with a space. */
export function renderLines(lines: readonly Line[], style: TextStyle): string {
  return lines.map((line) => `${renderLine(withinWidth(line, style.width), style)}\n`).join("");
}

function renderLine(line: Line, style: TextStyle): string {
  const last = line.findLastIndex((each) => each.text.trim() !== "");
  return merged(line.slice(0, last + 1))
    .map((each, at, all) => paint(at === all.length - 1 ? { ...each, text: each.text.trimEnd() } : each, style))
    .join("");
}

/** Neighbours of one tone as one span: one colour, not one per word. */
function merged(line: Line): Line {
  const spans: Span[] = [];
  for (const each of line) {
    const before = spans.at(-1);
    if (before?.tone === each.tone) spans[spans.length - 1] = { text: before.text + each.text, tone: each.tone };
    else spans.push(each);
  }
  return spans;
}

function paint(each: Span, style: TextStyle): string {
  const code = SGR[each.tone];
  return style.colours && code !== "" && each.text.trim() !== "" ? `\u001b[${code}m${each.text}\u001b[0m` : each.text;
}

/** The last defence against lines that a terminal would wrap: the longest span gives way. */
function withinWidth(line: Line, width: number): Line {
  const over = lineWidth(line) - width;
  if (over <= 0 || line.some((each) => each.tone === "command")) return line;
  const widths = line.map((each) => displayWidth(each.text));
  const longest = widths.indexOf(Math.max(...widths));
  const room = Math.max(1, (widths[longest] ?? 0) - over);
  const shorter = line.map((each, at) => (at === longest ? elided(each, room) : each));
  return lineWidth(shorter) < lineWidth(line) ? withinWidth(shorter, width) : shorter;
}
