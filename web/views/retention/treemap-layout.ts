// Squarified treemap: areas are bytes, and boxes are as square as they can be. Bruls, Huizing, van Wijk: Squarified Treemaps (2000).

import { type Area, type Boxes, noBoxes, place } from "./boxes.ts";
import { childrenOf, type FlatTree } from "./flat-tree.ts";

export interface TreemapOptions {
  /** Rows that are drawn at most. */
  readonly most: number;
  /** For the name of a box that has others in it; 0: none. */
  readonly titleHeight: number;
}

/** Boxes that would have a smaller side than this are left out, in pixels. */
const LEAST_SIDE = 1.5;
/** A box with less room than this shows no title over what is in it. */
const LEAST_TITLED_WIDTH = 48;
const LEAST_TITLED_HEIGHT = 34;

/** O(rows log rows) at worst; stops at `most`. Breadth first, so that what is cut off lies deep. */
export function treemapLayout(tree: FlatTree, top: number, area: Area, { most, titleHeight }: TreemapOptions): Boxes {
  const boxes = noBoxes(tree, top);
  place(boxes, top, area);
  const waiting: { readonly row: number; readonly area: Area }[] = [{ row: top, area }];
  let drawn = 1;
  for (let next = 0; next < waiting.length && drawn < most; next++) {
    const parent = waiting[next];
    if (parent === undefined) break;
    for (const child of inside(tree, parent.row, withoutTitle(parent.area, titleHeight))) {
      if (child.area.width < LEAST_SIDE || child.area.height < LEAST_SIDE) continue;
      if (drawn++ >= most) break;
      place(boxes, child.row, child.area);
      waiting.push(child);
    }
  }
  return boxes;
}

function withoutTitle(area: Area, titleHeight: number): Area {
  if (titleHeight === 0 || area.width < LEAST_TITLED_WIDTH || area.height < LEAST_TITLED_HEIGHT) return area;
  return { x: area.x + 1, y: area.y + titleHeight, width: area.width - 2, height: area.height - titleHeight - 1 };
}

interface Placed {
  readonly row: number;
  readonly area: Area;
}

/** What the objects of the row itself take stays empty, at the end. */
function inside(tree: FlatTree, row: number, area: Area): readonly Placed[] {
  const whole = tree.rows[row]?.retainedBytes ?? 0;
  const children = childrenOf(tree, row);
  if (whole <= 0 || children.length === 0 || area.width <= 0 || area.height <= 0) return [];
  const scale = (area.width * area.height) / whole;
  const sizes = children.map((child) => (tree.rows[child]?.retainedBytes ?? 0) * scale);
  const placed: Placed[] = [];
  let free = area;
  for (let from = 0; from < children.length && (sizes[from] ?? 0) > 0; ) {
    const side = Math.min(free.width, free.height);
    const to = endOfStrip(sizes, from, side);
    free = placeStrip({ children, sizes, from, to }, free, placed);
    from = to;
  }
  return placed;
}

/** A strip takes one more as long as its worst box becomes squarer by that. */
function endOfStrip(sizes: readonly number[], from: number, side: number): number {
  let sum = sizes[from] ?? 0;
  const largest = sum;
  let worst = worstRatio(sum, largest, largest, side);
  let to = from + 1;
  for (; to < sizes.length; to++) {
    const size = sizes[to] ?? 0;
    const ratio = worstRatio(sum + size, largest, size, side);
    if (size <= 0 || ratio > worst) break;
    sum += size;
    worst = ratio;
  }
  return to;
}

function worstRatio(sum: number, largest: number, smallest: number, side: number): number {
  return Math.max((side * side * largest) / (sum * sum), (sum * sum) / (side * side * smallest));
}

interface Strip {
  readonly children: readonly number[];
  readonly sizes: readonly number[];
  readonly from: number;
  readonly to: number;
}

/** Returns what is left free. */
function placeStrip({ children, sizes, from, to }: Strip, free: Area, placed: Placed[]): Area {
  const sum = sizes.slice(from, to).reduce((total, size) => total + size, 0);
  const isTall = free.width >= free.height;
  const side = isTall ? free.height : free.width;
  const thickness = side === 0 ? 0 : sum / side;
  let along = isTall ? free.y : free.x;
  for (let at = from; at < to; at++) {
    const length = thickness === 0 ? 0 : (sizes[at] ?? 0) / thickness;
    const area = isTall
      ? { x: free.x, y: along, width: thickness, height: length }
      : { x: along, y: free.y, width: length, height: thickness };
    placed.push({ row: children[at] ?? 0, area });
    along += length;
  }
  return isTall
    ? { x: free.x + thickness, y: free.y, width: free.width - thickness, height: free.height }
    : { x: free.x, y: free.y + thickness, width: free.width, height: free.height - thickness };
}
