// A pool that makes a connection while it has fewer than 25 grows like a leak, and its source says where it ends.

import { judgeSeries } from "../watch/judge-series.ts";
import { joinGrowth } from "./join-growth.ts";
import { type JudgedObservation, type JudgedPlace, placesConcerned, seriesContext } from "./judge-observation.ts";
import type { ProcessSource } from "./process-source.ts";

/**
 * Judges anew the places that would be blamed, and whose writes all stand behind a test of their length: up to that they fill. One whose
 * limit has no number in the source is marked.
 */
export function withBoundsOfSource(judged: JudgedObservation, source: ProcessSource | null): JudgedObservation {
  if (source === null) return judged;
  const concerned = placesConcerned(judged);
  const places = judged.places.map((place) => (concerned.includes(place) ? bounded(place, judged, source) : place));
  return { ...judged, places };
}

function bounded(place: JudgedPlace, judged: JudgedObservation, source: ProcessSource): JudgedPlace {
  const { observation, comparison } = judged;
  if (place.bound !== null || place.isInFlight) return place;
  const { bound } = joinGrowth(place.growth, comparison.last, source).join;
  if (bound === null) return place;
  const limited = { ...place, isLimitedInSource: true };
  const { entries } = place.growth;
  const last = entries.at(-1) ?? null;
  if (bound === "some" || last === null) return limited;
  // Only its own entries are compared with its limit: what was followed may be inside of them.
  const series = { timesMs: observation.heaps.map(({ atMs }) => atMs), values: entries.map((each) => each ?? 0) };
  return {
    ...limited,
    bound,
    series: judgeSeries(series, { ...seriesContext(judged), unit: "entries", bound, family: 1 }),
  };
}
