// The terminal view of `deadweight watch`: a report and what a person chose to see become the lines of one screen.

import { formatDuration } from "../base/format-duration.ts";
import { formatCount } from "../base/format-count.ts";
import { cutEnd, displayWidth } from "../base/format-width.ts";
import type { WatchedProcess, WatchReport } from "../model/watch-report.ts";
import { chosenRows, SORTS, type ScreenRow, type ScreenState } from "./watch-screen-rows.ts";
import { headerLines } from "./watch-screen-header.ts";
import { cacheLines, holderLines, workerLines } from "./watch-screen-tables.ts";
import { EMPTY_LINE, type Line, span } from "./text-style.ts";

export interface ScreenSize {
  readonly columns: number;
  readonly rows: number;
}

export const LEAST_SIZE: ScreenSize = { columns: 60, rows: 15 };
const MOST_CACHES = 4;
const MOST_WORKERS = 6;

/** At most `size.rows` lines, each as wide as the screen at most. */
export function watchScreen(report: WatchReport, state: ScreenState, size: ScreenSize): readonly Line[] {
  if (size.columns < LEAST_SIZE.columns || size.rows < LEAST_SIZE.rows) return tooSmall(size);
  if (state.page !== null) return pageLines(state, size);
  const shown = processesOf(report, state);
  const rows = chosenRows(report, state);
  const top = [...headerLines(shown), ...workersOf(report, state, size)];
  const caches = cacheLines(shown, Math.min(MOST_CACHES, Math.max(0, size.rows - top.length - 10)), size.columns);
  const bottom = [...caches, noticeLine(report, state), keyLine(state)];
  const room = size.rows - top.length - bottom.length;
  const middle = [titleLine(rows, shown, state), ...holderLines(rows, state, room - 1, size.columns)];
  const filler = Array.from({ length: Math.max(0, room - middle.length) }, () => EMPTY_LINE);
  return [...top, ...middle.slice(0, room), ...filler, ...bottom].map((line) => fitted(line, size.columns));
}

function tooSmall({ columns, rows }: ScreenSize): readonly Line[] {
  const { columns: least, rows: leastRows } = LEAST_SIZE;
  return [
    [span(`terminal too small: ${columns}x${rows}`.slice(0, columns), "warning")],
    [span(`needs ${least}x${leastRows}; q quits`.slice(0, columns))],
  ];
}

/** The one in focus, or all. */
function processesOf({ processes }: WatchReport, { focus }: ScreenState): readonly WatchedProcess[] {
  const focused = processes.filter(({ pid }) => pid === focus);
  return focused.length > 0 ? focused : processes;
}

function workersOf(report: WatchReport, state: ScreenState, { rows, columns }: ScreenSize): readonly Line[] {
  if (report.processes.length < 2 || rows < 20) return [];
  return workerLines(report.processes, state, Math.min(MOST_WORKERS, Math.floor(rows / 5)), columns);
}

function titleLine(rows: readonly ScreenRow[], shown: readonly WatchedProcess[], state: ScreenState): Line {
  const followed = shown.reduce((sum, each) => sum + each.followed, 0);
  const filter = state.isTyping || state.filter !== "" ? `  filter: ${state.filter}${state.isTyping ? "_" : ""}` : "";
  const facts = ` ${formatCount(rows.length)} of ${formatCount(followed)} have changed; by ${SORTS[state.sort]}`;
  return [span(" Containers", "strong"), span(facts, "faint"), span(filter, "name")];
}

function noticeLine({ events }: WatchReport, { notice, isFrozen, replay }: ScreenState): Line {
  if (notice !== "") return [span(` ${notice}`, "strong")];
  const position = replay === null ? [] : [span(` ${replayWords(replay)}`, "name")];
  const frozen = isFrozen ? [span(" frozen: f goes on", "warning")] : [];
  const event = events.at(-1);
  return [...position, ...frozen, ...(event === undefined ? [] : [span(` ${event}`)])];
}

function replayWords({ seconds, totalSeconds, speed }: NonNullable<ScreenState["replay"]>): string {
  const pace = speed === 0 ? "paused" : `${speed} x`;
  return `recording: ${formatDuration(seconds * 1000)} of ${formatDuration(totalSeconds * 1000)}, ${pace}`;
}

const LIVE_KEYS = " s sort  / filter  f freeze  enter why  p snapshot  d diagnose  ? help  q quit";
const REPLAY_KEYS = " s sort  / filter  space pause  < > speed  left right seek  ? help  q quit";

function keyLine({ isTyping, replay }: ScreenState): Line {
  if (isTyping) return [span(" type to filter; enter keeps it, escape drops it", "faint")];
  return [span(replay === null ? LIVE_KEYS : REPLAY_KEYS, "faint")];
}

/** A page over the view: what holds an object, a diagnosis, help. */
function pageLines({ page }: ScreenState, { rows, columns }: ScreenSize): readonly Line[] {
  if (page === null) return [];
  const room = rows - 2;
  const from = Math.max(0, Math.min(page.offset, page.lines.length - room));
  const shown = page.lines.slice(from, from + room).map((text): Line => [span(text)]);
  const filler = Array.from({ length: Math.max(0, room - shown.length) }, () => EMPTY_LINE);
  const more = page.lines.length > room ? `  ${from + 1}-${from + shown.length} of ${page.lines.length}` : "";
  return [
    [span(` ${page.title}`, "strong"), span(more, "faint")],
    ...shown,
    ...filler,
    [span(" arrows scroll  escape goes back  q quit", "faint")],
  ].map((line) => fitted(line, columns));
}

/** What is too long loses its end; paths have lost their middle before. */
function fitted(line: Line, columns: number): Line {
  let left = columns;
  return line.map((each) => {
    const cut = { ...each, text: cutEnd(each.text, left) };
    left -= displayWidth(cut.text);
    return cut;
  });
}
