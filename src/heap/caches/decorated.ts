// The function behind a cache object that a decorator keeps: the wrapper around it has both.

import type { NodeIx } from "../../base/brand.ts";
import { roleOf, typeNameOf } from "../analysis/edges.ts";
import { textOf } from "../analysis/texts.ts";
import { parentOf } from "../analyse.ts";
import type { OwnedHeap } from "../holders/ownership.ts";
import { COUNTER_ATTRIBUTES } from "../names/cache-words.ts";
import type { Snapshot } from "../snapshot.ts";
import { attributeOf } from "./attributes.ts";
import type { FoundCache } from "./found-cache.ts";

/** Cache, attributes of the wrapper, wrapper; in older versions a cell of its closure lies between. */
const FARTHEST = 4;

/** What is cached and what was counted, where the cache is named by the function that it is for. */
export function decorated(heap: OwnedHeap, cache: NodeIx): Pick<FoundCache, "cached" | "counted" | "nameFor"> {
  const { snapshot } = heap;
  let above = parentOf(heap, cache);
  for (let step = 0; above !== null && step < FARTHEST; step++) {
    const wrapped = attributeOf(snapshot, above, "__wrapped__");
    const isWrapper = wrapped !== null && attributeOf(snapshot, above, "cache") === cache;
    const next = parentOf(heap, above);
    if (isWrapper && roleOf(snapshot, wrapped) === "function") {
      // It may be the dict of the wrapper's attributes.
      const counted = countedBy(snapshot, above) ?? (next === null ? null : countedBy(snapshot, next));
      return { cached: wrapped, ...(counted === null ? {} : { counted }) };
    }
    above = next;
  }
  return { cached: null };
}

/** Hits and misses that are ints of the object; null where it has none. */
export function countedBy(snapshot: Snapshot, node: NodeIx): { readonly hits: number; readonly misses: number } | null {
  for (const [hitsName, missesName] of COUNTER_ATTRIBUTES[typeNameOf(snapshot, node)] ?? []) {
    const [hits, misses] = [numberOf(snapshot, node, hitsName), numberOf(snapshot, node, missesName)];
    if (hits !== null && misses !== null) return { hits, misses };
  }
  return null;
}

function numberOf(snapshot: Snapshot, node: NodeIx, name: string): number | null {
  const value = attributeOf(snapshot, node, name);
  const text = value === null ? null : textOf(snapshot.texts, value);
  return text === null ? null : Number(text);
}
