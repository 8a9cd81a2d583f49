// Paths over several lines: a path with its middle left out can neither be understood nor copied. Lines break before a dot or a
// word, before a bracket where they must, and inside a name only when it alone is wider than the line.

import { displayWidth, elideMiddle } from "../base/format-width.ts";
import { type Span, span } from "./text-style.ts";

/** A path that needs more lines is read by its ends. */
const MOST_LINES = 4;
const GAP = "…";
/** A name with the dot or space before it and the subscripts after it: `.cache['k17'][0]`. */
const STEPS = /(?:^sys\.modules|[.\s][^.[\s]*|[^.[\s]+)(?:\[(?:'(?:\\.|[^'\\])*'|[^\]']*)\])*|./gsu;
/** The same, with each subscript apart. */
const PIECES = /\[(?:'(?:\\.|[^'\\])*'|[^\]']*)\]|^sys\.modules|[.\s]?[^.[\s]+|./gsu;

/** `path` in lines of at most `width` columns. */
export function pathLines(path: Span, width: number): readonly [Span, ...Span[]] {
  const lines = wrapped(path.text, width);
  const shown = lines.length <= MOST_LINES ? lines : [...lines.slice(0, 1), GAP, ...lines.slice(2 - MOST_LINES)];
  const [first = "", ...more] = shown;
  const toned = (text: string): Span => span(text, path.tone);
  return [toned(first), ...more.map(toned)];
}

function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const piece of piecesOf(text, width)) {
    if (line !== "" && displayWidth(line + piece) > width) {
      lines.push(line);
      line = piece.trimStart();
    } else line += piece;
  }
  return [...lines, line].map((each) => elideMiddle(each, width));
}

function piecesOf(text: string, width: number): readonly string[] {
  return (text.match(STEPS) ?? []).flatMap((step) =>
    displayWidth(step) <= width ? [step] : (step.match(PIECES) ?? []),
  );
}
