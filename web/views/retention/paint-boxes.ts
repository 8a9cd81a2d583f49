// Paints boxes and their names. At most some ten thousand of them, so that a frame has room for it.

import { formatBytes } from "../../../src/base/format-bytes.ts";
import { areaOf, type Boxes } from "./boxes.ts";
import type { Ink } from "./colours.ts";
import type { FlatTree } from "./flat-tree.ts";
import { labelText } from "./label-text.ts";

export interface Picture {
  readonly tree: FlatTree;
  readonly boxes: Boxes;
  readonly colours: readonly string[];
  readonly ink: Ink;
  /** The row that the keys or the pointer are at, and the one that is looked at. */
  readonly focused: number | null;
  readonly selected: number | null;
}

const FONT = "12px system-ui, sans-serif";
const LEAST_TEXT_WIDTH = 34;
const LEAST_TEXT_HEIGHT = 14;
const ONE_LINE_HEIGHT = 26;
const TITLE_MIDDLE = 9;

export function paintBoxes(canvas: CanvasRenderingContext2D, picture: Picture): void {
  const { tree, boxes, colours, ink, focused, selected } = picture;
  canvas.font = FONT;
  canvas.textBaseline = "middle";
  for (let row = boxes.top; row < (tree.end[boxes.top] ?? 0); row++) {
    const { x, y, width, height } = areaOf(boxes, row);
    if (width === 0) continue;
    canvas.fillStyle = colours[row] ?? ink.background;
    canvas.fillRect(x, y, width, height);
    if (width > 3 && height > 3) {
      canvas.strokeStyle = ink.line;
      canvas.lineWidth = 1;
      canvas.strokeRect(x + 0.5, y + 0.5, width - 1, height - 1);
    }
    if (width > LEAST_TEXT_WIDTH && height > LEAST_TEXT_HEIGHT && !isCovered(picture, row))
      paintName(canvas, picture, row);
  }
  for (const [row, lineWidth] of [
    [selected, 3],
    [focused, 2],
  ] as const)
    if (row !== null) outline(canvas, picture, row, lineWidth);
}

/** What lies in it begins where its name would stand. */
function isCovered({ tree, boxes }: Picture, row: number): boolean {
  const child = row + 1;
  if (child >= (tree.end[row] ?? 0) || (boxes.width[child] ?? 0) === 0) return false;
  return (boxes.y[child] ?? 0) - (boxes.y[row] ?? 0) < LEAST_TEXT_HEIGHT;
}

/** The name, and its bytes where there is room for both. */
function paintName(canvas: CanvasRenderingContext2D, { tree, boxes, ink }: Picture, row: number): void {
  const { x, y, width, height } = areaOf(boxes, row);
  const { label, retainedBytes } = tree.rows[row] ?? { label: "", retainedBytes: 0 };
  const middle = y + (height <= ONE_LINE_HEIGHT ? height / 2 : TITLE_MIDDLE);
  canvas.fillStyle = ink.text;
  canvas.fillText(labelText(label, width - 8, formatBytes(retainedBytes)), x + 5, middle);
}

function outline(canvas: CanvasRenderingContext2D, { boxes, ink }: Picture, row: number, lineWidth: number): void {
  const { x, y, width, height } = areaOf(boxes, row);
  if (width === 0) return;
  canvas.strokeStyle = ink.focus;
  canvas.lineWidth = lineWidth;
  canvas.strokeRect(x + 1, y + 1, Math.max(1, width - 2), Math.max(1, height - 2));
}
