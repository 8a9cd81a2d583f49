// cached_property of functools, Django and Werkzeug: one cache per class and name, spread over the instances. It goes when
// they go; what is worth knowing is how much of it there is.

import type { NodeIx } from "../../../base/brand.ts";
import { fieldTarget, qualifiedName, roleOf } from "../../analysis/edges.ts";
import { mappingEntries } from "../../analysis/modules.ts";
import { textOf } from "../../analysis/texts.ts";
import { dominatorOf } from "../../analyse.ts";
import type { OwnedHeap } from "../../holders/ownership.ts";
import { attributeOf } from "../attributes.ts";
import type { FoundCache } from "../found-cache.ts";

const DESCRIPTORS: ReadonlySet<string> = new Set([
  "functools.cached_property",
  "django.utils.functional.cached_property",
  "werkzeug.utils.cached_property",
]);

interface Property {
  readonly name: string;
  readonly descriptor: NodeIx;
  /** Rows of the class that defines it and of its subclasses. */
  readonly ofType: Uint8Array;
  instances: number;
  retainedBytes: number;
}

/** O(types x names in their namespaces + nodes). */
export function findCachedProperties(heap: OwnedHeap): FoundCache[] {
  const properties = propertiesOf(heap);
  if (properties.length === 0) return [];
  const byType = heap.snapshot.types.map((_, row) => properties.filter(({ ofType }) => ofType[row] === 1));
  for (let row = 1; row < heap.snapshot.nodes.count; row++) {
    for (const property of byType[heap.snapshot.nodes.type[row]!]!) count(heap, property, row as NodeIx);
  }
  return properties
    .filter(({ instances }) => instances > 0)
    .map(({ descriptor, instances, retainedBytes }) => ({
      family: "functools.cached_property" as const,
      node: descriptor,
      entries: null,
      bound: { kind: "none" as const },
      boundAt: null,
      cached: functionOf(heap, descriptor),
      spread: { entries: instances, retainedBytes },
      notes: ["One value per instance, kept as long as the instance."],
    }));
}

function count(heap: OwnedHeap, property: Property, instance: NodeIx): void {
  const value = attributeOf(heap.snapshot, instance, property.name);
  if (value === null) return;
  property.instances += 1;
  const dict = fieldTarget(heap.snapshot, instance, "__dict__");
  const above = dominatorOf(heap, value);
  if (above === instance || (dict !== null && above === dict)) property.retainedBytes += heap.retainedBytes[value]!;
}

function propertiesOf(heap: OwnedHeap): Property[] {
  const { snapshot } = heap;
  const isDescriptor = Uint8Array.from(snapshot.types, (type) => (DESCRIPTORS.has(qualifiedName(type)) ? 1 : 0));
  if (!isDescriptor.includes(1)) return [];
  const found: Property[] = [];
  snapshot.types.forEach((type, row) => {
    if (type.canonical !== row || type.node === 0) return;
    const namespace = fieldTarget(snapshot, type.node, "__dict__");
    if (namespace === null) return;
    for (const { key, value } of mappingEntries(snapshot, namespace)) {
      const name = isDescriptor[snapshot.nodes.type[value]!] === 1 ? textOf(snapshot.texts, key) : null;
      if (name === null) continue;
      const ofType = Uint8Array.from(snapshot.types, (_, each) => (descends(heap, each, row) ? 1 : 0));
      found.push({ name, descriptor: value, ofType, instances: 0, retainedBytes: 0 });
    }
  });
  return found;
}

const DEEPEST_BASE = 50;

function descends({ snapshot }: OwnedHeap, row: number, from: number): boolean {
  let at = row;
  for (let depth = 0; at >= 0 && depth < DEEPEST_BASE; depth++) {
    const type = snapshot.types[at]!;
    if (type.canonical === from) return true;
    at = type.base;
  }
  return false;
}

function functionOf({ snapshot }: OwnedHeap, descriptor: NodeIx): NodeIx | null {
  for (const name of ["func", "real_func", "fget"]) {
    const target = attributeOf(snapshot, descriptor, name);
    if (target !== null && roleOf(snapshot, target) === "function") return target;
  }
  return null;
}
