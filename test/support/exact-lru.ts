// The slow and obvious truth about an LRU cache: it is played, call by call.

/** Share of the calls from `warm` on that miss in a cache of `size` entries which also saw the calls before. O(calls). */
export function exactMissRatio(calls: Iterable<number>, size: number, warm: number): number {
  // A Map keeps its keys in the order they were put in: the first is the least recently used.
  const cache = new Map<number, true>();
  let at = 0;
  let misses = 0;
  for (const key of calls) {
    const isHit = cache.delete(key);
    cache.set(key, true);
    if (!isHit) {
      if (at >= warm) misses++;
      if (cache.size > size) cache.delete(cache.keys().next().value ?? key);
    }
    at++;
  }
  return misses / (at - warm);
}
