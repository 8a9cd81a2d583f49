// What `deadweight caches` finds: every cache of a process, or of several workers of one program, and what is in it.

import type { Holder } from "./holder.ts";

/** Who made the cache. "dict": a plain dict that is used as one. */
export const CACHE_FAMILIES = [
  "functools.lru_cache",
  "functools.cached_property",
  "deadweight.cached",
  "cachetools",
  "cachebox",
  "async-lru",
  "django-locmem",
  "cachelib",
  "jinja2",
  "dict",
] as const;
export type CacheFamily = (typeof CACHE_FAMILIES)[number];

/** Whose cache it is. standard: of the interpreter's own library, which nobody here will change. */
export const CACHE_ORIGINS = ["program", "library", "standard"] as const;
export type CacheOrigin = (typeof CACHE_ORIGINS)[number];

/** none: it grows with every new key. unknown: it has one that could not be read here. */
export type CacheBound =
  | { readonly kind: "entries"; readonly entries: number }
  | { readonly kind: "none" }
  | { readonly kind: "unknown" };

/** One way in which keys are spelled, as types: `(int, str)`. */
export interface KeySpelling {
  readonly types: string;
  readonly entries: number;
}

/**
 * Why entries will not be hit, or keep more than meant. identity: equal only to themselves. pins-self: the instance a method
 * was called on. spelled-twice: the same arguments, once by position and once by name. nan: unequal even to itself.
 */
export const KEY_HAZARDS = ["identity", "pins-self", "spelled-twice", "nan"] as const;
export interface KeyHazard {
  readonly kind: (typeof KEY_HAZARDS)[number];
  readonly entries: number;
  /** A sentence. */
  readonly because: string;
}

export interface KeyShape {
  /** Most frequent first. */
  readonly spellings: readonly KeySpelling[];
  readonly hazards: readonly KeyHazard[];
  /** Entries that were looked at; fewer than there are in a very large cache. */
  readonly looked: number;
}

/** What happened between two looks at the counters. */
export interface CacheWindow {
  readonly seconds: number;
  /** Null where the cache does not count. */
  readonly hits: number | null;
  readonly misses: number | null;
  /** Entries at its end minus entries at its start. */
  readonly growth: number;
}

/** What `deadweight.cached` was told, as it holds now. */
export interface CacheDeclaration {
  readonly namespace: string | null;
  readonly version: string;
  /** Templates; "*" where a function names them. */
  readonly tags: readonly string[];
  readonly ttlSeconds: number | null;
  readonly maxBytes: number | null;
}

/** Loads of one cache since its process began, where they are measured. */
export interface CacheLoads {
  readonly count: number;
  readonly seconds: number;
  /** Those that raised. */
  readonly errors: number;
}

/** A cache in one process. */
export interface WorkerCache {
  readonly pid: number | null;
  /** Null where the entries lie in memory that the heap does not show. */
  readonly entries: number | null;
  readonly hits: number | null;
  readonly misses: number | null;
  /** What clearing it would free. */
  readonly retainedBytes: number;
  /** What its entries hold together with others, and would not be freed. */
  readonly sharedBytes: number;
  readonly loads: CacheLoads | null;
  /** Null when nobody waited. */
  readonly window: CacheWindow | null;
}

/** A cache as one process has it, before those of several workers are put together. */
export interface ProcessCache {
  readonly name: string;
  readonly family: CacheFamily;
  readonly origin: CacheOrigin;
  readonly holder: Holder;
  readonly file: string | null;
  readonly line: number | null;
  readonly bound: CacheBound;
  readonly keys: KeyShape | null;
  readonly declared: CacheDeclaration | null;
  readonly notes: readonly string[];
  readonly worker: WorkerCache;
}

/** One cache of the program, over all workers that have it. */
export interface CacheSummary {
  /** `shop.pricing.quote`: what a person calls it. `[*]` stands for any index or key. */
  readonly name: string;
  readonly family: CacheFamily;
  readonly origin: CacheOrigin;
  /** How many alike there are in all workers together: one per instance of a class, for example. */
  readonly copies: number;
  readonly holder: Holder;
  /** Of the function that is cached; of the module otherwise. */
  readonly file: string | null;
  readonly line: number | null;
  readonly bound: CacheBound;
  /** Sums over workers. */
  readonly entries: number | null;
  readonly hits: number | null;
  readonly misses: number | null;
  readonly retainedBytes: number;
  readonly sharedBytes: number;
  readonly loads: CacheLoads | null;
  readonly window: CacheWindow | null;
  readonly keys: KeyShape | null;
  /** Of `deadweight.cached` only. */
  readonly declared: CacheDeclaration | null;
  /** Facts that the columns do not say. */
  readonly notes: readonly string[];
  readonly workers: readonly WorkerCache[];
}

export interface CacheProcess {
  readonly pid: number | null;
  readonly python: string;
  readonly pauseMs: number | null;
  readonly liveBytes: number;
}

export interface CacheInventory {
  readonly schema: "deadweight/caches@1";
  readonly processes: readonly CacheProcess[];
  /** How long counters were watched; null for a snapshot or without waiting. */
  readonly windowSeconds: number | null;
  /** Most retained bytes first. */
  readonly caches: readonly CacheSummary[];
  readonly warnings: readonly string[];
}
