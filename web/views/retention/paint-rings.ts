// Paints boxes as parts of rings: x and width are shares of a turn, y and height radii.

import { areaOf } from "./boxes.ts";
import { labelText } from "./label-text.ts";
import type { Picture } from "./paint-boxes.ts";

const TURN = 2 * Math.PI;
const LEAST_ARC_PIXELS = 60;

export function paintRings(
  canvas: CanvasRenderingContext2D,
  picture: Picture,
  centre: { readonly x: number; readonly y: number },
): void {
  const { tree, boxes, colours, ink, focused, selected } = picture;
  canvas.save();
  canvas.translate(centre.x, centre.y);
  for (let row = boxes.top; row < (tree.end[boxes.top] ?? 0); row++) {
    if ((boxes.width[row] ?? 0) === 0) continue;
    trace(canvas, picture, row);
    canvas.fillStyle = colours[row] ?? ink.background;
    canvas.fill();
    canvas.strokeStyle = ink.line;
    canvas.lineWidth = 1;
    canvas.stroke();
  }
  for (let row = boxes.top; row < (tree.end[boxes.top] ?? 0); row++) paintName(canvas, picture, row);
  for (const row of [selected, focused]) {
    if (row === null || (boxes.width[row] ?? 0) === 0) continue;
    trace(canvas, picture, row);
    canvas.strokeStyle = ink.focus;
    canvas.lineWidth = row === selected ? 3 : 2;
    canvas.stroke();
  }
  canvas.restore();
}

/** A turn begins above. */
function angle(share: number): number {
  return share * TURN - TURN / 4;
}

function trace(canvas: CanvasRenderingContext2D, { boxes }: Picture, row: number): void {
  const { x, y, width, height } = areaOf(boxes, row);
  canvas.beginPath();
  canvas.arc(0, 0, y + height, angle(x), angle(x + width));
  canvas.arc(0, 0, y, angle(x + width), angle(x), true);
  canvas.closePath();
}

function paintName(canvas: CanvasRenderingContext2D, { tree, boxes, ink }: Picture, row: number): void {
  const { x, y, width, height } = areaOf(boxes, row);
  const middle = y + height / 2;
  const room = row === boxes.top ? height * 1.6 : width * TURN * middle;
  if (width === 0 || room < LEAST_ARC_PIXELS) return;
  const text = labelText(tree.rows[row]?.label ?? "", Math.min(row === boxes.top ? room : height - 4, room));
  const at = row === boxes.top ? 0 : angle(x + width / 2);
  const radius = row === boxes.top ? 0 : middle;
  canvas.fillStyle = ink.text;
  canvas.font = "12px system-ui, sans-serif";
  canvas.textAlign = "center";
  canvas.textBaseline = "middle";
  canvas.fillText(text, Math.cos(at) * radius, Math.sin(at) * radius);
  canvas.textAlign = "left";
}
