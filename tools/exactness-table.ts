// The table of README.md that says how exact readings are, one row per interpreter: how its cells are written, when a cell says what the
// tests have measured, and how measured rows get into the document. The tests measure (test/support/measured.ts).

/** "3.11.2 (static, stripped)" and so on, and its cells by title; a cell is missing where that test did not run. */
export interface ExactnessRow {
  readonly python: string;
  readonly cells: Readonly<Partial<Record<ColumnTitle, string>>>;
}

export type ColumnTitle =
  | "objects"
  | "exactness"
  | "sizes equal, raw"
  | "with known differences"
  | "references missed"
  | "`lru_cache` counters"
  | "paths"
  | "planted garbage"
  | "random stops";

interface Column {
  readonly title: ColumnTitle;
  /** When a kept cell says what was measured: see `says`. */
  readonly agree: Agreement;
}

type Agreement =
  | { readonly by: "text" }
  /** Both are "N of N". */
  | { readonly by: "completeness" }
  /** Not further apart than this part of the kept number. */
  | { readonly by: "share"; readonly most: number }
  /** Not further apart than this, in the unit of the number. */
  | { readonly by: "distance"; readonly most: number };

/**
 * What a machine has installed decides how many objects and caches there are, and where objects happen to lie decides on the last digits
 * of shares: neither makes a kept row wrong.
 */
const COLUMNS: readonly Column[] = [
  { title: "objects", agree: { by: "share", most: 0.2 } },
  { title: "exactness", agree: { by: "distance", most: 0.5 } },
  { title: "sizes equal, raw", agree: { by: "distance", most: 0.3 } },
  { title: "with known differences", agree: { by: "distance", most: 0.1 } },
  { title: "references missed", agree: { by: "distance", most: 0 } },
  { title: "`lru_cache` counters", agree: { by: "completeness" } },
  { title: "paths", agree: { by: "text" } },
  { title: "planted garbage", agree: { by: "text" } },
  { title: "random stops", agree: { by: "text" } },
];

const BEGIN = "<!-- measured: exactness -->";
const END = "<!-- end of measured -->";
const NOT_MEASURED = "-";

/** What several test files measured of each interpreter, as one row each, oldest version first. */
export function joinRows(rows: readonly ExactnessRow[]): readonly ExactnessRow[] {
  const byPython = new Map<string, ExactnessRow>();
  for (const { python, cells } of rows)
    byPython.set(python, { python, cells: { ...byPython.get(python)?.cells, ...cells } });
  return [...byPython.values()].toSorted((a, b) => byVersion(a.python, b.python));
}

function byVersion(a: string, b: string): number {
  return a.localeCompare(b, "en", { numeric: true });
}

/** For a terminal, columns in line. */
export function printTable(rows: readonly ExactnessRow[]): string {
  const lines = [["CPython", ...COLUMNS.map(({ title }) => title.replaceAll("`", ""))], ...rows.map(wordsOf)];
  const widthOf = (column: number): number => Math.max(...lines.map((line) => (line[column] ?? "").length));
  const widths = [...COLUMNS.keys(), COLUMNS.length].map(widthOf);
  const padded = lines.map((line) => line.map((word, column) => word.padEnd(widths[column] ?? 0)));
  return padded.map((line) => line.join("  ").trimEnd()).join("\n");
}

function wordsOf({ python, cells }: ExactnessRow): readonly string[] {
  return [python, ...COLUMNS.map(({ title }) => cells[title] ?? NOT_MEASURED)];
}

/** The rows of `document`; null when its table is missing or has other columns. */
export function readTable(document: string): readonly ExactnessRow[] | null {
  const begin = document.indexOf(BEGIN);
  const end = document.indexOf(END, begin);
  if (begin < 0 || end < 0) return null;
  const [head, , ...lines] = document
    .slice(begin + BEGIN.length, end)
    .trim()
    .split("\n")
    .map((line) =>
      line
        .split("|")
        .slice(1, -1)
        .map((word) => word.trim()),
    );
  const titles = COLUMNS.map(({ title }) => title);
  if (head?.join("|") !== ["CPython", ...titles].join("|")) return null;
  return lines.map(([python = "", ...words]) => {
    const cells = titles.map((title, at) => [title, words[at] ?? NOT_MEASURED] as const);
    return {
      python,
      cells: Object.fromEntries(cells.filter(([, word]) => word !== NOT_MEASURED)) as ExactnessRow["cells"],
    };
  });
}

/**
 * What `kept` says otherwise than `measured`, one sentence each. Rows and cells that only one of them has are left alone: other machines have
 * other interpreters, and choose others for the tests that do not run on all.
 */
export function staleCells(kept: readonly ExactnessRow[], measured: readonly ExactnessRow[]): readonly string[] {
  return measured.flatMap(({ python, cells }) => {
    const row = kept.find((each) => each.python === python);
    if (row === undefined) return [];
    return COLUMNS.flatMap((column) => {
      const { [column.title]: now } = cells;
      const { [column.title]: then } = row.cells;
      return now === undefined || then === undefined || says(column, then, now)
        ? []
        : [`${python}, ${column.title}: the table says "${then}", the tests measured "${now}"`];
    });
  });
}

/** The interpreters that were measured and have no row. */
export function withoutRow(kept: readonly ExactnessRow[], measured: readonly ExactnessRow[]): readonly string[] {
  return measured.map(({ python }) => python).filter((python) => !kept.some((row) => row.python === python));
}

function says({ agree }: Column, then: string, now: string): boolean {
  switch (agree.by) {
    case "text":
      return then === now;
    case "completeness":
      return isComplete(then) && isComplete(now);
    case "share":
      return Math.abs(numberOf(then) - numberOf(now)) <= agree.most * numberOf(then);
    case "distance":
      return Math.abs(numberOf(then) - numberOf(now)) <= agree.most;
  }
}

function isComplete(word: string): boolean {
  const [some, all] = word.split(" of ");
  return all !== undefined && some === all && numberOf(all) > 0;
}

function numberOf(word: string): number {
  return Number.parseFloat(word.replaceAll(",", ""));
}

/** `document` with the measured cells in its table, whatever else it has in it kept; null when it has no such table. */
export function fillTable(document: string, measured: readonly ExactnessRow[]): string | null {
  const kept = readTable(document);
  if (kept === null) return null;
  const rows = joinRows([...kept, ...measured]).map(wordsOf);
  const head = [
    ["CPython", ...COLUMNS.map(({ title }) => title)],
    ["---", ...COLUMNS.map(() => "--:")],
  ];
  const lines = [...head, ...rows].map((words, at) => (at === 1 ? `|${words.join("|")}|` : `| ${words.join(" | ")} |`));
  const [begin, end] = [document.indexOf(BEGIN), document.indexOf(END)];
  return `${document.slice(0, begin)}${BEGIN}\n${lines.join("\n")}\n${document.slice(end)}`;
}
