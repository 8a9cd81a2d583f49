// functools.lru_cache and functools.cache: counters and bound are in the wrapper's own struct.

import { fieldTarget } from "../../analysis/edges.ts";
import type { OwnedHeap } from "../../holders/ownership.ts";
import { wrappedFunction } from "../../paths/words.ts";
import type { FoundCache } from "../found-cache.ts";

export function findLruCaches(heap: OwnedHeap): FoundCache[] {
  return heap.snapshot.lruCaches.map(({ node, maxsize }) => ({
    family: "functools.lru_cache",
    node,
    entries: fieldTarget(heap.snapshot, node, "cache"),
    bound: maxsize === null ? { kind: "none" } : { kind: "entries", entries: maxsize },
    boundAt: null,
    cached: wrappedFunction(heap, node),
    notes: maxsize === 0 ? ["maxsize=0: it counts calls and keeps nothing."] : [],
  }));
}
