// The caches of several workers of one program as one list: what has the same name, maker and line is one cache.

import type {
  CacheBound,
  CacheLoads,
  CacheSummary,
  CacheWindow,
  KeyHazard,
  KeyShape,
  KeySpelling,
  ProcessCache,
  WorkerCache,
} from "../model/cache-inventory.ts";

/** Most retained bytes first, then by name. O(caches log caches). */
export function mergeCaches(caches: readonly ProcessCache[]): CacheSummary[] {
  const groups = new Map<string, [ProcessCache, ...ProcessCache[]]>();
  for (const cache of caches) {
    const key = cacheIdentity(cache);
    const before = groups.get(key);
    if (before === undefined) groups.set(key, [cache]);
    else before.push(cache);
  }
  return [...groups.values()]
    .map(summaryOf)
    .sort((a, b) => b.retainedBytes - a.retainedBytes || a.name.localeCompare(b.name));
}

/** The same for what is one cache of the program, in whatever worker. */
export function cacheIdentity({
  family,
  name,
  file,
  line,
}: Pick<ProcessCache, "family" | "name" | "file" | "line">): string {
  return [family, foldedName(name), file, line].join("\n");
}

/** `CLIENTS[*].cache` for that of any client: one per instance is one finding. */
function foldedName(name: string): string {
  return name.replace(/\[[^[\]]*\]/g, "[*]");
}

function summaryOf(caches: readonly [ProcessCache, ...ProcessCache[]]): CacheSummary {
  const { worker: _, ...first } = caches[0];
  const isOneName = caches.every(({ name }) => name === first.name);
  const workers = byProcess(caches.map(({ worker }) => worker));
  return {
    ...first,
    name: isOneName ? first.name : foldedName(first.name),
    copies: caches.length,
    bound: boundOf(caches),
    entries: sumOf(workers.map(({ entries }) => entries)),
    hits: sumOf(workers.map(({ hits }) => hits)),
    misses: sumOf(workers.map(({ misses }) => misses)),
    retainedBytes: workers.reduce((sum, each) => sum + each.retainedBytes, 0),
    sharedBytes: workers.reduce((sum, each) => sum + each.sharedBytes, 0),
    loads: loadsOf(workers.map(({ loads }) => loads)),
    window: windowOf(workers.map(({ window }) => window)),
    keys: keysOf(caches.map(({ keys }) => keys)),
    workers,
  };
}

/** Copies in one process are summed up. */
function byProcess(caches: readonly WorkerCache[]): WorkerCache[] {
  const pids = [...new Set(caches.map(({ pid }) => pid))];
  return pids.map((pid) => {
    const own = caches.filter((each) => each.pid === pid);
    return {
      pid,
      entries: sumOf(own.map(({ entries }) => entries)),
      hits: sumOf(own.map(({ hits }) => hits)),
      misses: sumOf(own.map(({ misses }) => misses)),
      retainedBytes: own.reduce((sum, each) => sum + each.retainedBytes, 0),
      sharedBytes: own.reduce((sum, each) => sum + each.sharedBytes, 0),
      loads: loadsOf(own.map(({ loads }) => loads)),
      window: windowOf(own.map(({ window }) => window)),
    };
  });
}

/** Null when one of them is not known: a sum of some is the sum of nothing. */
function sumOf(values: readonly (number | null)[]): number | null {
  return values.includes(null) ? null : values.reduce<number>((sum, each) => sum + (each ?? 0), 0);
}

/** Workers of one program have one bound; where they were changed apart, none is said. */
function boundOf(caches: readonly ProcessCache[]): CacheBound {
  const [first, ...others] = caches.map(({ bound }) => bound);
  const isSame = others.every((other) => JSON.stringify(other) === JSON.stringify(first));
  return isSame && first !== undefined ? first : { kind: "unknown" };
}

function loadsOf(all: readonly (CacheLoads | null)[]): CacheLoads | null {
  const known = all.filter((loads) => loads !== null);
  if (known.length === 0 || known.length < all.length) return null;
  const sum = (of: (loads: CacheLoads) => number): number => known.reduce((total, each) => total + of(each), 0);
  return {
    count: sum(({ count }) => count),
    seconds: sum(({ seconds }) => seconds),
    errors: sum(({ errors }) => errors),
  };
}

function windowOf(windows: readonly (CacheWindow | null)[]): CacheWindow | null {
  const known = windows.filter((window) => window !== null);
  if (known.length === 0 || known.length < windows.length) return null;
  return {
    seconds: Math.max(...known.map(({ seconds }) => seconds)),
    hits: sumOf(known.map(({ hits }) => hits)),
    misses: sumOf(known.map(({ misses }) => misses)),
    growth: known.reduce((sum, { growth }) => sum + growth, 0),
  };
}

function keysOf(shapes: readonly (KeyShape | null)[]): KeyShape | null {
  const known = shapes.filter((shape) => shape !== null);
  if (known.length === 0) return null;
  return {
    looked: known.reduce((sum, { looked }) => sum + looked, 0),
    spellings: mergeSpellings(known.flatMap(({ spellings }) => spellings)),
    hazards: mergeHazards(known.flatMap(({ hazards }) => hazards)),
  };
}

function mergeSpellings(spellings: readonly KeySpelling[]): KeySpelling[] {
  const byTypes = new Map<string, number>();
  for (const { types, entries } of spellings) byTypes.set(types, (byTypes.get(types) ?? 0) + entries);
  return [...byTypes]
    .map(([types, entries]) => ({ types, entries }))
    .sort((a, b) => b.entries - a.entries || a.types.localeCompare(b.types));
}

/** The sentence is that of the worker where it concerns most entries. */
function mergeHazards(hazards: readonly KeyHazard[]): KeyHazard[] {
  const byKind = new Map<KeyHazard["kind"], KeyHazard>();
  for (const hazard of hazards.toSorted((a, b) => b.entries - a.entries)) {
    const before = byKind.get(hazard.kind);
    byKind.set(hazard.kind, before === undefined ? hazard : { ...before, entries: before.entries + hazard.entries });
  }
  return [...byKind.values()];
}
