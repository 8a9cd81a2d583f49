// The objects that the collector knows in a build without a GIL, which has no lists of them: they lie in pages of mimalloc, in
// heaps of their own of every thread, and in segments that threads which have ended left behind. Each says by a bit of its
// head that the collector knows it. So garbage cycles are seen here as well.
// CPython 3.13-3.15, Python/gc_free_threading.c, gc_visit_heaps; Objects/mimalloc/segment.c for where a page's blocks begin.

import { invariant } from "../../base/invariant.ts";
import type { Addr } from "../../base/brand.ts";
import { byteAt } from "../../base/byte-windows.ts";
import type { FreeThreadingLayout } from "../../cpython/free-threading-layout.ts";
import { int32At, int64At, pointerAt, slotOfAddress } from "../../cpython/image-access.ts";
import { mayBeObject } from "../../cpython/refcount.ts";
import { type ListShare, type ListsResult, readCollector } from "./gc-lists.ts";
import { claim, rowOfObject } from "./mark.ts";
import { threadSlots } from "./roots.ts";
import type { Walk } from "./walk-state.ts";

/** `_PyMem_DebugMalloc` puts two words before a block; two more come before objects with a managed dict or weak references. */
const DEBUG_BYTES = 16;
const PRE_BYTES = 16;
/** Objects/mimalloc/segment.c, _mi_segment_page_start_from_slice. */
const SMALLEST_BLOCKS = 64;
const SMALL_BLOCKS = 512;

/** A state's place: of the runtime, an interpreter and its collector. */
export interface TrackedIn {
  readonly runtime: number;
  readonly interpreter: number;
  readonly collector: number;
}

interface Found {
  /** Slots of the pages and the segments that were met: a torn link may lead in a circle. */
  readonly met: Set<number>;
  objects: number;
  frozen: number;
  broken: number;
}

/** Marks every object that the collector of one interpreter knows. O(blocks of its heaps). */
export function markTrackedPages(walk: Walk, place: TrackedIn): ListsResult {
  const build = walk.layout.freeThreading;
  invariant(build !== null, "only a build without a GIL keeps tracked objects in pages");
  const found: Found = { met: new Set(), objects: 0, frozen: 0, broken: 0 };
  const isDebug = byteAt(walk.image.bytes, place.runtime * 8 + build.debugAllocator) !== 0;
  const debugBytes = isDebug ? DEBUG_BYTES : 0;
  const kinds: readonly HeapKind[] = [
    { heap: build.heapGc, tag: build.tagGc, before: debugBytes },
    { heap: build.heapGcPre, tag: build.tagGcPre, before: debugBytes + PRE_BYTES },
  ];
  for (const thread of threadSlots(walk, place.interpreter)) {
    if (int32At(walk.image, thread, build.heapsReady) === 0) continue;
    for (const kind of kinds) markHeap(walk, build, thread + kind.heap / 8, kind, found);
  }
  for (const pool of [build.abandonedVisited, build.abandoned])
    markSegments(walk, build, place.interpreter + pool / 8, kinds, found);
  return readCollector(walk, place.collector, sharesOf(found));
}

/** One of the two heaps of every thread. */
interface HeapKind {
  readonly heap: number;
  /** What its pages call themselves. */
  readonly tag: number;
  /** Bytes of a block before its object. */
  readonly before: number;
}

function markHeap(walk: Walk, build: FreeThreadingLayout, heap: number, kind: HeapKind, found: Found): void {
  for (let queue = 0; queue < build.queueCount; queue++) {
    let at = heap + (build.queues + queue * build.queueSize + build.queueFirst) / 8;
    for (;;) {
      const page = pointerAt(walk.image, at);
      if (page === 0) break;
      const slot = slotOfAddress(walk.image, page);
      if (!isNew(slot, found)) break;
      if (tagOf(walk, build, slot) === kind.tag) markPage(walk, build, page, kind.before, found);
      else found.broken += 1;
      at = slot + build.pageNext / 8;
    }
  }
}

/** The pool is a list of segments; the lowest bits of a link count, since the list is changed without a lock. */
function markSegments(
  walk: Walk,
  build: FreeThreadingLayout,
  pool: number,
  kinds: readonly HeapKind[],
  found: Found,
): void {
  let link = pool;
  for (;;) {
    const address = pointerAt(walk.image, link);
    const segment = address - (address % build.segmentBytes);
    if (segment === 0) return;
    const slot = slotOfAddress(walk.image, segment);
    if (!isNew(slot, found)) return;
    markSlices(walk, build, { segment, slot }, kinds, found);
    link = slot + build.segmentNext / 8;
  }
}

/** False, and counted as broken, where a link leads nowhere or where it has led before. */
function isNew(slot: number, found: Found): boolean {
  if (slot > 0 && !found.met.has(slot)) {
    found.met.add(slot);
    return true;
  }
  found.broken += 1;
  return false;
}

function markSlices(
  walk: Walk,
  build: FreeThreadingLayout,
  { segment, slot }: { readonly segment: number; readonly slot: number },
  kinds: readonly HeapKind[],
  found: Found,
): void {
  const most = build.segmentBytes / build.sliceBytes;
  const entries = Math.min(int64At(walk.image, slot + build.segmentEntries / 8), most);
  for (let entry = 0; entry < entries; ) {
    const offset = build.segmentSlices + entry * build.pageSize;
    const page = slot + offset / 8;
    const kind = kinds.find(({ tag }) => tag === tagOf(walk, build, page));
    // A span of slices that is in use has blocks; a free one says so by their size.
    if (int32At(walk.image, page, build.pageBlockBytes) !== 0 && kind !== undefined)
      markPage(walk, build, segment + offset, kind.before, found);
    entry += Math.max(1, int32At(walk.image, page, build.pageSlices));
  }
}

function tagOf({ image }: Walk, build: FreeThreadingLayout, page: number): number {
  return (byteAt(image.bytes, page * 8 + build.pageTag) >>> build.pageTagShift) & 15;
}

function markPage(walk: Walk, build: FreeThreadingLayout, page: number, before: number, found: Found): void {
  const { image } = walk;
  const slot = slotOfAddress(image, page);
  const blockBytes = int32At(image, slot, build.pageBlockBytes) >>> 0;
  const capacity = (int32At(image, slot, build.pageCapacity & ~3) >>> ((build.pageCapacity & 3) * 8)) & 0xffff;
  const segment = page - (page % build.segmentBytes);
  const index = (page - segment - build.segmentSlices) / build.pageSize;
  if (blockBytes === 0 || blockBytes % 8 !== 0 || !Number.isInteger(index)) {
    found.broken += 1;
    return;
  }
  const skipped = blockBytes <= SMALLEST_BLOCKS ? 3 * blockBytes : blockBytes <= SMALL_BLOCKS ? blockBytes : 0;
  const first = segment + index * build.sliceBytes + skipped;
  const blocks = { first, blockBytes, isFree: new Uint8Array(capacity) };
  noteFree(walk, [slot + build.pageFree / 8, slot + build.pageLocalFree / 8, slot + build.pageThreadFree / 8], blocks);
  for (let block = 0; block < capacity; block++)
    if (blocks.isFree[block] === 0)
      markBlock(walk, build, slotOfAddress(image, first + block * blockBytes + before), found);
}

interface Blocks {
  /** Address. */
  readonly first: number;
  readonly blockBytes: number;
  readonly isFree: Uint8Array;
}

/** A free block begins with the address of the next one, and keeps what else was in it. */
function noteFree({ image }: Walk, lists: readonly number[], { first, blockBytes, isFree }: Blocks): void {
  for (const list of lists) {
    let address = pointerAt(image, list);
    address = (address - (address % 4)) as Addr;
    for (;;) {
      const block = (address - first) / blockBytes;
      // Behind the last one, torn, or met before.
      if (!Number.isInteger(block) || isFree[block] !== 0) break;
      isFree[block] = 1;
      address = pointerAt(image, slotOfAddress(image, address));
    }
  }
}

function markBlock(walk: Walk, build: FreeThreadingLayout, slot: number, found: Found): void {
  // What was never touched is not in the copy.
  if (slot <= 0) return;
  const bits = byteAt(walk.image.bytes, slot * 8 + build.gcBits);
  if ((bits & build.tracked) === 0 || !mayBeObject(walk.scan.words, slot, walk.scan.offsets)) return;
  if (rowOfObject(walk, slot) < 0 || !claim(walk, slot)) return;
  if ((bits & build.frozen) === 0) found.objects += 1;
  else found.frozen += 1;
}

/**
 * By list, as `readCollector` wants them. Without a GIL no object belongs to a generation: all are counted in the youngest, and
 * collections by what asked for them.
 */
function sharesOf({ objects, frozen, broken }: Found): readonly ListShare[] {
  const none = { objects: 0, broken: 0 };
  return [{ objects, broken }, none, none, { objects: frozen, broken: 0 }];
}
