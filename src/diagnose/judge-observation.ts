// From what was observed to places with verdicts: what grew in the heaps is followed through the samples and judged.

import { reachableBytes } from "../heap/holders/holders-of.ts";
import { compareHeaps, type Comparison, grownPlaces } from "../heap/queries/compare.ts";
import type { SeriesContext, SeriesVerdict } from "../model/verdict.ts";
import { judgeFamily } from "../watch/judge-series.ts";
import { loadSeriesOf } from "../watch/load-series.ts";
import { attachTracks, type FollowedPlace } from "./attach-tracks.ts";
import { garbageStays, garbageWaits } from "./garbage-stays.ts";
import type { Observation } from "./observation.ts";
import { ofSnapshots, seriesOfPlace } from "./series-of-place.ts";
import { unsettledUntil } from "./unsettled-until.ts";
import { isInFlight } from "./work-in-flight.ts";

/** A place with what its series shows. */
export interface JudgedPlace extends FollowedPlace {
  readonly series: SeriesVerdict;
  /** The most it can hold; null when nothing bounds it. */
  readonly bound: number | null;
  /** Only a call that is under way holds it. */
  readonly isInFlight: boolean;
  /** The program keeps it small, as its source says; false as long as no source was asked. */
  readonly isLimitedInSource: boolean;
}

export interface JudgedObservation {
  readonly observation: Observation;
  readonly comparison: Comparison;
  /** Most bytes first. */
  readonly places: readonly JudgedPlace[];
  /** Of all that is reachable. */
  readonly heapGrowthBytes: number;
  /** Between the first heap and the last. */
  readonly seconds: number;
  readonly unsettledUntilMs: number;
  /** Garbage outlives collections, or there are none. */
  readonly isGarbageStaying: boolean;
}

/** Sources are not asked yet: which are wanted depends on the places. */
export function judgeObservation(observation: Observation): JudgedObservation {
  const { heaps, first, last, gauges, tracks } = observation;
  const comparison = compareHeaps(heaps);
  const heapGrowthBytes = reachableBytes(comparison.last) - reachableBytes(comparison.first);
  const followed = attachTracks(comparison, grownPlaces(comparison), gauges, tracks);
  const unsettledUntilMs = unsettledUntil(heaps);
  const common = seriesContext({ observation, unsettledUntilMs });
  const judge = (places: readonly FollowedPlace[], family: number): readonly JudgedPlace[] =>
    judgePlaces(places, observation, comparison, { ...common, family }, heapGrowthBytes);
  // Followed containers are one family, with all that never changed: chance had as many goes. Those that are a good part of the
  // growth are few whatever was followed, and so are the places that nobody followed.
  const isPart = (share: number, { growth }: FollowedPlace): boolean =>
    growth.heldGrowthBytes >= heapGrowthBytes * share;
  const others = followed.filter(({ track }) => track === null);
  const tracked = followed.filter(({ track }) => track !== null);
  const isLarge = (place: FollowedPlace): boolean =>
    place.growth.heldGrowthBytes >= SMALL_BYTES && isPart(LARGE_SHARE, place);
  const places = [
    ...judge(tracked.filter(isLarge), 1 / LARGE_SHARE),
    ...judge(
      tracked.filter((place) => !isLarge(place)),
      gauges.length,
    ),
    ...judge(others, others.filter((place) => isPart(NOTABLE_SHARE, place)).length),
  ];
  return {
    observation,
    comparison,
    places: (garbageWaits(comparison) ? places.map(withoutWaiting) : places).toSorted(
      (a, b) => b.growth.heldGrowthBytes - a.growth.heldGrowthBytes,
    ),
    heapGrowthBytes,
    seconds: (last.atMs - first.atMs) / 1000,
    unsettledUntilMs,
    isGarbageStaying: garbageStays(comparison),
  };
}

/** Garbage that the next full collection frees rises as evenly as any leak until then. */
function withoutWaiting(place: JudgedPlace): JudgedPlace {
  if (place.growth.holder.kind !== "garbage-cycle") return place;
  return { ...place, series: doubted(place.series, WAITING) };
}

const IN_FLIGHT = "A call that is under way holds it, and nothing shows that it stays when the call ends.";
const WAITING = "The collector is at work, and frees it when it next looks at all objects.";

function doubted(series: SeriesVerdict, why: string): SeriesVerdict {
  if (series.shape !== "growing") return series;
  return { ...series, shape: "unclear", isUnbroken: false, because: [...series.because, why] };
}

/** What else is known when the series of a place is judged. */
export function seriesContext({
  observation,
  unsettledUntilMs,
}: Pick<JudgedObservation, "observation" | "unsettledUntilMs">): Pick<SeriesContext, "load" | "unsettledUntilMs"> {
  return { load: loadSeriesOf(observation.samples), unsettledUntilMs };
}

/** A place that nobody followed matters only as a good part of the growth; there are few such. */
const NOTABLE_SHARE = 0.02;
/** At most ten places are each this much of the growth. */
const LARGE_SHARE = 0.1;

function judgePlaces(
  places: readonly FollowedPlace[],
  observation: Observation,
  comparison: Comparison,
  common: Omit<SeriesContext, "bound" | "unit">,
  heapGrowthBytes: number,
): readonly JudgedPlace[] {
  const bounded = places.map((place) => ({
    ...place,
    bound: boundOf(place, observation, comparison),
    isInFlight: isInFlight(place, observation),
    isLimitedInSource: false,
  }));
  const verdicts = judgeFamily(
    bounded.map((place) => {
      const { series, unit } = place.isInFlight
        ? ofSnapshots(place.growth, observation)
        : seriesOfPlace(place, observation, heapGrowthBytes);
      return { series, context: { ...common, unit, bound: place.bound } };
    }),
  );
  return bounded.flatMap((place, at) => {
    const series = verdicts[at];
    if (series === undefined) return [];
    return [{ ...place, series: place.isInFlight ? doubted(series, IN_FLIGHT) : series }];
  });
}

function boundOf({ node, track }: FollowedPlace, { gauges }: Observation, { last }: Comparison): number | null {
  const lru = last.lruOf.get(node);
  return lru?.maxsize ?? (track === null ? null : (gauges[track.gauge]?.bound ?? null));
}

const MOST_LEAKS = 10;
/** Growth that is no more than this, of the heap and in itself, is shown only when it is beyond doubt. */
const SMALL_BYTES = 64 * 1024;
const SMALL_SHARE = 0.01;

/** A place that holds this much of the growth is the one to ask about when the heap grows. */
const EXPLAINED = 0.5;

/**
 * Where nothing is seen to grow for certain: the place that has taken most of what the heap has grown by, though its own series shows
 * too little, in a short watch or of work that comes in bursts. Null when there is none, or when it has a maximum.
 */
export function mainTaker(judged: JudgedObservation): JudgedPlace | null {
  const { places, heapGrowthBytes, isGarbageStaying } = judged;
  const taker = places.find(
    ({ growth, series, bound, isInFlight: isPassing }) =>
      series.shape === "unclear" &&
      bound === null &&
      !isPassing &&
      growth.heldGrowthBytes >= Math.max(SMALL_BYTES, heapGrowthBytes * EXPLAINED),
  );
  if (taker === undefined || isWeakTable(taker)) return null;
  return taker.growth.holder.kind !== "garbage-cycle" || isGarbageStaying ? taker : null;
}

/** Places whose sources may be wanted. */
export function placesConcerned(judged: JudgedObservation): readonly JudgedPlace[] {
  const suspects = suspectsOf(judged);
  const taker = suspects.length === 0 ? mainTaker(judged) : null;
  return taker === null ? suspects : [taker];
}

/** The places that are worth an answer; their sources are wanted. */
export function suspectsOf({ places, heapGrowthBytes }: JudgedObservation): readonly JudgedPlace[] {
  const growing = places.filter(({ series, growth }) => {
    if (series.shape !== "growing") return false;
    const isSmall =
      growth.heldGrowthBytes < SMALL_BYTES && growth.heldGrowthBytes < Math.max(1, heapGrowthBytes) * SMALL_SHARE;
    return series.isUnbroken || !isSmall;
  });
  const causes = growing.filter((place) => !isWeakTable(place));
  return (causes.length > 0 ? causes : growing).slice(0, MOST_LEAKS);
}

/** A table of weak references grows because the objects live: whoever holds these is to blame. */
function isWeakTable({ growth }: JudgedPlace): boolean {
  const { mostly, holder } = growth;
  if (/(?:^|\.)Weak(?:Set|KeyDictionary|ValueDictionary)$/.test(holder.type)) return true;
  return mostly !== null && WEAK_REFERENCES.has(mostly.type);
}

const WEAK_REFERENCES: ReadonlySet<string> = new Set([
  "weakref",
  "weakref.ReferenceType",
  "weakref.KeyedRef",
  "weakref.WeakMethod",
  "weakproxy",
]);

/** Places that grew and are no leak, when they are large enough to wonder about. */
export function dismissedOf(judged: JudgedObservation, suspects: readonly JudgedPlace[]): readonly JudgedPlace[] {
  return judged.places.filter(
    (place) =>
      !suspects.includes(place) &&
      place.growth.heldGrowthBytes >= SMALL_BYTES &&
      (place.series.shape === "filling" || place.series.shape === "warm-up" || place.series.shape === "load"),
  );
}
