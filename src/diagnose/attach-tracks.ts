// Joins what was followed by address with what the heaps name: every container that changed counts for the growing place
// that holds it, or becomes a place of its own.

import type { NodeIx } from "../base/brand.ts";
import { nodeAt } from "../heap/analysis/addresses.ts";
import { isGarbage } from "../heap/analyse.ts";
import { ownerOf, type OwnedHeap } from "../heap/holders/ownership.ts";
import { type Comparison, growthAt, type GrownPlace } from "../heap/queries/compare.ts";
import type { Gauge, GaugeTrack } from "../model/gauge.ts";

/** A place that grew, with the container in it that was followed from outside. */
export interface FollowedPlace extends GrownPlace {
  /** Null when no container of it was followed: a linked chain, garbage, a buffer. */
  readonly track: GaugeTrack | null;
}

/** Fewer new entries than this are no place of their own: something else would have grown with them. */
const LEAST_RISE = 8;

/** `places` come first; containers that grew outside all of them follow. */
export function attachTracks(
  comparison: Comparison,
  places: readonly GrownPlace[],
  gauges: readonly Gauge[],
  tracks: readonly GaugeTrack[],
): readonly FollowedPlace[] {
  const last = comparison.last;
  const placeOf = new Map(places.flatMap(({ nodes }, at) => nodes.map((node) => [node, at] as const)));
  const near = new Map<number, NearTrack[]>();
  const alone = new Map<NodeIx, GaugeTrack>();
  for (const track of tracks) {
    const node = nodeOfTrack(last, gauges, track);
    if (node === null || riseOf(track) <= 0) continue;
    const around = placeAround(last, node, placeOf);
    if (around !== null) {
      const heldBytes = last.heldBytes[node] ?? 0;
      near.set(around.place, [...(near.get(around.place) ?? []), { track, depth: around.depth, heldBytes }]);
    } else if (riseOf(track) >= LEAST_RISE) alone.set(node, track);
  }
  const followed = places.map((place, at): FollowedPlace => ({ ...place, track: telling(near.get(at) ?? [], place) }));
  const others = [...alone].map(
    ([node, track]): FollowedPlace => ({ node, nodes: [node], growth: growthAt(comparison, node), track }),
  );
  return [...followed, ...others];
}

function nodeOfTrack(last: OwnedHeap, gauges: readonly Gauge[], { gauge, state }: GaugeTrack): NodeIx | null {
  const address = gauges[gauge]?.address;
  if (state !== "alive" || address === undefined) return null;
  const node = nodeAt(last.snapshot.nodes, address);
  return node === null || isGarbage(last, node) ? null : node;
}

/** A container that grew, and how far below the place it lies. */
interface NearTrack {
  readonly track: GaugeTrack;
  readonly depth: number;
  readonly heldBytes: number;
}

/** Containers inside a place speak for it when they hold this share of its growth. */
const EXPLAINED = 0.5;

/**
 * The nearest that grew speaks for the place, of several the largest. Below the place itself only those that together hold its
 * growth: a new element may lie where a container was that had been followed, and looks as if that had been filled.
 */
function telling(near: readonly NearTrack[], { growth }: GrownPlace): GaugeTrack | null {
  const depth = Math.min(...near.map((each) => each.depth));
  const nearest = near.filter((each) => each.depth === depth);
  const heldBytes = nearest.reduce((sum, each) => sum + each.heldBytes, 0);
  if (depth > 0 && heldBytes < growth.heldGrowthBytes * EXPLAINED) return null;
  return nearest.toSorted((a, b) => riseOf(b.track) - riseOf(a.track))[0]?.track ?? null;
}

function placeAround(
  last: OwnedHeap,
  node: NodeIx,
  placeOf: ReadonlyMap<NodeIx, number>,
): { readonly place: number; readonly depth: number } | null {
  let depth = 0;
  for (let at: NodeIx | null = node; at !== null; at = ownerOf(last, at)) {
    const place = placeOf.get(at);
    if (place !== undefined) return { place, depth };
    depth += 1;
  }
  return null;
}

/** Last minus first. */
function riseOf({ series: { values } }: GaugeTrack): number {
  return (values[values.length - 1] ?? 0) - (values[0] ?? 0);
}
