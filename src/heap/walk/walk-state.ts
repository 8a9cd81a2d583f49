// The working memory of one walker. Arrays are sized for the worst case at once: the kernel hands out their pages on
// first touch, so the room that is not needed costs nothing, and hot loops keep constant backing stores.
//
// Several walkers, one per thread, may share the image and the bitmap; everything else is a walker's own.

import type { ReferenceScan } from "../../cpython/copy-references.ts";
import type { Layout } from "../../cpython/layout.ts";
import type { MemoryImage } from "../../cpython/memory-image.ts";
import { offsetsOf } from "../../cpython/offsets.ts";
import type { TypeTable } from "../../cpython/type-table.ts";

/** Slots per block, the unit of work: 256 KiB of the target, a few thousand objects. */
export const BLOCK_SHIFT = 15;
export const BLOCK_SLOTS: number = 1 << BLOCK_SHIFT;
export const WORDS_PER_BLOCK: number = BLOCK_SLOTS >>> 5;

export interface Walk {
  /** What scanning an object writes to. */
  readonly scan: ReferenceScan;
  /** Types in the order they were met while marking; by address after that (see settle-types.ts). */
  readonly types: TypeTable;
  readonly image: MemoryImage;
  readonly layout: Layout;
  /** One bit per slot: an object starts here. */
  readonly marked: Int32Array;
  /** Other threads set bits too. */
  readonly isShared: boolean;
  /** Slots of objects that were marked and wait to be scanned: a stack. */
  readonly pending: Uint32Array;
  pendingCount: number;
  /** Edges of the objects this walker scanned, by the block the object starts in. */
  readonly edgesOfBlock: Uint32Array;
  /** Slots of the static types met. */
  readonly staticTypes: number[];
}

export function blockCount(image: MemoryImage): number {
  return Math.ceil((image.pageCount * 512) / BLOCK_SLOTS);
}

/** 32-bit words of the bitmap: whole blocks. */
export function bitmapWords(image: MemoryImage): number {
  return blockCount(image) * WORDS_PER_BLOCK;
}

/** `sharedBits`: the bitmap of walkers that work together. */
export function createWalk(image: MemoryImage, layout: Layout, types: TypeTable, sharedBits?: Int32Array): Walk {
  const slots = image.pageCount * 512;
  const marked = sharedBits ?? new Int32Array(bitmapWords(image));
  // Slot 0 is the pseudo object that unreadable references lead to.
  marked[0]! |= 1;
  return {
    scan: createScan(image, layout, types),
    types,
    image,
    layout,
    marked,
    isShared: sharedBits !== undefined,
    pending: new Uint32Array(Math.ceil(slots / 2) + 4096),
    pendingCount: 0,
    edgesOfBlock: new Uint32Array(blockCount(image)),
    staticTypes: [],
  };
}

/**
 * There is one scan and one table of types per walk: when V8 evaluates a literal for the second time it gives up what it
 * knew about the types of the fields, throws away the code that was compiled on that, and compiles slower code.
 */
function createScan(image: MemoryImage, layout: Layout, types: TypeTable): ReferenceScan {
  const candidates = image.pageCount * 512 + 65536;
  const scan: ReferenceScan = {
    image,
    layout,
    types,
    offsets: offsetsOf(layout),
    words: image.words,
    highTable: image.highTable,
    pageTable: image.pageTable,
    runEnd: image.runEnd,
    target: new Uint32Array(candidates),
    label: new Uint16Array(candidates),
    bytes: 0.5,
    row: 0,
  };
  // V8 has to know from the start that these two change, and that not every size is a small integer.
  scan.bytes = 0;
  scan.row = 1;
  return scan;
}
