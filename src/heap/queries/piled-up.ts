// How many there are of what piles up, where the place itself is no container that grows: the elements of the containers inside
// it, or the links of a chain.

import type { NodeIx } from "../../base/brand.ts";
import { printable } from "../../base/format-printable.ts";
import type { HolderGrowth } from "../../model/heap-reports.ts";
import type { Holder, PathStep } from "../../model/holder.ts";
import { addressOf, formatAddress } from "../analysis/addresses.ts";
import { shallowBytesOf, typeNameOf } from "../analysis/edges.ts";
import { linksOf, SHORTEST_CHAIN } from "../holders/chain.ts";
import { describeHolder } from "../holders/holder-of.ts";
import type { OwnedHeap } from "../holders/ownership.ts";
import { sizeOfContainer } from "../paths/path-of.ts";
import type { Inside } from "./additions.ts";
import { resolvePath } from "./resolve-path.ts";

export interface PiledUp {
  readonly holder: Holder;
  /** One value per heap. */
  readonly entries: readonly number[];
  readonly mostly: HolderGrowth["mostly"];
  /** The step below the place, to an example of the containers inside; none for a chain. */
  readonly steps: readonly PathStep[];
}

export interface Place {
  readonly node: NodeIx;
  readonly holder: Holder;
  readonly mostly: HolderGrowth["mostly"];
  readonly inside: Inside | null;
}

/** Null for a place that says itself what it holds. `heaps`: in order; the place is of the last one. */
export function piledUp(heaps: readonly OwnedHeap[], place: Place): PiledUp | null {
  if (place.node === 0) return null;
  return insideOf(heaps, place) ?? chainOf(heaps, place);
}

function insideOf(heaps: readonly OwnedHeap[], { inside, mostly }: Place): PiledUp | null {
  if (inside === null) return null;
  const last = heaps.at(-1)!;
  const { text } = inside.trail;
  const sizes = heaps.map((heap) => resolvePath(heap, text).map((node) => sizeOfContainer(heap, node) ?? 0));
  const entries = sizes.map((each) => each.reduce((sum, size) => sum + size, 0));
  // A name that cannot be followed, or objects that are no containers: the place has to do.
  if (entries.at(-1)! <= entries[0]!) return null;
  return {
    holder: describeHolder(last, inside.example, inside.trail),
    entries,
    mostly,
    steps: [stepTo(last, inside)],
  };
}

function stepTo(heap: OwnedHeap, { edge, example }: Inside): PathStep {
  return {
    edge,
    type: printable(typeNameOf(heap.snapshot, example)),
    address: formatAddress(addressOf(heap.snapshot.nodes, example)),
    shallowBytes: shallowBytesOf(heap.snapshot, example),
    retainedBytes: heap.retainedBytes[example]!,
    heldBytes: heap.heldBytes[example]!,
    entries: sizeOfContainer(heap, example),
  };
}

function chainOf(heaps: readonly OwnedHeap[], { node, holder }: Place): PiledUp | null {
  const last = heaps.at(-1)!;
  if (sizeOfContainer(last, node) !== null) return null;
  const links = linksOf(last, node);
  if (links < SHORTEST_CHAIN) return null;
  const entries = heaps.map((heap) => (heap === last ? links : linksAt(heap, holder.path)));
  return { holder, entries, mostly: { type: holder.type, count: Math.max(0, links - entries[0]!) }, steps: [] };
}

/** By name: the beginning of a chain may be another object each time. */
function linksAt(heap: OwnedHeap, path: string): number {
  const [node] = resolvePath(heap, path);
  return node === undefined ? 0 : linksOf(heap, node);
}
