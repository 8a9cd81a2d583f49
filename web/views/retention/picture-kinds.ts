// The pictures of a heap: how each lays out, paints, and finds what lies under the pointer.

import { type Boxes, rowAt } from "./boxes.ts";
import type { FlatTree } from "./flat-tree.ts";
import { levelLayout } from "./level-layout.ts";
import { paintBoxes, type Picture } from "./paint-boxes.ts";
import { paintRings } from "./paint-rings.ts";
import { treemapLayout } from "./treemap-layout.ts";

export const PICTURES = ["treemap", "icicle", "rings"] as const;
export type PictureName = (typeof PICTURES)[number];

export interface Size {
  readonly width: number;
  readonly height: number;
}

interface PictureKind {
  readonly layout: (tree: FlatTree, top: number, size: Size) => Boxes;
  readonly paint: (canvas: CanvasRenderingContext2D, picture: Picture, size: Size) => void;
  readonly find: (tree: FlatTree, boxes: Boxes, x: number, y: number, size: Size) => number | null;
}

/** More are too small to be seen on any screen. */
const MOST_BOXES = 20_000;
const TITLE_HEIGHT = 18;
const ICICLE_ROW = 24;
const MOST_RINGS = 9;
/** Thinner parts of a ring do not make the picture deeper. */
const LEAST_SEEN_TURN = 0.02;

export const PICTURE_KINDS: Readonly<Record<PictureName, PictureKind>> = {
  treemap: {
    layout: (tree, top, size) =>
      treemapLayout(tree, top, { x: 0, y: 0, ...size }, { most: MOST_BOXES, titleHeight: TITLE_HEIGHT }),
    paint: paintBoxes,
    find: (tree, boxes, x, y) => rowAt(tree, boxes, x, y, true),
  },
  icicle: {
    layout: (tree, top, size) =>
      levelLayout(tree, top, { x: 0, y: 0, ...size }, { most: MOST_BOXES, levelHeight: ICICLE_ROW, leastWidth: 1.5 }),
    paint: paintBoxes,
    find: (tree, boxes, x, y) => rowAt(tree, boxes, x, y, false),
  },
  rings: {
    layout: (tree, top, size) => {
      const radius = radiusOf(size);
      const area = { x: 0, y: 0, width: 1, height: radius };
      return levelLayout(tree, top, area, {
        most: MOST_BOXES,
        levelHeight: radius / ringsOf(tree, top),
        leastWidth: 0.002,
      });
    },
    paint: (canvas, picture, size) => paintRings(canvas, picture, { x: size.width / 2, y: size.height / 2 }),
    find: (tree, boxes, x, y, { width, height }) => {
      const [right, down] = [x - width / 2, y - height / 2];
      const turn = Math.atan2(down, right) / (2 * Math.PI) + 0.25;
      return rowAt(tree, boxes, turn < 0 ? turn + 1 : turn, Math.hypot(right, down), false);
    },
  },
};

/** As many as there are levels that one can see, so that the picture fills its place. */
function ringsOf(tree: FlatTree, top: number): number {
  const levels = { x: 0, y: 0, width: 1, height: MOST_RINGS };
  const { y } = levelLayout(tree, top, levels, { most: MOST_BOXES, levelHeight: 1, leastWidth: LEAST_SEEN_TURN });
  return y.reduce((deepest, level) => Math.max(deepest, level), 0) + 1;
}

function radiusOf({ width, height }: Size): number {
  return Math.max(1, Math.min(width, height) / 2 - 4);
}
