// The terminal view as text, and the lines for a log, byte for byte; and that no screen is larger than the terminal.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { displayWidth } from "../../src/base/format-width.ts";
import type { WatchReport } from "../../src/model/watch-report.ts";
import { watchLines } from "../../src/report/watch-lines.ts";
import { chosenRows, FIRST_STATE, type ScreenState } from "../../src/report/watch-screen-rows.ts";
import { watchScreen } from "../../src/report/watch-screen.ts";
import { expectGolden } from "../golden/expect-golden.ts";
import { watchOfLittle, watchOfShop, watchOfWorkers } from "./example-watches.ts";

const textOf = (report: WatchReport, state: ScreenState, columns: number, rows: number): string =>
  watchScreen(report, state, { columns, rows })
    .map((line) =>
      line
        .map(({ text }) => text)
        .join("")
        .trimEnd(),
    )
    .join("\n");

const REPLAYED = { ...FIRST_STATE, replay: { seconds: 3600, totalSeconds: 86_400, speed: 60 } };
const SCREENS: readonly (readonly [string, WatchReport, ScreenState])[] = [
  ["one process", watchOfShop, FIRST_STATE],
  ["one process, while a filter is typed", watchOfShop, { ...FIRST_STATE, isTyping: true, filter: "views" }],
  ["little is known", watchOfLittle, { ...FIRST_STATE, isFrozen: true }],
  ["four workers", watchOfWorkers, { ...FIRST_STATE, sort: "rate" }],
  ["one of four workers", watchOfWorkers, { ...FIRST_STATE, focus: 4712 }],
  ["a recording", watchOfShop, REPLAYED],
  ["a page", watchOfShop, { ...FIRST_STATE, page: { title: "Keys", lines: ["q  quit"], offset: 0 } }],
];

describe.each([
  [80, 24],
  [120, 40],
])("the screen at %i x %i", (columns, rows) => {
  it("shows what is to be seen", () => {
    const text = SCREENS.map(([name, report, state]) => `== ${name}\n${textOf(report, state, columns, rows)}\n`).join(
      "\n",
    );
    expectGolden(`report/watch-screen-${columns}x${rows}.txt`, text);
  });
});

it("never is larger than the terminal, and says when that is too small", () => {
  const size = fc.record({ columns: fc.integer({ min: 1, max: 200 }), rows: fc.integer({ min: 1, max: 60 }) });
  fc.assert(
    fc.property(size, fc.constantFrom(...SCREENS), ({ columns, rows }, [, report, state]) => {
      const lines = watchScreen(report, state, { columns, rows });
      expect(lines.length).toBeLessThanOrEqual(Math.max(rows, 2));
      for (const line of lines)
        expect(displayWidth(line.map(({ text }) => text).join(""))).toBeLessThanOrEqual(columns);
    }),
  );
  expect(textOf(watchOfShop, FIRST_STATE, 40, 10)).toBe("terminal too small: 40x10\nneeds 60x15; q quits");
});

describe("rows", () => {
  const paths = (state: Partial<ScreenState>): string[] =>
    chosenRows(watchOfShop, { ...FIRST_STATE, ...state }).map(({ path }) => path.replace(/.*\./, ""));
  it("are sorted as asked", () => {
    expect(paths({})).toEqual(["REGISTRY", "RECENT"]);
    expect(paths({ sort: "path" })).toEqual(["REGISTRY", "RECENT"]);
    expect(paths({ sort: "held" })).toEqual(["REGISTRY", "RECENT"]);
  });
  it("are filtered by path", () => {
    expect(paths({ filter: "VIEWS" })).toEqual(["RECENT"]);
    expect(paths({ filter: "nothing" })).toEqual([]);
  });
});

describe("lines for a log", () => {
  const style = { width: 80, colours: false };
  it("say what is worth saying", () => {
    const said = new Map();
    const lines = [watchOfShop, watchOfWorkers, watchOfLittle].map((report) => watchLines(report, said, style));
    expectGolden("report/watch-lines.txt", lines.join("--\n").replaceAll(/^\d\d:\d\d:\d\d/gm, "hh:mm:ss"));
  });
  it("are silent while nothing changes, for a minute at most", () => {
    const said = new Map();
    const after = (ms: number): string => watchLines({ ...watchOfShop, atMs: watchOfShop.atMs + ms }, said, style);
    expect(after(0)).not.toBe("");
    expect([after(5000), after(59_000)]).toEqual(["", ""]);
    expect(after(60_000)).not.toBe("");
  });
});
