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

/**
 * For a linked chain, whose links are in no container: bytes in use, as Python's allocator counts them, or private memory where the
 * objects are too large for that allocator.
 */
function liveBytesExplained(
  growth: HolderGrowth,
  { samples, heaps }: Observation,
  heapGrowthBytes: number,
): MeasuredSeries | null {
  if (growth.heldGrowthBytes <= 0 || growth.heldGrowthBytes < heapGrowthBytes * EXPLAINED) return null;
  if (heaps.length >= ENOUGH_HEAPS) return null;
  const used = samples.flatMap(({ atMs, allocator }) =>
    allocator === null ? [] : [[atMs, allocator.usedBytes] as const],
  );
  const anon = samples.map(({ atMs, anonBytes }) => [atMs, anonBytes] as const);
  const telling = [used, anon].find((points) => showsGrowth(points, growth.heldGrowthBytes));
  return telling === undefined
    ? null
    : { timesMs: telling.map(([at]) => at), values: telling.map(([, value]) => value) };
}

/** A tally that missed most of the growth says nothing of this place, nor does one of which the place is a small part. */
function showsGrowth(points: readonly (readonly [number, number])[], bytes: number): boolean {
  const rise = (points.at(-1)?.[1] ?? 0) - (points[0]?.[1] ?? 0);
  return points.length >= LEAST_POINTS && rise >= bytes * EXPLAINED && bytes >= rise * EXPLAINED;
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

/** One value per snapshot. */
export function ofSnapshots(growth: HolderGrowth, { heaps }: Observation): PlaceSeries {
  const { values, unit } = sizesOf(growth);
  return { series: { timesMs: heaps.map(({ atMs }) => atMs), values }, unit };
}

export interface PlaceSizes {
  /** One per snapshot. */
  readonly values: readonly number[];
  readonly unit: "entries" | "objects" | "bytes";
}

/** Entries when they change: they count what the program put in. Objects otherwise, bytes when even those stay. */
export function sizesOf({ entries, counts, heldBytes }: HolderGrowth): PlaceSizes {
  if (entries.at(-1) !== null && isVaried(entries))
    return { values: entries.map((each) => each ?? 0), unit: "entries" };
  return isVaried(counts) ? { values: counts, unit: "objects" } : { values: heldBytes, unit: "bytes" };
}

function isVaried(values: readonly (number | null)[]): boolean {
  return values.some((value) => value !== values[0]);
}
