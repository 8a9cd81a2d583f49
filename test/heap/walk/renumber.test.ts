// Columns of a copy that fills its last block to the brim.

import { describe, expect, it } from "vitest";
import type { Addr } from "../../../src/base/brand.ts";
import { createImage, planImage } from "../../../src/cpython/image-plan.ts";
import type { MemoryImage } from "../../../src/cpython/memory-image.ts";
import { allocateColumns, finishColumns } from "../../../src/heap/walk/renumber.ts";
import { bitmapWords } from "../../../src/heap/walk/walk-state.ts";

const HEAP = 0x7f01_0000_0000 as Addr;
const STACK = 0x7ffd_0000_0000 as Addr;

/** A heap of so many pages and, behind a gap, a stack of one. */
function imageOf(heapPages: number): MemoryImage {
  const plan = planImage([
    { address: HEAP, pageCount: heapPages },
    { address: STACK, pageCount: 1 },
  ]);
  return createImage(plan, new ArrayBuffer(plan.bufferBytes), 0, { read: () => new Uint8Array(0) });
}

describe("high words of addresses", () => {
  it.each([60, 61, 62])("name no part without objects, with a heap of %i pages", (heapPages) => {
    const image = imageOf(heapPages);
    const marked = new Int32Array(bitmapWords(image));
    marked[0] = 1;
    // The first object of the heap lies at its third word.
    marked[512 >>> 5] = 1 << 2;
    const space = allocateColumns(image, marked, [], (bytes) => new ArrayBuffer(bytes));
    const { nodes } = finishColumns(image, space, new Int32Array(2), new Map());
    expect([nodes.count, nodes.addressHigh]).toEqual([2, [{ firstNode: 1, high: 0x7f01 }]]);
  });
});
