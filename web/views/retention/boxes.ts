// Where each row of a flat tree is drawn. All pictures share this form: in the rings, x and width are turns and y and height radii.

import type { FlatTree } from "./flat-tree.ts";

export interface Boxes {
  /** The row that is the whole picture. */
  readonly top: number;
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** 0: too small to be seen, as all below it. */
  readonly width: Float64Array;
  readonly height: Float64Array;
}

export interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export function noBoxes({ rows }: FlatTree, top: number): Boxes {
  const column = (): Float64Array => new Float64Array(rows.length);
  return { top, x: column(), y: column(), width: column(), height: column() };
}

export function place(boxes: Boxes, row: number, area: Area): void {
  boxes.x[row] = area.x;
  boxes.y[row] = area.y;
  boxes.width[row] = area.width;
  boxes.height[row] = area.height;
}

export function areaOf({ x, y, width, height }: Boxes, row: number): Area {
  return { x: x[row] ?? 0, y: y[row] ?? 0, width: width[row] ?? 0, height: height[row] ?? 0 };
}

/** The innermost row at a point, null outside. Whole branches are passed over: O(depth × rows beside one another). */
export function rowAt({ end }: FlatTree, boxes: Boxes, x: number, y: number, isNested: boolean): number | null {
  let found: number | null = null;
  const stop = end[boxes.top] ?? 0;
  for (let row = boxes.top; row < stop; ) {
    const area = areaOf(boxes, row);
    const isAcross = area.width > 0 && x >= area.x && x < area.x + area.width;
    const isInside = isAcross && y >= area.y && y < area.y + area.height;
    if (isInside) found = row;
    // In a treemap children lie inside; elsewhere they lie below, within the same width.
    const mayBeBelow = isNested ? isInside : isAcross;
    row = mayBeBelow ? row + 1 : (end[row] ?? stop);
  }
  return found;
}
