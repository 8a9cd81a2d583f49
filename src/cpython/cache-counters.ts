// What `deadweight.cached` has counted, read while its process runs: python/src/deadweight/_cache/tally.py says where the words are.

import { HIGH_WORD } from "../base/uint32.ts";
import type { CounterPlace, ObjectPlace } from "../model/object-place.ts";
import type { Layout } from "./layout.ts";
import type { ReadExactly } from "./order-of-use.ts";

/** Since the process began. They never fall. */
export interface CacheCounters {
  readonly hits: number;
  readonly loads: number;
  readonly loadSeconds: number;
  readonly loadErrors: number;
  /** What had been counted when the cache was last emptied; `cache_info()` leaves it out. */
  readonly forgottenHits: number;
  readonly forgottenLoads: number;
  /** Entries that were thrown out for want of room. */
  readonly evictions: number;
}

const WORDS = 6;

/** Reads the counters; null when the cache is no more. Three small reads each time. */
export function openCounters(
  { hits, words }: CounterPlace,
  { objectHead, private: structs }: Layout,
  read: ReadExactly,
): () => CacheCounters | null {
  const bytes = new Uint8Array(Math.max(structs.count.size, structs.array.size, 8 * WORDS));
  const view = new DataView(bytes.buffer);
  const word = (at: number): number => view.getUint32(at, true) + view.getInt32(at + 4, true) * HIGH_WORD;
  const isThere = ({ address, typeAddress }: ObjectPlace, size: number): boolean =>
    read(bytes, size, address) && word(objectHead.type) === typeAddress;
  return () => {
    if (!isThere(hits, structs.count.size)) return null;
    const hitCount = word(structs.count.count);
    if (!isThere(words, structs.array.size) || word(objectHead.itemCount) !== WORDS) return null;
    if (!read(bytes, 8 * WORDS, word(structs.array.items))) return null;
    return {
      hits: hitCount,
      loads: word(0),
      loadSeconds: word(8) / 1e9,
      loadErrors: word(16),
      forgottenHits: word(24),
      forgottenLoads: word(32),
      evictions: word(40),
    };
  };
}
