// The tables of the terminal view. Each row is one line: a path that is too long loses its middle.

import { formatBytes } from "../base/format-bytes.ts";
import { formatCount, formatCountGrowth } from "../base/format-count.ts";
import { formatBytesGrowth } from "../base/format-bytes.ts";
import { formatPercent } from "../base/format-percent.ts";
import { displayWidth } from "../base/format-width.ts";
import type { WatchedProcess } from "../model/watch-report.ts";
import { selectedIndex, type ScreenRow, type ScreenState } from "./watch-screen-rows.ts";
import { elided, EMPTY_LINE, type Line, type Span, spaces, span } from "./text-style.ts";
import { rateWords, shapeTone, shapeWord } from "./watch-words.ts";

/** Cells of a row; the last one takes what is left of the line. */
interface GridRow {
  readonly cells: readonly Span[];
  readonly isSelected: boolean;
}

const GAP = 2;

/** Titles, then rows; all but the last column are right-aligned and as wide as they need to be. */
function grid(titles: readonly string[], rows: readonly GridRow[], columns: number): Line[] {
  const last = titles.length - 1;
  const widths = titles.map((title, at) =>
    Math.max(title.length, ...rows.map(({ cells }) => displayWidth(cells[at]?.text ?? ""))),
  );
  const heading: GridRow = { cells: titles.map((title) => span(title, "faint")), isSelected: false };
  return [heading, ...rows].map(({ cells, isSelected }) => {
    const line: Span[] = [span(isSelected ? ">" : " ")];
    const room = columns - 2 - widths.slice(0, last).reduce((sum, width) => sum + width + GAP, 0);
    for (const [at, cell] of cells.entries()) {
      const width = widths[at] ?? 0;
      if (at === last) line.push(spaces(GAP), elided(cell, room));
      else line.push(spaces((at === 0 ? 1 : GAP) + width - displayWidth(cell.text)), cell);
    }
    return isSelected ? selected(line, columns) : line;
  });
}

/** The whole line, to its end. */
function selected(line: Line, columns: number): Line {
  const text = line.map((each) => each.text).join("");
  const cut = elided(span(text, "selected"), columns);
  return [cut, { text: " ".repeat(Math.max(0, columns - displayWidth(cut.text))), tone: "selected" }];
}

/** The selected row is always among those shown. */
export function holderLines(
  rows: readonly ScreenRow[],
  state: ScreenState,
  room: number,
  columns: number,
): readonly Line[] {
  if (rows.length === 0)
    return [[span(`   ${state.filter === "" ? "none has changed so far" : "none fits the filter"}`, "faint")]];
  const at = selectedIndex(rows, state);
  const count = Math.max(1, room - 1);
  const from = Math.max(0, Math.min(at - Math.floor(count / 2), rows.length - count));
  const isGroup = rows.some(({ processes }) => processes !== null);
  const titles = ["Now", "Growth", "Per s", "Held", "Verdict", ...(isGroup ? ["In", "Most"] : []), "Path"];
  const shown = rows.slice(from, from + count);
  return grid(
    titles,
    shown.map((row, offset) => ({ cells: cellsOf(row, isGroup), isSelected: from + offset === at })),
    columns,
  );
}

function cellsOf(row: ScreenRow, isGroup: boolean): readonly Span[] {
  const { unit, now, growth, perSecond, heldBytes, bound, processes, outlier, path } = row;
  const isBytes = unit === "bytes";
  const amount = isBytes ? formatBytes(now) : formatCount(now);
  const most = bound === null ? "" : `/${isBytes ? formatBytes(bound) : formatCount(bound)}`;
  const odd = outlier === null ? "" : String(outlier.pid);
  return [
    span(amount + most, "strong"),
    span(isBytes ? formatBytesGrowth(growth) : formatCountGrowth(growth)),
    span(rateWords(perSecond, unit)),
    span(formatBytes(heldBytes)),
    span(shapeWord(row), shapeTone(row)),
    ...(isGroup ? [span(String(processes ?? 1)), span(odd, "warning")] : []),
    span(path, "name"),
  ];
}

/** Caches that were asked, with how often they knew the answer. */
export function cacheLines(shown: readonly WatchedProcess[], most: number, columns: number): readonly Line[] {
  const caches = shown.flatMap(({ pid, caches: each }) => each.map((cache) => ({ ...cache, pid })));
  if (caches.length === 0 || most < 1) return [];
  const rows = caches
    .toSorted((a, b) => b.hits + b.misses - (a.hits + a.misses))
    .slice(0, most)
    .map(({ entries, bound, hits, misses, path, pid }): GridRow => {
      const asked = hits + misses;
      return {
        cells: [
          span(asked === 0 ? "-" : formatPercent(hits / asked, 0), "strong"),
          span(formatCount(asked)),
          span(`${formatCount(entries)}${bound === null ? "" : `/${formatCount(bound)}`}`),
          span(shown.length > 1 ? `${path}  (${pid})` : path, "name"),
        ],
        isSelected: false,
      };
    });
  return [EMPTY_LINE, ...grid(["Hits", "Asked", "Entries", "Cache"], rows, columns)];
}

/** Largest first; the one in focus is marked. */
export function workerLines(
  processes: readonly WatchedProcess[],
  { focus }: ScreenState,
  most: number,
  columns: number,
): readonly Line[] {
  const sorted = processes.toSorted((a, b) => b.memory.anonBytes - a.memory.anonBytes);
  const at = Math.max(
    0,
    sorted.findIndex(({ pid }) => pid === focus),
  );
  const from = Math.max(0, Math.min(at - most + 1, sorted.length - most));
  const rows = sorted.slice(from, from + most).map((process): GridRow => {
    const { pid, memory, threads, cpuShare, state, verdict } = process;
    return {
      cells: [
        span(String(pid), "strong"),
        span(formatBytes(memory.rssBytes)),
        span(formatBytes(memory.anonBytes)),
        span(String(threads)),
        span(cpuShare === null ? "-" : formatPercent(cpuShare, 0)),
        span(state === "running" ? verdict : state),
      ],
      isSelected: pid === focus,
    };
  });
  const more = sorted.length - rows.length;
  const rest: Line[] = more > 0 ? [[span(`   and ${more} more; tab goes through them`, "faint")]] : [];
  return [...grid(["Worker", "Resident", "Own", "Threads", "CPU", "Verdict"], rows, columns), ...rest, EMPTY_LINE];
}
