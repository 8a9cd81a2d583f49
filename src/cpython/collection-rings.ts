// From 3.15 on the collector keeps its latest records of each generation in a ring.

import type { CollectionStatisticsLayout } from "./collector-layout.ts";
import type { Offset } from "./layout.ts";

/** In `struct gc_stats`: where a generation's records begin, and the byte that says which is the latest. */
export function ringOf(
  rings: NonNullable<CollectionStatisticsLayout["rings"]>,
  generation: number,
): readonly [records: Offset, latest: Offset] {
  if (generation === 0) return [rings.young, rings.youngLatest];
  return generation === 1 ? [rings.middle, rings.middleLatest] : [rings.old, rings.oldLatest];
}
