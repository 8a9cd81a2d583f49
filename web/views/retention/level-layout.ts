// One level below the other: as an icicle with the width of the view, or as rings, where the width is one turn.

import { type Area, areaOf, type Boxes, noBoxes, place } from "./boxes.ts";
import { childrenOf, type FlatTree } from "./flat-tree.ts";

export interface LevelOptions {
  readonly most: number;
  readonly levelHeight: number;
  /** Narrower boxes are left out. */
  readonly leastWidth: number;
}

/** O(rows); stops at `most`. Breadth first, so that what is cut off lies deep. */
export function levelLayout(tree: FlatTree, top: number, area: Area, options: LevelOptions): Boxes {
  const { most, levelHeight, leastWidth } = options;
  const boxes = noBoxes(tree, top);
  place(boxes, top, { ...area, height: levelHeight });
  const waiting = [top];
  for (let next = 0; next < waiting.length && waiting.length < most; next++) {
    const row = waiting[next] ?? top;
    const own = areaOf(boxes, row);
    const y = own.y + levelHeight;
    if (y + levelHeight > area.y + area.height + 0.5) continue;
    const whole = tree.rows[row]?.retainedBytes ?? 0;
    let x = own.x;
    for (const child of childrenOf(tree, row)) {
      const width = whole === 0 ? 0 : (own.width * (tree.rows[child]?.retainedBytes ?? 0)) / whole;
      if (width < leastWidth || waiting.length >= most) break;
      place(boxes, child, { x, y, width, height: levelHeight });
      waiting.push(child);
      x += width;
    }
  }
  return boxes;
}
