// The pictures of a heap keep its proportions: areas are bytes, nothing overlaps, and a point finds the innermost box.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { RetentionRow } from "../../src/model/page-reports.ts";
import { type Area, areaOf, type Boxes, rowAt } from "../../web/views/retention/boxes.ts";
import { childrenOf, flatTree, type FlatTree, wayTo } from "../../web/views/retention/flat-tree.ts";
import { levelLayout } from "../../web/views/retention/level-layout.ts";
import { treemapLayout } from "../../web/views/retention/treemap-layout.ts";

const AREA: Area = { x: 0, y: 0, width: 800, height: 600 };

function row(ownBytes: number, below: readonly RetentionRow[]): RetentionRow {
  const retainedBytes = below.reduce((sum, each) => sum + each.retainedBytes, ownBytes);
  const rows = below.toSorted((a, b) => b.retainedBytes - a.retainedBytes);
  return { label: "x", file: null, line: null, address: null, ownBytes, ownCount: 1, retainedBytes, below: rows };
}

const { tree: anyRow } = fc.letrec<{ tree: RetentionRow }>((tie) => ({
  tree: fc
    .tuple(fc.nat(5000), fc.oneof({ maxDepth: 4 }, fc.constant([]), fc.array(tie("tree"), { maxLength: 7 })))
    .map(([ownBytes, below]) => row(ownBytes, below)),
}));
const anyTree = anyRow.map(flatTree);

function size({ width, height }: Area): number {
  return width * height;
}

function overlap(a: Area, b: Area): number {
  const across = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const down = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  return Math.max(0, across) * Math.max(0, down);
}

function drawn(tree: FlatTree, boxes: Boxes): readonly number[] {
  return tree.rows.flatMap((_, at) => (size(areaOf(boxes, at)) > 0 ? [at] : []));
}

/** Every box that holds the point, the innermost last. */
function boxesAround(tree: FlatTree, boxes: Boxes, x: number, y: number): readonly number[] {
  return drawn(tree, boxes).filter((at) => {
    const area = areaOf(boxes, at);
    return x >= area.x && x < area.x + area.width && y >= area.y && y < area.y + area.height;
  });
}

describe("a treemap", () => {
  const layout = (tree: FlatTree): Boxes => treemapLayout(tree, 0, AREA, { most: 20_000, titleHeight: 0 });

  it("gives each row the share of the area that it has of the bytes", () =>
    fc.assert(
      fc.property(anyTree, (tree) => {
        const boxes = layout(tree);
        const perByte = size(AREA) / (tree.rows[0]?.retainedBytes ?? 1);
        for (const at of drawn(tree, boxes).slice(1)) {
          const expected = (tree.rows[at]?.retainedBytes ?? 0) * perByte;
          expect(size(areaOf(boxes, at)) / expected).toBeCloseTo(1, 6);
        }
      }),
    ));

  it("lets no two beside one another overlap, and keeps each inside the one above", () =>
    fc.assert(
      fc.property(anyTree, (tree) => {
        const boxes = layout(tree);
        for (const at of drawn(tree, boxes)) {
          const children = childrenOf(tree, at).map((child) => areaOf(boxes, child));
          for (const [index, child] of children.entries()) {
            expect(size(child) - overlap(child, areaOf(boxes, at))).toBeLessThan(1e-3);
            for (const other of children.slice(index + 1)) expect(overlap(child, other)).toBeLessThan(1e-3);
          }
        }
      }),
    ));

  it("draws as many rows as it may, and none below one that it does not draw", () => {
    const wide = flatTree(
      row(
        0,
        Array.from({ length: 500 }, () => row(10, [row(5, [])])),
      ),
    );
    const boxes = treemapLayout(wide, 0, AREA, { most: 100, titleHeight: 18 });
    const rows = drawn(wide, boxes);
    expect(rows).toHaveLength(100);
    for (const at of rows) expect(wayTo(wide, at).every((above) => rows.includes(above))).toBe(true);
  });
});

describe("an icicle", () => {
  it("gives each row the share of the width that it has of the bytes, level below level", () =>
    fc.assert(
      fc.property(anyTree, (tree) => {
        const boxes = levelLayout(tree, 0, AREA, { most: 20_000, levelHeight: 24, leastWidth: 0.5 });
        const whole = tree.rows[0]?.retainedBytes ?? 0;
        for (const at of drawn(tree, boxes)) {
          const area = areaOf(boxes, at);
          expect(area.y).toBe((tree.depth[at] ?? 0) * 24);
          if (at > 0) expect(area.width).toBeCloseTo((800 * (tree.rows[at]?.retainedBytes ?? 0)) / whole, 6);
        }
      }),
    ));
});

describe("a point", () => {
  it.each([
    ["a treemap", true, (tree: FlatTree) => treemapLayout(tree, 0, AREA, { most: 20_000, titleHeight: 18 })],
    [
      "an icicle",
      false,
      (tree: FlatTree) => levelLayout(tree, 0, AREA, { most: 20_000, levelHeight: 24, leastWidth: 0.5 }),
    ],
  ])("of %s finds the innermost box that it lies in", (_name, isNested, layout) =>
    fc.assert(
      fc.property(anyTree, fc.nat(799), fc.nat(599), (tree, x, y) => {
        const boxes = layout(tree);
        expect(rowAt(tree, boxes, x + 0.5, y + 0.5, isNested)).toBe(
          boxesAround(tree, boxes, x + 0.5, y + 0.5).at(-1) ?? null,
        );
      }),
    ),
  );
});
