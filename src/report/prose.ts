// Sentences and headings, wrapped at words.

import { displayWidth, elideMiddle } from "../base/format-width.ts";
import { EMPTY_LINE, type Line, type Span, spaces, span, type TextStyle, type Tone } from "./text-style.ts";

/** Where the first and the following lines of a paragraph begin. */
export interface Indent {
  readonly first: Line;
  readonly rest: number;
}

/** A paragraph of spans; words that touch each other across spans stay together. */
export function paragraph(spans: readonly Span[], style: TextStyle, indent: Indent = { first: [], rest: 0 }): Line[] {
  const width = style.width - indent.rest;
  const lines: Span[][] = [[]];
  let used = 0;
  for (const word of wordsOf(spans, width)) {
    const wordWidth = word.reduce((sum, piece) => sum + displayWidth(piece.text), 0);
    if (used > 0 && used + 1 + wordWidth > width) {
      lines.push([...word]);
      used = wordWidth;
    } else {
      const line = lines.at(-1);
      if (used > 0) line?.push({ text: " ", tone: spaceTone(line, word) });
      line?.push(...word);
      used += wordWidth + (used > 0 ? 1 : 0);
    }
  }
  return lines.map((line, at) => (at === 0 ? [...indent.first, ...line] : [spaces(indent.rest), ...line]));
}

/** One sentence in one tone. */
export function sentence(text: string, style: TextStyle, tone: Tone = "plain"): Line[] {
  return paragraph([span(text, tone)], style);
}

/** An empty line and a title. */
export function heading(title: string): Line[] {
  return [EMPTY_LINE, [span(title, "strong")]];
}

/** Warnings, last in every report; nothing when there are none. */
export function warningLines(warnings: readonly string[], style: TextStyle): Line[] {
  if (warnings.length === 0) return [];
  return [
    ...heading(warnings.length === 1 ? "Warning" : "Warnings"),
    ...warnings.flatMap((text) => marked("!", text, "warning", style)),
  ];
}

/** A sentence after a mark, indented under it. */
export function marked(mark: string, text: string, tone: Tone, style: TextStyle): Line[] {
  return paragraph([span(text)], style, { first: [spaces(2), span(mark, tone), spaces(1)], rest: 4 });
}

/** A command line to copy: never shortened, never wrapped. */
export function commandLine(command: string): Line {
  return [spaces(4), span(command, "command")];
}

/** The space between two words of one tone has that tone, too. */
function spaceTone(line: Line, word: Line): Tone {
  const before = line.at(-1)?.tone ?? "plain";
  return word[0]?.tone === before ? before : "plain";
}

/** Splits spans at spaces into words, each a run of pieces that must not be separated. */
function wordsOf(spans: readonly Span[], width: number): Span[][] {
  const words: Span[][] = [[]];
  for (const each of spans) {
    each.text.split(" ").forEach((text, at) => {
      if (at > 0) words.push([]);
      if (text !== "") words.at(-1)?.push({ text: elideMiddle(text, width), tone: each.tone });
    });
  }
  return words.filter((word) => word.length > 0);
}
