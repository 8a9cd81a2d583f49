// What a holder is full of: the type that brings most of its bytes, among its elements or among the objects it owns. The most
// frequent one would be `str` or `int` nearly everywhere, and is seldom what fills the memory.

import type { NodeIx } from "../../base/brand.ts";
import { fieldTarget, firstPositionalEdge, qualifiedName, roleOf, typeRowOf } from "../analysis/edges.ts";
import { POSITIONAL_LABEL, type Snapshot } from "../snapshot.ts";
import { printable } from "../../base/format-printable.ts";
import { ownedBy } from "./owned-by.ts";
import { ownerOf, type OwnedHeap } from "./ownership.ts";

interface TypeCount {
  readonly type: string;
  readonly count: number;
}

/** Null for objects that hold nothing. */
export function mostlyOf(heap: OwnedHeap, node: NodeIx): TypeCount | null {
  const { snapshot } = heap;
  const entries = roleOf(snapshot, node) === "lru-cache" ? fieldTarget(snapshot, node, "cache") : null;
  const container = entries ?? node;
  const parts =
    typeRowOf(snapshot, container).shape === "fields"
      ? Uint32Array.from(ownedBy(heap, container))
      : elementsOf(snapshot, container);
  return heaviestType(heap, parts, container);
}

/** Elements of a sequence or set, values of a mapping; results in place of the links of a cache. None for other objects. */
export function elementsOf(snapshot: Snapshot, node: NodeIx): Uint32Array {
  const { edgeStart, edgeTarget } = snapshot.refs;
  const { shape } = typeRowOf(snapshot, node);
  if (shape === "fields") return new Uint32Array(0);
  const first = firstPositionalEdge(snapshot, node);
  let end = edgeStart[node + 1]!;
  while (end > first && snapshot.edgeLabel[end - 1] !== POSITIONAL_LABEL) end--;
  if (shape !== "mapping") return edgeTarget.slice(first, end);
  const values = new Uint32Array((end - first) >> 1);
  for (let at = 0; at < values.length; at++)
    values[at] = resultOfLink(snapshot, edgeTarget[first + 2 * at + 1]! as NodeIx);
  return values;
}

function resultOfLink(snapshot: Snapshot, value: NodeIx): NodeIx {
  return roleOf(snapshot, value) === "lru-link" ? (fieldTarget(snapshot, value, "result") ?? value) : value;
}

/** The type whose objects among `parts` bring most bytes to `home`; see heaviestAmong. */
export function heaviestType(heap: OwnedHeap, parts: Uint32Array, home: NodeIx): TypeCount | null {
  return heaviestAmong(heap, [parts], (owner) => owner === home);
}

/**
 * The type whose objects bring most bytes to their homes. Where none of them counts for one (a second index over the
 * same objects), what they hold all the same; where even that is nothing, the most frequent type.
 */
export function heaviestAmong(
  heap: OwnedHeap,
  lists: readonly Uint32Array[],
  isHome: (owner: NodeIx) => boolean,
): TypeCount | null {
  const { snapshot, heldBytes } = heap;
  const counts = new Uint32Array(snapshot.types.length);
  const own = new Float64Array(snapshot.types.length);
  const all = new Float64Array(snapshot.types.length);
  for (const parts of lists) {
    for (const part of parts) {
      if (part === 0) continue;
      const type = typeRowOf(snapshot, part as NodeIx).canonical;
      counts[type]!++;
      all[type]! += heldBytes[part]!;
      if (countsFor(heap, part as NodeIx, isHome)) own[type]! += heldBytes[part]!;
    }
  }
  const best = [own, all, counts].map(largestEntry).find((type) => type > 0) ?? 0;
  return best === 0 ? null : { type: printable(qualifiedName(snapshot.types[best]!)), count: counts[best]! };
}

/** A part is owned by its home, or by a `__dict__` or a cache's link in between. */
function countsFor(heap: OwnedHeap, part: NodeIx, isHome: (owner: NodeIx) => boolean): boolean {
  const owner = ownerOf(heap, part);
  if (owner === null || isHome(owner)) return owner !== null;
  const outer = ownerOf(heap, owner);
  return outer !== null && isHome(outer);
}

/** Index of the largest entry, the first of several; 0 when all are 0. */
function largestEntry(values: Uint32Array | Float64Array): number {
  let best = 0;
  for (let at = 1; at < values.length; at++) if (values[at]! > values[best]!) best = at;
  return best;
}
