// The orders of use in one running process: its memory, opened once for all its caches.

import { fail, ok, type Result } from "../../base/result.ts";
import { createMemoryReader } from "../../capture/outside-reader.ts";
import { openProcFs } from "../../capture/proc-fs.ts";
import { type CacheCounters, openCounters } from "../../cpython/cache-counters.ts";
import { withBounds } from "../../cpython/gauge-bounds.ts";
import { openDictOrder } from "../../cpython/order-in-dict.ts";
import { openRingOrder } from "../../cpython/order-in-ring.ts";
import type { ReadExactly } from "../../cpython/order-of-use.ts";
import type { CacheInHeap } from "../../heap/caches/find-caches.ts";
import type { CounterPlace } from "../../model/object-place.ts";
import type { TargetError } from "../../model/target-error.ts";
import { identifyProcess } from "../identify-target.ts";
import { followOrder, type OrderFollower } from "./order-follower.ts";

export interface ProcessOrders extends Disposable {
  /** Null when the cache keeps no order, is no more, or moves too fast to be read once. */
  follow(cache: CacheInHeap, bound: number): OrderFollower | null;
  /** The bound that the process has now where the heap does not say it; null when nothing says it. */
  boundOf(cache: CacheInHeap): number | null;
  /** What it has counted by now; null when the cache is no more. */
  count(place: CounterPlace): CacheCounters | null;
}

/** Reads only; the process keeps running. */
export function openProcessOrders(pid: number): Result<ProcessOrders, TargetError> {
  const known = identifyProcess(pid);
  if (!known.ok) return known;
  const opened = openProcFs().open(`${pid}/mem`);
  if (!opened.ok) return fail({ code: "exited-during-read", pid });
  const memory = opened.value;
  const { layout, interpreter } = known.value;
  const reader = createMemoryReader(memory);
  const read: ReadExactly = (buffer, length, address) => memory.readInto(buffer, 0, length, address) === length;
  return ok({
    follow: ({ family, gauge, order, counters, declared }, bound) => {
      if (family === "functools.lru_cache")
        return gauge === null ? null : followOrder(openRingOrder(gauge, layout, read), bound, null);
      if (order === null) return null;
      const counted = counters === null ? null : openCounters(counters, layout, read);
      const ttl = declared?.ttlSeconds ?? null;
      return followOrder(openDictOrder(order, layout, read, counted), bound, ttl === null ? null : ttl * 1000);
    },
    boundOf: ({ gauge }) =>
      gauge === null ? null : (withBounds([gauge], layout, interpreter, reader)[0]?.bound ?? null),
    count: (place) => openCounters(place, layout, read)(),
    [Symbol.dispose]: () => memory[Symbol.dispose](),
  });
}
