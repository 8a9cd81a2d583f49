// `cached` for Node services: the same keys, tier and clears as `deadweight.cached` in Python.

import { digest, type KeyParts } from "./cache-keys.ts";
import type { KeyValue } from "./key-value.ts";
import { type CacheLimits, type LimitOptions, limitsOf } from "./cache-limits.ts";
import { type Kept, LocalEntries } from "./local-entries.ts";
import type { RedisTier } from "./redis-tier.ts";
import type { Place } from "./tier-protocol.ts";

/** Parts into which the keys of a namespace fall; python/src/deadweight/_cache/policy.py says the same. */
const SLICES = 256;

export interface CachedOptions<Arguments extends KeyParts> extends LimitOptions {
  readonly tier: RedisTier;
  /** That of the Python function, as "shop.pricing.quote", where both share a cache. */
  readonly name: string;
  readonly namespace?: string;
  readonly version?: number | string;
  /** Names for clearing: `({ symbol }) => [`symbol:${symbol}`]`. */
  readonly tags?: (parts: Arguments) => readonly string[];
  /** What stands for the arguments. */
  readonly key?: (parts: Arguments) => KeyValue;
  /** Of arguments that a caller may leave out: those of the Python function. */
  readonly defaults?: Partial<Arguments>;
  /** Of callers that miss the same key at once one loads; the others wait so long at most. Not given: each loads. */
  readonly singleFlightMs?: number;
}

export interface CachedInfo {
  readonly hits: number;
  readonly misses: number;
  readonly currsize: number;
}

export interface CachedFunction<Arguments extends KeyParts, Value> {
  (parts: Arguments): Promise<Value>;
  /** Of this process's own entries; `tier.info()` has the rest. */
  info(): CachedInfo;
  /** Clears the function in all processes. Rejects when the server cannot be reached; then only this process has it. */
  clear(): Promise<void>;
}

/**
 * Keeps results of a function of named arguments: those of the Python function where both share a cache. What the loader rejects with, the
 * caller gets; it is kept only where `cacheErrors` says so. Arguments without a stable key reject with an UnstableKeyError.
 */
export function cached<Arguments extends KeyParts, Value>(
  options: CachedOptions<Arguments>,
  load: (parts: Arguments) => Promise<Value> | Value,
): CachedFunction<Arguments, Value> {
  const cache = new FunctionCache(options, load);
  return Object.assign(async (parts: Arguments) => await cache.call(parts), {
    info: () => cache.info(),
    clear: async () => {
      await options.tier.clear(`fn:${options.name}`);
    },
  });
}

class FunctionCache<Arguments extends KeyParts, Value> {
  readonly #options: CachedOptions<Arguments>;
  readonly #load: (parts: Arguments) => Promise<Value> | Value;
  readonly #entries: LocalEntries;
  readonly #common: readonly string[];
  readonly #limits: CacheLimits;
  readonly #flights = new Map<string, Promise<Value>>();
  readonly #refreshing = new Set<string>();
  #hits = 0;
  #misses = 0;

  constructor(options: CachedOptions<Arguments>, load: (parts: Arguments) => Promise<Value> | Value) {
    const { name, namespace, version = 1, tier } = options;
    this.#limits = limitsOf(options);
    this.#options = options;
    this.#load = load;
    this.#entries = new LocalEntries(this.#limits, tier.tokens, tier.lease);
    this.#common = [
      `fn:${name}`,
      ...(namespace === undefined ? [] : [`ns:${namespace}`, `ns:${namespace}:v${version}`]),
    ];
  }

  info(): CachedInfo {
    return { hits: this.#hits, misses: this.#misses, currsize: this.#entries.size };
  }

  async call(given: Arguments): Promise<Value> {
    const parts: Arguments = { ...this.#options.defaults, ...given };
    const place = this.#placeOf(parts);
    const { tier } = this.#options;
    tier.stream.start();
    const entry = this.#entries.find(place.digest, place.scopes);
    if (entry !== null && entry.isStale) this.#refresh(parts, place);
    else if (entry !== null) this.#hits++;
    if (entry !== null) return answerOf(entry.kept) as Value;
    this.#misses++;
    // Before anything is asked or loaded: that is what makes a clear certain.
    const tokens = tier.tokens.of(place.scopes);
    return await this.#inFlight(place, tokens, async () => await this.#find(parts, place, tokens));
  }

  /** Loads anew behind the caller's back; one at a time for each key. */
  #refresh(parts: Arguments, place: Place): void {
    if (this.#refreshing.has(place.digest)) return;
    this.#refreshing.add(place.digest);
    this.#misses++;
    const tokens = this.#options.tier.tokens.of(place.scopes);
    const done = (): void => void this.#refreshing.delete(place.digest);
    // What it rejects with, nobody hears: the old value stays until its grace is over; then a caller gets the error itself.
    this.#find(parts, place, tokens).then(done, done);
  }

  #placeOf(parts: Arguments): Place {
    const { name, namespace, version = 1, tags, key } = this.#options;
    const own = tags === undefined ? [] : tags(parts).map((tag) => `tag:${tag}`);
    const slice = namespace === undefined ? [] : [`slice:${namespace}:${(digest(parts)[0] ?? 0) % SLICES}`];
    return {
      namespace: namespace ?? name,
      version: String(version),
      scopes: [...this.#common, ...own, ...slice],
      digest: digest(key === undefined ? parts : { key: key(parts) }).toString("hex"),
    };
  }

  /** A flight is known by its key and the tokens it began with: who comes after a clear never joins one from before it. */
  async #inFlight(place: Place, tokens: string, find: () => Promise<Value>): Promise<Value> {
    const limitMs = this.#options.singleFlightMs;
    if (limitMs === undefined || !this.#options.tier.lease.isConfirmed()) return await find();
    const name = `${place.digest} ${tokens}`;
    const flight = this.#flights.get(name);
    if (flight !== undefined) {
      const answer = await landed(flight, limitMs);
      return answer === null ? await find() : answer.value;
    }
    const own = find();
    this.#flights.set(name, own);
    try {
      return await own;
    } finally {
      this.#flights.delete(name);
    }
  }

  async #find(parts: Arguments, place: Place, tokens: string): Promise<Value> {
    const { tier } = this.#options;
    const look = await tier.look(place);
    if (look?.found) {
      const { value, endsMs } = look.found;
      this.#keepValue(place, tokens, value, Math.min(endsMs, endOf(this.#limits.secondsToLive())));
      return value as Value;
    }
    const value = await this.#loadOrKeepError(parts, place, tokens);
    const seconds = this.#limits.secondsToLive();
    this.#keepValue(place, tokens, value, endOf(seconds));
    if (look !== null) await tier.keep(look, value, seconds);
    return value;
  }

  async #loadOrKeepError(parts: Arguments, place: Place, tokens: string): Promise<Value> {
    try {
      return await this.#load(parts);
    } catch (error) {
      if (this.#limits.keepsError(error)) {
        const endsMs = endOf(this.#limits.secondsOfError());
        const kept = { kind: "error", error } as const;
        this.#entries.keep(place.digest, { kept, tokens, endsMs, staleMs: endsMs, bytes: 0 });
      }
      throw error;
    }
  }

  #keepValue(place: Place, tokens: string, value: unknown, endsMs: number): void {
    const { graceMs } = this.#limits;
    const kept = { kind: "value", value } as const;
    const bytes = this.#limits.sizeOf(value);
    this.#entries.keep(place.digest, { kept, tokens, endsMs, staleMs: endsMs + graceMs, bytes });
  }
}

function answerOf(kept: Kept): unknown {
  if (kept.kind === "error") throw kept.error;
  return kept.value;
}

/** On the clock of performance.now(). */
function endOf(seconds: number | null): number {
  return seconds === null ? Number.POSITIVE_INFINITY : performance.now() + seconds * 1000;
}

/** Null when it took too long. What it rejects with, the waiting caller gets. */
async function landed<T>(flight: Promise<T>, limitMs: number): Promise<{ readonly value: T } | null> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), limitMs);
  });
  try {
    return await Promise.race([flight.then((value) => ({ value })), limit]);
  } finally {
    clearTimeout(timer);
  }
}
