// The densest series there is for a growing place: its container as it was followed, a counter of the collector, or one value
// per snapshot.

import type { HolderGrowth } from "../model/heap-reports.ts";
import type { CollectorSample } from "../model/sample.ts";
import type { MeasuredSeries, SeriesUnit } from "../model/verdict.ts";
import type { FollowedPlace } from "./attach-tracks.ts";
import type { Observation } from "./observation.ts";

export interface PlaceSeries {
  readonly series: MeasuredSeries;
  readonly unit: SeriesUnit;
}

/** `heapGrowthBytes`: of all that is reachable, between the first snapshot and the last. */
export function seriesOfPlace(
  { track, growth }: FollowedPlace,
  observation: Observation,
  heapGrowthBytes: number,
): PlaceSeries {
  if (track !== null) {
    const kind = observation.gauges[track.gauge]?.kind;
    return { series: track.series, unit: kind === "bytearray" || kind === "array" ? "bytes" : "entries" };
  }
  const uncollected = growth.holder.kind === "garbage-cycle" ? uncollectedObjects(observation) : null;
  if (uncollected !== null) return { series: uncollected, unit: "objects" };
  const live = liveBytesExplained(growth, observation, heapGrowthBytes);
  if (live !== null) return { series: live, unit: "bytes" };
  return ofSnapshots(growth, observation);
}

/** A place that is this much of the growth grew as the heap did. */
const EXPLAINED = 0.5;
const LEAST_POINTS = 8;
/** With so many snapshots their own counts prove more. */
const ENOUGH_HEAPS = 7;

/** For a linked chain, whose links are in no container: bytes in use, as the allocator counts them. */
function liveBytesExplained(
  growth: HolderGrowth,
  { samples, heaps }: Observation,
  heapGrowthBytes: number,
): MeasuredSeries | null {
  if (growth.heldGrowthBytes <= 0 || growth.heldGrowthBytes < heapGrowthBytes * EXPLAINED) return null;
  const known = samples.flatMap(({ atMs, allocator }) => (allocator === null ? [] : [{ atMs, allocator }]));
  if (heaps.length >= ENOUGH_HEAPS || known.length < LEAST_POINTS) return null;
  const [first, last] = [known[0]?.allocator.usedBytes ?? 0, known.at(-1)?.allocator.usedBytes ?? 0];
  // Large objects do not come from Python's allocator: its tally then says nothing of this place.
  if (last - first < growth.heldGrowthBytes * EXPLAINED) return null;
  return { timesMs: known.map(({ atMs }) => atMs), values: known.map(({ allocator }) => allocator.usedBytes) };
}

/**
 * With the collector off and garbage growing, the collector's own tally (objects made minus objects freed since its last run)
 * follows the garbage from outside. Null when a collection ran, which sets it back, or when it cannot be read.
 */
function uncollectedObjects({ samples }: Observation): MeasuredSeries | null {
  const known = samples.flatMap(({ atMs, collector }) => (collector === null ? [] : [{ atMs, collector }]));
  const first = known[0]?.collector;
  if (first === undefined || !known.every(({ collector }) => isUntouched(first, collector))) return null;
  return { timesMs: known.map(({ atMs }) => atMs), values: known.map(({ collector }) => collector.pending) };
}

function isUntouched(first: CollectorSample, now: CollectorSample): boolean {
  return !now.isEnabled && now.collections.every((count, at) => count === first.collections[at]);
}

/** Entries when they change: they count what the program put in. Objects otherwise, bytes when even those stay. */
function ofSnapshots({ entries, counts, heldBytes }: HolderGrowth, { heaps }: Observation): PlaceSeries {
  const series = (values: readonly number[]): MeasuredSeries => ({ timesMs: heaps.map(({ atMs }) => atMs), values });
  if (entries.at(-1) !== null && isVaried(entries)) {
    return { series: series(entries.map((each) => each ?? 0)), unit: "entries" };
  }
  return isVaried(counts) ? { series: series(counts), unit: "objects" } : { series: series(heldBytes), unit: "bytes" };
}

function isVaried(values: readonly (number | null)[]): boolean {
  return values.some((value) => value !== values[0]);
}
