// Counts of differences per type, printed as a table while a decoder is being brought into line.

const COLUMNS = ["objects", "missing", "wrong type", "wrong size", "sampled", "missed edge", "extra edge"] as const;
type Column = (typeof COLUMNS)[number];

/** Columns that count things looked at rather than differences. */
const NEUTRAL: readonly Column[] = ["objects", "sampled"];

export interface DifferenceTable {
  /** Adds one to a cell; `detail` says what it was. */
  note(type: string, column: Column, detail?: string): void;
  /** Differences of one type in one column. */
  count(type: string, column: Column): number;
  /** Types with an entry in the column. */
  types(column: Column): readonly string[];
  /** Types with a difference, most differences first, with their most frequent details. */
  print(rows?: number): string;
}

interface Cell {
  count: number;
  readonly details: Map<string, number>;
}

export function differenceTable(): DifferenceTable {
  const rows = new Map<string, Map<Column, Cell>>();
  const cellOf = (type: string, column: Column): Cell => {
    const row = rows.get(type) ?? new Map<Column, Cell>();
    rows.set(type, row);
    const cell = row.get(column) ?? { count: 0, details: new Map<string, number>() };
    row.set(column, cell);
    return cell;
  };
  return {
    note(type, column, detail) {
      const cell = cellOf(type, column);
      cell.count += 1;
      if (detail !== undefined) cell.details.set(detail, (cell.details.get(detail) ?? 0) + 1);
    },
    count: (type, column) => rows.get(type)?.get(column)?.count ?? 0,
    types: (column) => [...rows].flatMap(([type, row]) => (row.has(column) ? [type] : [])),
    print: (limit = 40) => printRows(rows, limit),
  };
}

function printRows(rows: ReadonlyMap<string, ReadonlyMap<Column, Cell>>, limit: number): string {
  const differing = [...rows]
    .map(([type, cells]) => ({ type, cells, differences: differencesIn(cells) }))
    .filter(({ differences }) => differences > 0)
    .sort((a, b) => b.differences - a.differences);
  const lines = differing.slice(0, limit).map(({ type, cells }) => `${type.padEnd(40)} ${printCells(cells)}`);
  return [...lines, ...(differing.length > limit ? [`... and ${differing.length - limit} more types`] : [])].join("\n");
}

function differencesIn(cells: ReadonlyMap<Column, Cell>): number {
  return [...cells].reduce((sum, [column, { count }]) => sum + (NEUTRAL.includes(column) ? 0 : count), 0);
}

function printCells(cells: ReadonlyMap<Column, Cell>): string {
  return COLUMNS.flatMap((column) => {
    const cell = cells.get(column);
    if (cell === undefined) return [];
    const details = [...cell.details].sort((a, b) => b[1] - a[1]).slice(0, 4);
    const shown = details.map(([detail, count]) => (count === 1 ? detail : `${detail} x${count}`)).join("; ");
    return [`${column} ${cell.count}${shown === "" ? "" : ` [${shown}]`}`];
  }).join(", ");
}
