// The package export `deadweight/cache`: governed caches for Node services, and their keys.

export * from "./cache-keys.ts";
export { cached, type CachedFunction, type CachedInfo, type CachedOptions } from "./cached.ts";
export { redisTier, type RedisTier, type RedisTierOptions, type TierInfo } from "./redis-tier.ts";
