// As judge-observation, for heaps between rounds of calls: what counts is how much each round left behind, not when.

import { reachableBytes } from "../heap/holders/holders-of.ts";
import { addressOf } from "../heap/analysis/addresses.ts";
import { compareHeaps, type Comparison, grownPlaces } from "../heap/queries/compare.ts";
import { judgeRounds } from "../watch/judge-rounds.ts";
import { garbageStays } from "./garbage-stays.ts";
import type { JudgedObservation, JudgedPlace } from "./judge-observation.ts";
import type { Observation } from "./observation.ts";
import { sizesOf } from "./series-of-place.ts";

const ONE = { entries: "entry", objects: "object", bytes: "byte" } as const;

/** `calls`: of each round; there is one heap more than rounds. */
export function judgeScenario(observation: Observation, calls: readonly number[]): JudgedObservation {
  const { heaps, first, last } = observation;
  const comparison = compareHeaps(heaps);
  const grown = grownPlaces(comparison);
  const seconds = (last.atMs - first.atMs) / 1000;
  const isGarbageStaying = garbageStays(comparison);
  const places = grown.map((place): JudgedPlace => {
    const { values, unit } = sizesOf(place.growth);
    const bound = boundOf(place, comparison, observation);
    const series = judgeRounds({ sizes: values, calls, seconds, one: ONE[unit], bound, family: grown.length });
    // Garbage that a later collection frees rises as evenly as any leak until then.
    const isWaiting = place.growth.holder.kind === "garbage-cycle" && !isGarbageStaying;
    return {
      ...place,
      track: null,
      bound,
      isInFlight: false,
      isLimitedInSource: false,
      series: isWaiting ? { ...series, isUnbroken: false } : series,
    };
  });
  return {
    observation,
    comparison,
    places: places.toSorted((a, b) => b.growth.heldGrowthBytes - a.growth.heldGrowthBytes),
    heapGrowthBytes: reachableBytes(comparison.last) - reachableBytes(comparison.first),
    seconds,
    unsettledUntilMs: 0,
    isGarbageStaying,
  };
}

function boundOf(
  { node }: Pick<JudgedPlace, "node">,
  { last }: Comparison,
  { gauges }: Pick<Observation, "gauges">,
): number | null {
  const address = addressOf(last.snapshot.nodes, node);
  const gauge = gauges.find((each) => each.address === address);
  return last.lruOf.get(node)?.maxsize ?? gauge?.bound ?? null;
}
