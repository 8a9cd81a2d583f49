// Neighbouring spots are read together: a system call costs more than the bytes between them.

import type { GaugeSpots } from "./gauge-spots.ts";

/** Runs of spots that one read covers, ascending. */
export interface GaugeBatches {
  readonly count: number;
  /** `count + 1` indices of spots. */
  readonly firstSpot: Uint32Array;
  readonly bytes: Uint32Array;
}

/**
 * Below a page. A read over a smaller gap touches no page but those that hold a spot: reading a page that the process never
 * used would make the kernel give it one. Within that limit wider is cheaper; see bench/method.md, "Watching".
 */
export const WIDEST_GAP_BYTES = 4095;
export const LARGEST_BATCH_BYTES: number = 1 << 16;

/** O(spots). */
export function batchSpots(spots: GaugeSpots, widestGapBytes: number = WIDEST_GAP_BYTES): GaugeBatches {
  const first: number[] = [];
  const bytes: number[] = [];
  let start = 0;
  let end = Number.NEGATIVE_INFINITY;
  for (let spot = 0; spot < spots.count; spot++) {
    const from = spots.address[spot]!;
    const to = from + spots.spanBytes[spot]!;
    if (from - end > widestGapBytes || to - start > LARGEST_BATCH_BYTES) {
      first.push(spot);
      bytes.push(0);
      start = from;
      end = to;
    }
    end = Math.max(end, to);
    bytes[bytes.length - 1] = end - start;
  }
  return { count: bytes.length, firstSpot: Uint32Array.from([...first, spots.count]), bytes: Uint32Array.from(bytes) };
}
