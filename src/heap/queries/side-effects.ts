// Growth that is none of its own: an object that took the place of another, and tables of weak references, which grow because
// what they refer to is kept elsewhere.

import type { HolderGrowth } from "../../model/heap-reports.ts";

/** So few objects more, and such a part of the largest growth, come and go in any program. */
const FEW_OBJECTS = 8;
const SMALL_SHARE = 0.005;

/** A container that got something new and gave something up. `largestBytes`: growth of the place that grew most. */
export function isPassing(growth: HolderGrowth, largestBytes: number): boolean {
  if (growth.countGrowth >= FEW_OBJECTS || entriesGrowth(growth) >= FEW_OBJECTS) return false;
  return growth.heldGrowthBytes < largestBytes * SMALL_SHARE;
}

/** Leaves out tables of weak references when something else got about as many objects: that is what keeps them. */
export function withoutSideTables<T extends { readonly growth: HolderGrowth }>(places: readonly T[]): readonly T[] {
  const kept = places.flatMap(({ growth }) => (isWeakTable(growth) ? [] : [addedCount(growth)]));
  const isSide = (growth: HolderGrowth): boolean =>
    isWeakTable(growth) && kept.some((count) => isSimilar(count, addedCount(growth)));
  return places.filter(({ growth }) => !isSide(growth));
}

/** Of each object that is kept there may be two weak references, or of every second one none. */
function isSimilar(kept: number, weak: number): boolean {
  return kept <= weak * 2 && weak <= kept * 2;
}

const WEAK_REFERENCES: ReadonlySet<string> = new Set([
  "weakref",
  "weakref.ReferenceType",
  "weakref.KeyedRef",
  "weakref.WeakMethod",
  "weakproxy",
  "weakcallableproxy",
]);

function isWeakTable({ mostly }: HolderGrowth): boolean {
  return mostly !== null && WEAK_REFERENCES.has(mostly.type);
}

function addedCount(growth: HolderGrowth): number {
  return Math.max(growth.mostly?.count ?? 0, entriesGrowth(growth));
}

function entriesGrowth({ entries }: HolderGrowth): number {
  return (entries.at(-1) ?? 0) - (entries[0] ?? 0);
}
