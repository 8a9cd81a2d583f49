// A curve as block characters: one column of the picture for each size, as high as the share of calls that are answered.

import { displayWidth } from "../base/format-width.ts";
import { type Line, spaces, span } from "./text-style.ts";

export interface PictureColumn {
  /** 0..1. */
  readonly height: number;
  /** Shown under the axis, where there is room for it. */
  readonly label: string;
  /** The place where one is now, or a place worth going to. */
  readonly mark: "none" | "now" | "offer";
}

const ROWS = 8;
const EIGHTHS = [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"] as const;
const WIDEST_COLUMN = 3;
/** The scale on the left: "100 %" and the axis. */
const SCALE = 8;

/** At most `width` columns wide; columns that do not fit are left out evenly. */
export function curvePicture(all: readonly PictureColumn[], width: number): Line[] {
  const room = Math.max(1, width - SCALE);
  const columns = fitting(all, room);
  if (columns.length === 0) return [];
  const wide = Math.max(1, Math.min(WIDEST_COLUMN, Math.floor(room / columns.length)));
  const rows = Array.from({ length: ROWS }, (_, at) => pictureRow(columns, ROWS - 1 - at, wide));
  return [...rows, axisLine(columns, wide), ...labelLines(columns, wide, room)];
}

function fitting(all: readonly PictureColumn[], room: number): readonly PictureColumn[] {
  const step = Math.ceil(all.length / room);
  return all.filter(({ mark }, at) => mark !== "none" || at % step === 0).slice(0, room);
}

function pictureRow(columns: readonly PictureColumn[], fromBottom: number, wide: number): Line {
  const share = (fromBottom + 1) / ROWS;
  const scale = share === 1 ? "100 %" : share === 0.5 ? "50 %" : "";
  const cells = columns.map(({ height, mark }) => {
    const eighths = Math.round(Math.min(1, Math.max(0, height)) * ROWS * 8) - fromBottom * 8;
    const block = EIGHTHS[Math.max(0, Math.min(8, eighths))] ?? " ";
    return span(block.repeat(wide), mark === "now" ? "strong" : mark === "offer" ? "good" : "name");
  });
  return [spaces(SCALE - 2 - scale.length), span(scale, "faint"), span(" ┤", "faint"), ...cells];
}

function axisLine(columns: readonly PictureColumn[], wide: number): Line {
  const marks = columns.map(({ mark }) => {
    const sign = mark === "now" ? "▲" : mark === "offer" ? "△" : "─";
    return span(sign.padEnd(wide, "─"), mark === "none" ? "faint" : "strong");
  });
  return [spaces(SCALE - 1), span("└", "faint"), ...marks];
}

/** Labels of marked columns first, then of the ends, each where no other stands. */
function labelLines(columns: readonly PictureColumn[], wide: number, room: number): Line[] {
  const taken: { readonly from: number; readonly to: number; readonly text: string }[] = [];
  const order = [
    ...columns.flatMap(({ mark }, at) => (mark === "now" ? [at] : [])),
    ...columns.flatMap(({ mark }, at) => (mark === "offer" ? [at] : [])),
    0,
    columns.length - 1,
  ];
  for (const at of new Set(order)) {
    const text = columns[at]?.label ?? "";
    const from = Math.max(0, Math.min(at * wide, room - displayWidth(text)));
    const to = from + displayWidth(text);
    if (taken.every((other) => to < other.from || from > other.to)) taken.push({ from, to, text });
  }
  const line: Line[number][] = [spaces(SCALE)];
  let used = 0;
  for (const { from, to, text } of taken.toSorted((a, b) => a.from - b.from)) {
    line.push(spaces(from - used), span(text, "faint"));
    used = to;
  }
  return [line];
}
