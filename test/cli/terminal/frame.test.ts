// The renderer against a terminal of a few lines: whatever is drawn after whatever, the terminal shows the second picture.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { changesBetween, type Frame, frameOf } from "../../../src/cli/terminal/frame.ts";
import { readKeys } from "../../../src/cli/terminal/read-keys.ts";
import { displayWidth } from "../../../src/base/format-width.ts";
import { type Line, span, type Tone } from "../../../src/report/text-style.ts";

const SIZE = { columns: 20, rows: 5 };
const TONES: readonly Tone[] = ["plain", "strong", "faint", "bad", "selected"];
const PIECES = ["a", "bc", "  ", "日", "本語", "é", "e\u0301", "0123456789", ""];
const anyLine = fc.array(
  fc
    .record({ text: fc.constantFrom(...PIECES), tone: fc.constantFrom(...TONES) })
    .map(({ text, tone }) => span(text, tone)),
  { maxLength: 6 },
);
const anyLines = fc.array(anyLine, { maxLength: 8 });

/** Cells of a terminal that knows cursor positions, colours and wide characters. */
function applied(before: readonly (readonly string[])[], written: string): string[][] {
  const cells = before.map((row) => [...row]);
  let [row, column, tone] = [0, 0, "0"];
  // eslint-disable-next-line no-control-regex -- what terminals are told
  for (const [, position, colour, text] of written.matchAll(/\u001b\[(\d+;\d+)H|\u001b\[([\d;]*)m|([^\u001b]+)/g)) {
    if (position !== undefined) [row, column] = position.split(";").map((each) => Number(each) - 1) as [number, number];
    else if (colour !== undefined) tone = colour;
    else
      for (const { segment } of new Intl.Segmenter("en").segment(text ?? "")) {
        cells[row]![column] = `${tone} ${segment}`;
        if (displayWidth(segment) === 2) cells[row]![column + 1] = "";
        column += displayWidth(segment);
      }
  }
  return cells;
}

const empty = (): string[][] =>
  Array.from({ length: SIZE.rows }, () => Array.from({ length: SIZE.columns }, () => "?"));
const draw = (before: Frame | null, lines: readonly Line[]): [Frame, string] => {
  const frame = frameOf(lines, SIZE);
  return [frame, changesBetween(before, frame, true)];
};

describe("frames", () => {
  it("a change leads to the same screen as drawing all of it", () => {
    fc.assert(
      fc.property(anyLines, anyLines, (first, second) => {
        const [before, drawn] = draw(null, first);
        const [, change] = draw(before, second);
        const [, whole] = draw(null, second);
        expect(applied(applied(empty(), drawn), change)).toEqual(applied(empty(), whole));
      }),
    );
  });
  it("writes nothing when nothing changed, and only what did", () => {
    const [before] = draw(null, [[span("one 1 two")], [span("same")]]);
    expect(draw(before, [[span("one 1 two")], [span("same")]])[1]).toBe("");
    expect(draw(before, [[span("one 2 two")], [span("same")]])[1]).toBe("\u001b[1;5H2");
  });
});

describe("keys", () => {
  it.each([
    ["\u001b[A", ["up"]],
    ["\u001bOB\u001b[6~", ["down", "page-down"]],
    ["q", ["q"]],
    ["日\r", ["日", "enter"]],
    ["\u001b", ["escape"]],
    ["\u001b[1;5Cx", ["x"]],
    ["\u0003", ["interrupt"]],
    ["\u007f\t", ["backspace", "tab"]],
  ])("%j", (text, keys) => {
    expect(readKeys(text).map((key) => (key.kind === "text" ? key.text : key.name))).toEqual(keys);
  });
  it("takes any bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        const text = Buffer.from(bytes).toString("utf8");
        expect(readKeys(text).length).toBeLessThanOrEqual(text.length);
      }),
    );
  });
});
