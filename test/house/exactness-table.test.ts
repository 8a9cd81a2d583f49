import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";

import {
  type ExactnessRow,
  fillTable,
  joinRows,
  printTable,
  readTable,
  staleCells,
  withoutRow,
} from "../../tools/exactness-table.ts";

const README = readFileSync(join(import.meta.dirname, "../../README.md"), "utf8");
const EMPTY = README.replace(/^\| \d.*\n/gm, "");

function row(python: string, change: ExactnessRow["cells"] = {}): ExactnessRow {
  return { python, cells: { objects: "189,635", exactness: "98.68 %", paths: "12 of 12", ...change } };
}

describe("the table of the README", () => {
  test("is there, with every column and one row per interpreter, oldest first", () => {
    const rows = readTable(README) ?? [];
    expect(rows.length).toBeGreaterThan(5);
    expect(joinRows(rows)).toEqual(rows);
    expect(fillTable(README, rows)).toBe(README);
  });

  test("gets what was measured, and keeps the rest", () => {
    const filled = fillTable(EMPTY, [row("3.10.13 (shared)"), row("3.8.18 (shared)")]) ?? "";
    expect(readTable(filled)).toEqual([row("3.8.18 (shared)"), row("3.10.13 (shared)")]);
    const again = fillTable(filled, [{ python: "3.8.18 (shared)", cells: { "random stops": "20 of 20" } }]) ?? "";
    expect(readTable(again)?.[0]).toEqual(row("3.8.18 (shared)", { "random stops": "20 of 20" }));
    expect(fillTable("no table", [])).toBeNull();
    expect(readTable(README.replace("| paths |", "| roads |"))).toBeNull();
  });
});

describe("what was measured", () => {
  test("by several test files of one interpreter is one row", () => {
    const stops = { python: "3.8.18 (shared)", cells: { "random stops": "20 of 20" } };
    expect(joinRows([row("3.8.18 (shared)"), stops])).toEqual([row("3.8.18 (shared)", stops.cells)]);
    expect(printTable([row("3.8.18 (shared)", stops.cells)]).split("\n")[1]).toMatch(
      /^3\.8\.18 \(shared\) {2}189,635 {2}98\.68 % +- .* 12 of 12 +- +20 of 20$/,
    );
  });

  test("may differ in the last digits from what is kept, and in nothing else", () => {
    const stale = (now: ExactnessRow["cells"], then: ExactnessRow["cells"] = now): readonly string[] =>
      staleCells([row("3.8.18 (shared)", then)], [row("3.8.18 (shared)", now)]);
    expect(stale({ objects: "191,002", exactness: "98.72 %" }, {})).toEqual([]);
    expect(stale({ "`lru_cache` counters": "21 of 21" }, { "`lru_cache` counters": "9 of 9" })).toEqual([]);
    expect(stale({ objects: "289,635" }, {})).toHaveLength(1);
    expect(stale({ exactness: "98.11 %" }, {})).toHaveLength(1);
    expect(stale({ "`lru_cache` counters": "8 of 9" }, { "`lru_cache` counters": "9 of 9" })).toHaveLength(1);
    expect(stale({ "random stops": "20 of 20" }, {})).toEqual([]);
    expect(stale({ "random stops": "19 of 20" }, { "random stops": "20 of 20" })).toEqual([
      '3.8.18 (shared), random stops: the table says "20 of 20", the tests measured "19 of 20"',
    ]);
  });

  test("of an interpreter that has no row is named, and says nothing of the rows", () => {
    const [kept, measured] = [[row("3.8.18 (shared)")], [row("3.14.9 (static)", { paths: "1 of 12" })]];
    expect(staleCells(kept, measured)).toEqual([]);
    expect(withoutRow(kept, measured)).toEqual(["3.14.9 (static)"]);
  });
});
