// What became of the containers that changed. Bounded: a track that is full drops every other point and takes fewer from then
// on, so that a watch of days needs no more memory than one of minutes, and its first and last points stay true.

import type { Gauge, GaugeState, GaugeSummary, GaugeTrack } from "../model/gauge.ts";
import { type GaugeReadings, Seen } from "./gauge-rounds.ts";

/** Points a track has at most; fewer when very many containers change. */
const MOST_POINTS = 600;
const FEWEST_POINTS = 32;
/** Of all tracks together: 16 bytes each. */
const MOST_POINTS_IN_ALL = 4_000_000;
const FIRST_POINTS = 16;

interface Track {
  times: Float64Array;
  values: Float64Array;
  count: number;
  /** Points closer together than this replace one another. */
  gapMs: number;
}

/** Columns over gauges, and a track for each that changed. */
export interface TrackStore {
  readonly gauges: readonly Gauge[];
  /** NaN before the first reading. */
  readonly firstSize: Float64Array;
  readonly firstMs: Float64Array;
  readonly lastSize: Float64Array;
  readonly lastMs: Float64Array;
  readonly firstHits: Float64Array;
  readonly firstMisses: Float64Array;
  readonly lastHits: Float64Array;
  readonly lastMisses: Float64Array;
  readonly state: Uint8Array;
  readonly tracks: Map<number, Track>;
}

/** Gauges whose size or state changed in one tick, with what they hold now. */
export interface GaugeChanges {
  readonly gauges: readonly number[];
  readonly sizes: readonly number[];
}

export function createTrackStore(gauges: readonly Gauge[]): TrackStore {
  const column = (fill: number): Float64Array => new Float64Array(gauges.length).fill(fill);
  return {
    gauges,
    firstSize: column(Number.NaN),
    firstMs: column(0),
    lastSize: column(Number.NaN),
    lastMs: column(0),
    firstHits: column(Number.NaN),
    firstMisses: column(Number.NaN),
    lastHits: column(Number.NaN),
    lastMisses: column(Number.NaN),
    state: new Uint8Array(gauges.length),
    tracks: new Map(),
  };
}

/** Enters what was read in one tick, at `nowMs` since the watch began. */
export function recordVisits(
  store: TrackStore,
  readings: GaugeReadings,
  visitedCount: number,
  nowMs: number,
): GaugeChanges {
  const gauges: number[] = [];
  const sizes: number[] = [];
  for (let at = 0; at < visitedCount; at++) {
    const gauge = readings.visited[at]!;
    if (!recordVisit(store, readings, gauge, nowMs)) continue;
    gauges.push(gauge);
    sizes.push(readings.size[gauge]!);
  }
  return { gauges, sizes };
}

/** True when it changed. An lru cache that was never seen whole (dict and counters) waits for the rest. */
function recordVisit(store: TrackStore, readings: GaugeReadings, gauge: number, nowMs: number): boolean {
  const state = readings.state[gauge]!;
  if (state === Seen.never) return false;
  const isOver = state !== Seen.alive;
  const wasOver = store.state[gauge]! > Seen.alive;
  store.state[gauge] = state;
  if (isOver) return !wasOver && store.tracks.has(gauge);
  const size = readings.size[gauge]!;
  const hasCounted = recordCounters(store, readings, gauge);
  if (Number.isNaN(store.firstSize[gauge]!)) {
    store.firstSize[gauge] = size;
    store.firstMs[gauge] = nowMs;
  }
  const isFirst = Number.isNaN(store.lastSize[gauge]!);
  const isChanged = !isFirst && (size !== store.lastSize[gauge] || hasCounted);
  addPoint(store, gauge, size, nowMs, isChanged);
  store.lastSize[gauge] = size;
  store.lastMs[gauge] = nowMs;
  return isChanged;
}

/** True when a cache was used since the last visit: worth a track, even where its size stays. */
function recordCounters(store: TrackStore, readings: GaugeReadings, gauge: number): boolean {
  const [hits, misses] = [readings.hits[gauge]!, readings.misses[gauge]!];
  if (store.gauges[gauge]?.kind !== "lru-cache" || hits + misses === 0) return false;
  const isFirst = Number.isNaN(store.firstHits[gauge]!);
  if (isFirst) {
    store.firstHits[gauge] = hits;
    store.firstMisses[gauge] = misses;
  }
  const isChanged = !isFirst && (hits !== store.lastHits[gauge] || misses !== store.lastMisses[gauge]);
  store.lastHits[gauge] = hits;
  store.lastMisses[gauge] = misses;
  return isChanged;
}

function addPoint(store: TrackStore, gauge: number, size: number, nowMs: number, isChanged: boolean): void {
  let track = store.tracks.get(gauge);
  if (track === undefined) {
    if (!isChanged) return;
    track = beginTrack(store, gauge);
  }
  const limit = Math.max(FEWEST_POINTS, Math.min(MOST_POINTS, Math.floor(MOST_POINTS_IN_ALL / store.tracks.size)));
  append(track, nowMs, size, limit);
}

/** From the first reading, over the last that was still the same. */
function beginTrack(store: TrackStore, gauge: number): Track {
  const track: Track = {
    times: new Float64Array(FIRST_POINTS),
    values: new Float64Array(FIRST_POINTS),
    count: 0,
    gapMs: 0,
  };
  append(track, store.firstMs[gauge]!, store.firstSize[gauge]!, MOST_POINTS);
  append(track, store.lastMs[gauge]!, store.lastSize[gauge]!, MOST_POINTS);
  store.tracks.set(gauge, track);
  return track;
}

/** The last point is always the latest reading; the one before it is at least `gapMs` after its own predecessor. */
function append(track: Track, atMs: number, value: number, limit: number): void {
  const { times, count } = track;
  const isSame = count > 0 && times[count - 1] === atMs;
  const isClose = count > 1 && times[count - 1]! - times[count - 2]! < track.gapMs;
  if (!isSame && !isClose) makeRoom(track, limit);
  const at = isSame || isClose ? track.count - 1 : track.count++;
  track.times[at] = atMs;
  track.values[at] = value;
}

function makeRoom(track: Track, limit: number): void {
  if (track.count >= limit) halve(track);
  if (track.count < track.times.length) return;
  const length = Math.max(track.count + 1, Math.min(limit, track.times.length * 2));
  track.times = grown(track.times, length);
  track.values = grown(track.values, length);
}

function grown(column: Float64Array, length: number): Float64Array {
  const longer = new Float64Array(length);
  longer.set(column);
  return longer;
}

/** Keeps the first, every other, and the last. */
function halve(track: Track): void {
  const { times, values, count } = track;
  let kept = 0;
  for (let at = 0; at < count; at++) {
    if (at % 2 === 1 && at !== count - 1) continue;
    times[kept] = times[at]!;
    values[kept++] = values[at]!;
  }
  track.gapMs = Math.max(track.gapMs * 2, (2 * (times[kept - 1]! - times[0]!)) / count);
  track.count = kept;
}

const STATE: Readonly<Record<number, GaugeState>> = { [Seen.gone]: "gone", [Seen.unread]: "unread" };

/** The tracks so far, in order of gauges. Copies: the watch may go on. */
export function tracksOf(store: TrackStore): GaugeTrack[] {
  return [...store.tracks].sort(([a], [b]) => a - b).map(([gauge, track]) => copyOf(store, gauge, track));
}

/** The track of one gauge, null when it never changed. A copy. */
export function trackOf(store: TrackStore, gauge: number): GaugeTrack | null {
  const track = store.tracks.get(gauge);
  return track === undefined ? null : copyOf(store, gauge, track);
}

/** All gauges that changed, without their series: for whoever picks a few of many. O(changed). */
export function summariesOf(store: TrackStore): GaugeSummary[] {
  return [...store.tracks.keys()].map((gauge) => ({
    gauge,
    state: STATE[store.state[gauge]!] ?? "alive",
    first: store.firstSize[gauge]!,
    last: store.lastSize[gauge]!,
    lastMs: store.lastMs[gauge]!,
  }));
}

function copyOf(store: TrackStore, gauge: number, track: Track): GaugeTrack {
  return {
    gauge,
    state: STATE[store.state[gauge]!] ?? "alive",
    series: { timesMs: track.times.slice(0, track.count), values: track.values.slice(0, track.count) },
    hits: pairOf(store.firstHits[gauge]!, store.lastHits[gauge]!),
    misses: pairOf(store.firstMisses[gauge]!, store.lastMisses[gauge]!),
  };
}

function pairOf(first: number, last: number): readonly [number, number] | null {
  return Number.isNaN(first) ? null : [first, last];
}

/** A store for other gauges that goes on with those of this one that are the same object: kind, address and type agree. */
export function carriedOver(store: TrackStore, gauges: readonly Gauge[]): TrackStore {
  const next = createTrackStore(gauges);
  const before = new Map(store.gauges.map((gauge, at) => [gauge.address as number, at]));
  for (const [at, gauge] of gauges.entries()) {
    const from = before.get(gauge.address);
    const same = from === undefined ? undefined : store.gauges[from];
    if (from === undefined || same?.typeAddress !== gauge.typeAddress || same.kind !== gauge.kind) continue;
    // What was gone and is in a new snapshot is another object at the same place.
    if (store.state[from]! <= Seen.alive) copyRow(store, from, next, at);
  }
  return next;
}

const COLUMNS = [
  "firstSize",
  "firstMs",
  "lastSize",
  "lastMs",
  "firstHits",
  "firstMisses",
  "lastHits",
  "lastMisses",
] as const;

function copyRow(store: TrackStore, from: number, next: TrackStore, to: number): void {
  for (const column of COLUMNS) next[column][to] = store[column][from]!;
  next.state[to] = store.state[from]!;
  const track = store.tracks.get(from);
  if (track !== undefined) next.tracks.set(to, track);
}
