// How much of pymalloc's arenas is in use. Free pools are counted in the arena table, exactly; how full the others are is in
// their headers, of which a bounded number is read: all of a small heap, an even sample of a large one.

import type { Addr } from "../base/brand.ts";
import type { AllocatorSample } from "../model/sample.ts";
import type { Arena } from "./arena-table.ts";
import type { Layout } from "./layout.ts";
import type { OutsideReader } from "./memory-image.ts";

/** Headers read at one moment: some 2 us each. */
const MOST_HEADERS = 2048;

/** `turn` moves the sample, so that repeated calls see different pools. */
export function usageOf(
  memory: OutsideReader,
  arenas: readonly Arena[],
  layout: Layout,
  turn: number,
): AllocatorSample {
  const { poolBytes } = layout.allocator;
  const cutOff = arenas.map(({ firstPool, nextPool }) => (nextPool - firstPool) / poolBytes);
  const pools = cutOff.reduce((sum, count) => sum + count, 0);
  const stride = Math.max(1, Math.ceil(pools / MOST_HEADERS));
  let skip = turn % stride;
  let usedBytes = 0;
  let read = 0;
  for (const [at, { firstPool }] of arenas.entries()) {
    const count = cutOff[at] ?? 0;
    let pool = skip;
    for (; pool < count; pool += stride) {
      usedBytes += usedBytesOf(memory, firstPool + pool * poolBytes, layout);
      read += 1;
    }
    skip = pool - count;
  }
  const arenaBytes = arenas.length * layout.allocator.arenaBytes;
  const used = read === 0 ? 0 : Math.round((usedBytes * pools) / read);
  // Pools that were never cut off were never touched either, and take no memory.
  return { arenaBytes, usedBytes: used, freeBytes: pools * poolBytes - used, isEstimate: stride > 1 };
}

/** A pool that was freed has no blocks in use. */
function usedBytesOf(memory: OutsideReader, pool: number, { allocator }: Layout): number {
  const bytes = memory.read(pool as Addr, allocator.poolHeaderSize);
  if (bytes.length < allocator.poolHeaderSize) return 0;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const blockBytes = (view.getUint32(allocator.poolSizeIndex, true) + 1) * allocator.alignment;
  const blocks = view.getUint32(allocator.poolUsedBlocks, true);
  const limit = allocator.poolBytes - allocator.poolHeaderSize;
  return blocks * blockBytes <= limit ? blocks * blockBytes : 0;
}
