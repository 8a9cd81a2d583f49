// Entries that end by time: a key that was thrown out and comes back later than its entry would have lived is a miss with any bound.

/** When keys were loaded, as far as it was seen. */
export interface Lives {
  /**
   * The depths of keys that were used, those beyond the bound without what had ended by time: Infinity there. `keys` in the same order.
   * O(keys).
   */
  without(depths: readonly number[], keys: readonly number[], bound: number, elapsedMs: number): readonly number[];
}

/** Loads that are remembered; then all are forgotten, and keys count as loaded when the watch began. */
const MOST_KEYS = 2_000_000;

export function createLives(lifeMs: number): Lives {
  const loadedMs = new Map<number, number>();
  return {
    without: (depths, keys, bound, elapsedMs) =>
      depths.map((depth, at) => {
        const key = keys[at] ?? 0;
        // What was there before the watch has been loaded before it: at its start, to be careful.
        const hasEnded = elapsedMs - (loadedMs.get(key) ?? 0) >= lifeMs;
        const isThere = depth > 0 && depth <= bound;
        if (!isThere || hasEnded) {
          if (loadedMs.size >= MOST_KEYS) loadedMs.clear();
          loadedMs.set(key, elapsedMs);
        }
        return hasEnded && depth > bound ? Number.POSITIVE_INFINITY : depth;
      }),
  };
}
