// What a cache keeps in this process: in order of use, valid only while the tokens of its scopes are those from before its load.

import type { StreamLease } from "./stream-lease.ts";

/** Scopes that were cleared one by one, until all tokens are renewed at once instead. */
const MOST_SCOPES = 10_000;

/** The tokens of scopes in this process. Numbers that are never used twice, compared with `===` only. */
export class LocalTokens {
  readonly #byScope = new Map<string, number>();
  #last = 0;
  #all = 0;

  /** What the scopes hold now, as one text. */
  of(scopes: readonly string[]): string {
    return `${this.#all} ${scopes.map((scope) => this.#byScope.get(scope) ?? 0).join(" ")}`;
  }

  renew(scopes: readonly string[]): void {
    for (const scope of scopes) this.#byScope.set(scope, ++this.#last);
    if (this.#byScope.size > MOST_SCOPES) this.renewAll();
  }

  renewAll(): void {
    this.#byScope.clear();
    this.#all = ++this.#last;
  }
}

/** What a loader gave, or what it rejected with. */
export type Kept =
  | { readonly kind: "value"; readonly value: unknown }
  | { readonly kind: "error"; readonly error: unknown };

interface LocalEntry {
  readonly kept: Kept;
  readonly tokens: string;
  /** On the clock of performance.now(). */
  readonly endsMs: number;
  /** Until then it is the answer while a new one is loaded; not before `endsMs`. */
  readonly staleMs: number;
  /** 0 where nobody counts. */
  readonly bytes: number;
}

export interface LocalBounds {
  /** Most entries; 0: keeps nothing. */
  readonly maxsize: number;
  /** Most bytes; null: nobody counts. */
  readonly maxBytes: number | null;
}

/** The entries of one cache. */
export class LocalEntries {
  /** Least recently used first. */
  readonly #entries = new Map<string, LocalEntry>();
  readonly #bounds: LocalBounds;
  readonly #lease: StreamLease;
  readonly #tokens: LocalTokens;
  #bytes = 0;

  constructor(bounds: LocalBounds, tokens: LocalTokens, lease: StreamLease) {
    this.#bounds = bounds;
    this.#tokens = tokens;
    this.#lease = lease;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** The entry of a key when it may be answered with. Takes what is void out. */
  find(key: string, scopes: readonly string[]): { readonly kept: Kept; readonly isStale: boolean } | null {
    const entry = this.#entries.get(key);
    if (entry === undefined) return null;
    const nowMs = performance.now();
    if (entry.tokens !== this.#tokens.of(scopes) || entry.staleMs <= nowMs) {
      this.#remove(key);
      return null;
    }
    // Without a word of the stream nothing that is kept is an answer; it may be one again.
    if (!this.#lease.isConfirmed()) return null;
    if (entry.endsMs <= nowMs) return { kept: entry.kept, isStale: true };
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return { kept: entry.kept, isStale: false };
  }

  /** `tokens`: from before the value was loaded. What is larger than all may be together is not kept. */
  keep(key: string, entry: LocalEntry): void {
    const { maxsize, maxBytes } = this.#bounds;
    if (maxsize === 0 || (maxBytes !== null && entry.bytes > maxBytes)) return;
    this.#remove(key);
    this.#entries.set(key, entry);
    this.#bytes += entry.bytes;
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= maxsize && (maxBytes === null || this.#bytes <= maxBytes)) break;
      this.#remove(oldest);
    }
  }

  #remove(key: string): void {
    this.#bytes -= this.#entries.get(key)?.bytes ?? 0;
    this.#entries.delete(key);
  }
}
