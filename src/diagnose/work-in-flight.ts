// What only a call that is under way holds. A snapshot that meets a request in the middle finds all it works on, the next one finds
// another request: between the two such a place seems to have grown by any amount, and nothing of it stays.

import type { HolderGrowth } from "../model/heap-reports.ts";
import type { ProcessSample } from "../model/sample.ts";
import { isOneWay } from "../watch/kept-rise.ts";
import type { FollowedPlace } from "./attach-tracks.ts";
import type { Observation } from "./observation.ts";
import type { Comparison } from "../heap/queries/compare.ts";
import { sizesOf } from "./series-of-place.ts";

/** Snapshots of one rise: a request that is larger each time is rarer than one in twenty-four. */
const ENOUGH_HEAPS = 4;
const ENOUGH_READINGS = 8;
/** Of a rise, in what the allocator has in use. */
const EXPLAINED = 0.5;

/**
 * True for a local of a call, or the few objects that C code works on, as long as nothing shows that the call goes on: no container of it was followed, it was not larger in
 * each of several snapshots, and the allocator's tally went up and down. O(snapshots and samples).
 */
export function isInFlight({ growth, track }: FollowedPlace, { samples }: Observation): boolean {
  if (track !== null || !isHeldByCall(growth)) return false;
  return !roseEachTime(growth) && !isInTally(growth, samples);
}

/** C code that lost a reference leaves one object after the other; what it works on are a few. */
const MOST_WORKED_ON = 8;

function isHeldByCall({ holder, entries }: HolderGrowth): boolean {
  if (holder.kind !== "native") return holder.kind === "frame-local";
  const [first, last] = [entries[0] ?? 0, entries.at(-1) ?? null];
  return last !== null && last - first < MOST_WORKED_ON;
}

function roseEachTime(growth: HolderGrowth): boolean {
  const { values } = sizesOf(growth);
  return values.length >= ENOUGH_HEAPS && values.every((value, at) => at === 0 || value > (values[at - 1] ?? 0));
}

/** What is in use rose by about as much, and hardly fell: what calls take and give back was little. */
function isInTally({ heldBytes, heldGrowthBytes }: HolderGrowth, samples: readonly ProcessSample[]): boolean {
  // On a starved machine a single call may last all the watch, and what it makes rises as evenly as any leak.
  if ((heldBytes[0] ?? 0) === 0) return false;
  const used = samples.flatMap(({ allocator }) => (allocator === null ? [] : [allocator.usedBytes]));
  const rise = (used.at(-1) ?? 0) - (used[0] ?? 0);
  return used.length >= ENOUGH_READINGS && rise >= heldGrowthBytes * EXPLAINED && isOneWay({ values: used });
}

/** Bytes that calls under way hold in each snapshot; `lasting`: paths of locals that are known to stay. O(holders). */
export function inFlightBytes({ usages }: Comparison, lasting: ReadonlySet<string>): readonly number[] {
  return usages.map((byPath) => {
    let bytes = 0;
    for (const { holder, heldBytes } of byPath.values())
      if (holder.kind === "frame-local" && !lasting.has(holder.path)) bytes += heldBytes;
    return bytes;
  });
}
