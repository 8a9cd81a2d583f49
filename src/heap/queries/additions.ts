// What was put into a place between two snapshots of one process, and where in it: into the container that bears the name, or
// into many containers inside, such as the lists of a dict that has as many keys as before.

import type { NodeIx } from "../../base/brand.ts";
import { bestEdge } from "../analysis/edges.ts";
import type { HolderGrowth } from "../../model/heap-reports.ts";
import { heaviestAmong } from "../holders/mostly.ts";
import { ownerOf, type OwnedHeap } from "../holders/ownership.ts";
import { chainTo, followEdge, trailOf } from "../paths/trails.ts";
import type { Trail } from "../paths/trail.ts";
import { addedElements, nameable, newTops } from "./growth.ts";

/** What one place got. */
export interface Added {
  readonly bytes: number;
  readonly mostly: HolderGrowth["mostly"];
  /** Where nearly all of it went, when that is into several containers inside the place. */
  readonly inside: Inside | null;
}

/** Containers inside a place that have one name when positions and keys are left open: `BY_DEVICE[*]`. */
export interface Inside {
  readonly trail: Trail;
  /** The words of the steps below the place: `[*]`. */
  readonly edge: string;
  /** The one that got most. */
  readonly example: NodeIx;
}

/** The containers inside must bring this share of what was added to stand for the place. */
const EXPLAINED = 0.8;
/** So many containers inside are named to see what they have in common. */
const MOST_NAMED = 2000;

/** By place. `placeOf`: the places, by all objects that bear their name. O(nodes) and the elements of what grew. */
export function addedTo(
  later: OwnedHeap,
  existed: Uint8Array,
  placeOf: ReadonlyMap<NodeIx, NodeIx>,
): ReadonlyMap<NodeIx, Added> {
  const found = new Map<NodeIx, Map<NodeIx, NodeIx[]>>();
  const known = new Map<NodeIx, NodeIx | null>();
  for (const top of newTops(later, existed) as Iterable<NodeIx>) {
    const home = ownerOf(later, top);
    const place = home === null ? null : placeAround(later, home, placeOf, known);
    if (home === null || place === null) continue;
    const homes = found.get(place) ?? new Map<NodeIx, NodeIx[]>();
    found.set(place, homes);
    const added = homes.get(home);
    if (added === undefined) homes.set(home, [top]);
    else added.push(top);
  }
  return new Map([...found].map(([place, homes]) => [place, summed(later, existed, place, homes)] as const));
}

function placeAround(
  later: OwnedHeap,
  home: NodeIx,
  placeOf: ReadonlyMap<NodeIx, NodeIx>,
  known: Map<NodeIx, NodeIx | null>,
): NodeIx | null {
  const way: NodeIx[] = [];
  let place: NodeIx | null = null;
  for (let at: NodeIx | null = home; at !== null; at = ownerOf(later, at)) {
    const answer = placeOf.get(at) ?? known.get(at);
    if (answer !== undefined) {
      place = answer;
      break;
    }
    way.push(at);
  }
  for (const node of way) known.set(node, place);
  return place;
}

function summed(
  later: OwnedHeap,
  existed: Uint8Array,
  place: NodeIx,
  homes: ReadonlyMap<NodeIx, readonly NodeIx[]>,
): Added {
  const bytesOf = (added: readonly NodeIx[]): number => added.reduce((sum, top) => sum + later.heldBytes[top]!, 0);
  const sizes = [...homes].map(([home, added]) => ({ home, bytes: bytesOf(added) }));
  const parts = [...homes].map(([home, added]) => addedElements(later, existed, home, added));
  const isOwn = (owner: NodeIx): boolean => homes.has(owner);
  return {
    bytes: sizes.reduce((sum, { bytes }) => sum + bytes, 0),
    mostly: heaviestAmong(later, parts, isOwn),
    inside: insideOf(later, place, sizes),
  };
}

interface HomeSize {
  readonly home: NodeIx;
  readonly bytes: number;
}

function insideOf(later: OwnedHeap, place: NodeIx, sizes: readonly HomeSize[]): Inside | null {
  const whole = sizes.reduce((sum, { bytes }) => sum + bytes, 0);
  const largest = sizes.toSorted((a, b) => b.bytes - a.bytes || a.home - b.home).slice(0, MOST_NAMED);
  const groups = new Map<string, Inside & { bytes: number; count: number }>();
  for (const { home, bytes } of largest) {
    const inside = foldedName(later, place, nameable(later, home));
    if (inside === null) continue;
    const group = groups.get(inside.trail.text) ?? { ...inside, bytes: 0, count: 0 };
    groups.set(inside.trail.text, { ...group, bytes: group.bytes + bytes, count: group.count + 1 });
  }
  const best = [...groups.values()].toSorted((a, b) => b.bytes - a.bytes)[0];
  if (best === undefined || best.count < 2 || best.bytes < whole * EXPLAINED) return null;
  return best;
}

/** The name of a container inside a place, with positions and keys left open; null for the place itself. */
function foldedName(later: OwnedHeap, place: NodeIx, node: NodeIx): Inside | null {
  const chain = chainTo(later, node);
  const start = chain.indexOf(place);
  if (start < 0 || start === chain.length - 1) return null;
  const outer = trailOf(later, place);
  let trail = outer;
  for (let at = start + 1; at < chain.length; at++) {
    const from = chain[at - 1]!;
    const edge = bestEdge(later.snapshot, from, chain[at]!);
    if (edge === null) return null;
    trail = followEdge(later, trail, chain[at - 2] ?? null, from, edge, true);
  }
  if (!trail.text.startsWith(outer.text)) return null;
  return { trail, edge: trail.text.slice(outer.text.length), example: node };
}
