// The working memory of one heap walk. Arrays are sized for the worst case at once: the kernel hands out their pages on
// first touch, so the room that is not needed costs nothing, and hot loops keep constant backing stores.

import type { ReferenceScan } from "../../cpython/copy-references.ts";
import type { Layout } from "../../cpython/layout.ts";
import type { MemoryImage } from "../../cpython/memory-image.ts";
import { offsetsOf } from "../../cpython/offsets.ts";
import type { TypeTable } from "../../cpython/type-table.ts";

export interface Walk {
  readonly scan: ReferenceScan;
  readonly types: TypeTable;
  readonly image: MemoryImage;
  readonly layout: Layout;
  /** One bit per slot: an object starts here. */
  readonly marked: Uint32Array;
  /** Objects in order of discovery: where, of what type, how big, and where their edges start. */
  objectSlot: Uint32Array;
  objectRow: Uint16Array;
  objectBytes: Uint32Array;
  firstEdge: Uint32Array;
  /** Sizes of 4 GiB and more, by order of discovery. */
  readonly oversize: Map<number, number>;
  /** Objects discovered, and those whose references were scanned. */
  count: number;
  scanned: number;
  edgeCount: number;
  /** Positional references that lead to no object. */
  unreadable: number;
}

/** Smallest distance between two objects that both start at a marked slot. */
const SLOTS_PER_OBJECT = 2;

export function createWalk(image: MemoryImage, layout: Layout, types: TypeTable): Walk {
  const slots = image.pageCount * 512;
  const objects = Math.ceil(slots / SLOTS_PER_OBJECT) + 4096;
  const edges = slots + 65536;
  const scan: ReferenceScan = {
    image,
    layout,
    types,
    offsets: offsetsOf(layout),
    words: image.words,
    highTable: image.highTable,
    pageTable: image.pageTable,
    runEnd: image.runEnd,
    target: new Uint32Array(edges),
    label: new Uint16Array(edges),
    bytes: 0,
    row: 0,
  };
  const walk: Walk = {
    scan,
    types,
    image,
    layout,
    marked: new Uint32Array((slots >>> 5) + 1),
    objectSlot: new Uint32Array(objects),
    objectRow: new Uint16Array(objects),
    objectBytes: new Uint32Array(objects),
    firstEdge: new Uint32Array(objects + 1),
    oversize: new Map(),
    count: 1,
    scanned: 1,
    edgeCount: 0,
    unreadable: 0,
  };
  // Slot 0 is the pseudo object that unreadable references lead to.
  walk.marked[0] = 1;
  return walk;
}

const NO_WORDS = new Uint32Array(0);
const NO_SHORTS = new Uint16Array(0);

/** Lets go of what only the first half of renumbering needs. The walk cannot go on afterwards. */
export function releaseObjects(walk: Walk): void {
  walk.objectSlot = NO_WORDS;
  walk.objectRow = NO_SHORTS;
  walk.objectBytes = NO_WORDS;
}

/** Lets go of the edges as they were found. */
export function releaseEdges(walk: Walk): void {
  walk.firstEdge = NO_WORDS;
  walk.scan.target = NO_WORDS;
  walk.scan.label = NO_SHORTS;
}
