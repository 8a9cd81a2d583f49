// A table that can be sorted, and shows more rows when asked; both stand in the address. Arrow keys go from row to row.

import type { ComponentChildren, VNode } from "preact";
import type { Store } from "../store/store.ts";

export interface Column<Row> {
  readonly title: string;
  readonly cell: (row: Row) => ComponentChildren;
  /** What it is sorted by; numbers stand on the right, and the largest come first. */
  readonly by?: (row: Row) => number | string;
}

export interface DataTableProps<Row> {
  readonly store: Store;
  /** Read to those who do not see it; its order stands in the address under this name. */
  readonly caption: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
  readonly isSelected?: (row: Row) => boolean;
  readonly empty: ComponentChildren;
}

interface Order {
  readonly column: number;
  readonly isTurned: boolean;
}

const PAGE_ROWS = 100;

export function DataTable<Row>(props: DataTableProps<Row>): VNode {
  const { store, caption, columns, rows, keyOf, isSelected, empty } = props;
  const { query } = store.state().address;
  const name = slugOf(caption);
  const order = orderFrom(query[`sort.${name}`], columns);
  const setOrder = ({ column, isTurned }: Order): void =>
    store.turn({ [`sort.${name}`]: `${isTurned ? "-" : ""}${slugOf(columns[column]?.title ?? "")}` });
  const shown = Math.max(PAGE_ROWS, Number(query[`rows.${name}`] ?? PAGE_ROWS) || PAGE_ROWS);
  if (rows.length === 0) return <div class="notice empty">{empty}</div>;
  const sorted = inOrder(rows, columns, order);
  return (
    // A wide table is scrolled with the keys, too.
    <div class="table-box" tabIndex={0} role="group" aria-label={caption}>
      <table onKeyDown={moveByArrow}>
        <caption>{caption}</caption>
        <thead>
          <tr>
            {columns.map((column, at) => (
              <HeadCell key={column.title} column={column} sample={rows[0]} at={at} order={order} setOrder={setOrder} />
            ))}
          </tr>
        </thead>
        <tbody>
          {sorted.slice(0, shown).map((row) => (
            <tr key={keyOf(row)} class={isSelected?.(row) === true ? "selected" : undefined}>
              {columns.map((column) => (
                <td key={column.title} class={classOf(column, row)}>
                  {column.cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length > shown && (
        <button type="button" onClick={() => store.turn({ [`rows.${name}`]: String(shown + PAGE_ROWS) })}>
          Show more ({rows.length - shown} left)
        </button>
      )}
    </div>
  );
}

/** "freed-with-it"; with a dash before it, the other way round. */
function orderFrom<Row>(text: string | undefined, columns: readonly Column<Row>[]): Order | null {
  if (text === undefined) return null;
  const isTurned = text.startsWith("-");
  const slug = isTurned ? text.slice(1) : text;
  const column = columns.findIndex(({ title, by }) => by !== undefined && slugOf(title) === slug);
  return column < 0 ? null : { column, isTurned };
}

function slugOf(title: string): string {
  return title.toLowerCase().replaceAll(/\W+/g, "-");
}

interface HeadCellProps<Row> {
  readonly column: Column<Row>;
  readonly sample: Row | undefined;
  readonly at: number;
  readonly order: Order | null;
  readonly setOrder: (order: Order) => void;
}

function HeadCell<Row>({ column, sample, at, order, setOrder }: HeadCellProps<Row>): VNode {
  const isOrder = order?.column === at;
  const numbers = sample === undefined ? undefined : classOf(column, sample);
  if (column.by === undefined)
    return (
      <th scope="col" class={numbers}>
        {column.title}
      </th>
    );
  const descends = isOrder && (numbers === "number") !== order.isTurned;
  return (
    <th scope="col" class={numbers} aria-sort={isOrder ? (descends ? "descending" : "ascending") : undefined}>
      <button
        type="button"
        class="quiet"
        onClick={() => setOrder({ column: at, isTurned: isOrder && !order.isTurned })}
      >
        {column.title}
        {isOrder ? (descends ? " ↓" : " ↑") : ""}
      </button>
    </th>
  );
}

function classOf<Row>({ by }: Column<Row>, row: Row): string | undefined {
  return by !== undefined && typeof by(row) === "number" ? "number" : undefined;
}

function inOrder<Row>(rows: readonly Row[], columns: readonly Column<Row>[], order: Order | null): readonly Row[] {
  const by = order === null ? undefined : columns[order.column]?.by;
  if (by === undefined || order === null) return rows;
  const sign = order.isTurned ? -1 : 1;
  return rows.toSorted((a, b) => sign * compare(by(a), by(b)));
}

function compare(a: number | string, b: number | string): number {
  return typeof a === "number" && typeof b === "number" ? b - a : String(a).localeCompare(String(b));
}

function moveByArrow(event: KeyboardEvent): void {
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  const row = event.target instanceof Element ? event.target.closest("tr") : null;
  const next = event.key === "ArrowDown" ? row?.nextElementSibling : row?.previousElementSibling;
  const focusable = next?.querySelector<HTMLElement>("a, button, input");
  if (focusable === null || focusable === undefined) return;
  event.preventDefault();
  focusable.focus();
}
