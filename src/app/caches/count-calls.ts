// What the caches of a process have counted in memory of their own, before and after they were watched.

import type { CacheCounters } from "../../cpython/cache-counters.ts";
import type { CacheInHeap } from "../../heap/caches/find-caches.ts";
import type { ProcessCache } from "../../model/cache-inventory.ts";
import type { CounterPlace } from "../../model/object-place.ts";
import { openProcessOrders } from "./process-orders.ts";

/** By where the hits lie. */
export type CountedCalls = ReadonlyMap<number, CacheCounters>;

/** Empty for a file, and where nothing counts that way. Some small reads; the process keeps running. */
export function countCalls(pid: number | null, caches: readonly CacheInHeap[]): CountedCalls {
  const counted = new Map<number, CacheCounters>();
  const places = caches.flatMap(({ counters }) => counters ?? []);
  const opened = pid === null || places.length === 0 ? null : openProcessOrders(pid);
  if (opened === null || !opened.ok) return counted;
  using memory = opened.value;
  for (const place of places) {
    const counters = memory.count(place);
    if (counters !== null) counted.set(place.hits.address, counters);
  }
  return counted;
}

/** The cache with what it counted: ever, and meanwhile. */
export function withCalls(
  cache: ProcessCache,
  place: CounterPlace | null,
  before: CountedCalls,
  after: CountedCalls,
): ProcessCache {
  const [first, last] = place === null ? [] : [before.get(place.hits.address), after.get(place.hits.address)];
  if (first === undefined || last === undefined) return cache;
  const { window } = cache.worker;
  const moved = { hits: last.hits - first.hits, misses: last.loads - first.loads };
  return {
    ...cache,
    worker: {
      ...cache.worker,
      hits: last.hits - last.forgottenHits,
      misses: last.loads - last.forgottenLoads,
      loads: { count: last.loads, seconds: last.loadSeconds, errors: last.loadErrors },
      window: window === null ? null : { ...window, ...moved },
    },
  };
}
