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
  const best = new Map<number, NearTrack>();
  const alone = new Map<NodeIx, GaugeTrack>();
  for (const track of tracks) {
    const node = nodeOfTrack(last, gauges, track);
    if (node === null) continue;
    const around = placeAround(last, node, placeOf);
    if (around === null) {
      if (riseOf(track) >= LEAST_RISE) alone.set(node, track);
    } else if (isBetter({ track, depth: around.depth }, best.get(around.place)))
      best.set(around.place, { track, depth: around.depth });
  }
  const followed = places.map((place, at): FollowedPlace => ({ ...place, track: best.get(at)?.track ?? null }));
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

/** A container that changed, and how far below the place it lies. */
interface NearTrack {
  readonly track: GaugeTrack;
  readonly depth: number;
}

/** The nearest that grew speaks for the place: what is in its elements may grow for reasons of theirs. Of several the largest. */
function isBetter(one: NearTrack, other: NearTrack | undefined): boolean {
  if (riseOf(one.track) <= 0) return false;
  if (other === undefined || one.depth !== other.depth) return other === undefined || one.depth < other.depth;
  return riseOf(one.track) > riseOf(other.track);
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

/** Last minus first; the least for none. */
function riseOf(track: GaugeTrack | undefined): number {
  if (track === undefined) return 0;
  const { values } = track.series;
  return (values[values.length - 1] ?? 0) - (values[0] ?? 0);
}
