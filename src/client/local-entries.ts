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

interface LocalEntry {
  readonly value: unknown;
  readonly tokens: string;
  /** On the clock of performance.now(). */
  readonly endsMs: number;
}

/** The entries of one cache. */
export class LocalEntries {
  /** Least recently used first. */
  readonly #entries = new Map<string, LocalEntry>();
  readonly #maxsize: number;
  readonly #lease: StreamLease;
  readonly #tokens: LocalTokens;

  constructor(maxsize: number, tokens: LocalTokens, lease: StreamLease) {
    this.#maxsize = maxsize;
    this.#tokens = tokens;
    this.#lease = lease;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** The entry of a key when it may be answered with. Takes what is void out. */
  find(key: string, scopes: readonly string[]): { readonly value: unknown } | null {
    const entry = this.#entries.get(key);
    if (entry === undefined) return null;
    if (entry.tokens !== this.#tokens.of(scopes) || entry.endsMs <= performance.now()) {
      this.#entries.delete(key);
      return null;
    }
    // Without a word of the stream nothing that is kept is an answer; it may be one again.
    if (!this.#lease.isConfirmed()) return null;
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return entry;
  }

  /** `tokens`: from before the value was loaded. */
  keep(key: string, entry: LocalEntry): void {
    if (this.#maxsize === 0) return;
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= this.#maxsize) break;
      this.#entries.delete(oldest);
    }
  }

  clear(): void {
    this.#entries.clear();
  }
}
