// Where an arrow key leads in a picture: only to what is drawn.

import type { Boxes } from "./boxes.ts";
import { childrenOf, type FlatTree } from "./flat-tree.ts";

/** Null when the key leads nowhere, or is no arrow. */
export function rowByKey(tree: FlatTree, boxes: Boxes, row: number, key: string): number | null {
  switch (key) {
    case "ArrowDown":
      return childrenOf(tree, row).find((child) => isDrawn(boxes, child)) ?? null;
    case "ArrowUp":
      return row === boxes.top ? null : (tree.parent[row] ?? null);
    case "ArrowRight":
    case "ArrowLeft":
      return beside(tree, boxes, row, key === "ArrowRight" ? 1 : -1);
    default:
      return null;
  }
}

function beside(tree: FlatTree, boxes: Boxes, row: number, step: number): number | null {
  if (row === boxes.top) return null;
  const siblings = childrenOf(tree, tree.parent[row] ?? 0).filter((each) => isDrawn(boxes, each));
  return siblings[siblings.indexOf(row) + step] ?? null;
}

function isDrawn(boxes: Boxes, row: number): boolean {
  return (boxes.width[row] ?? 0) > 0;
}
