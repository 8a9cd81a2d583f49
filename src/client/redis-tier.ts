// The shared tier for Node services: what a cached function asks after its own entries, and before it loads. The tokens of a value's
// scopes are read from the server before the loader starts, and are a part of the key under which its result is put.

import { Breaker } from "./breaker.ts";
import { ClearStream } from "./clear-stream.ts";
import { JSON_CODEC, openJson, sealJson } from "./json-values.ts";
import { LocalTokens } from "./local-entries.ts";
import { parseRedisAddress } from "./redis-connection.ts";
import { type Answer, type Ask, RedisNodes } from "./redis-nodes.ts";
import { StreamLease } from "./stream-lease.ts";
import {
  controlKeys,
  type Generation,
  generationKey,
  newToken,
  type Place,
  STREAM_ENTRIES,
  valueKey,
  valueToken,
} from "./tier-protocol.ts";

export interface RedisTierOptions {
  /** The name of the application: that which the Python processes give, too. */
  readonly app: string;
  /** Seconds a value lives whose cache has no time of its own; a day without. */
  readonly ttlSeconds?: number;
  /** Of one command; 250 without. */
  readonly timeoutMs?: number;
  /** How long entries of this process are answers after the last word of the stream; 5000 without. */
  readonly leaseMs?: number;
  /** What entries of this process are when that is over; "bypass" without. */
  readonly onPartition?: "bypass" | "serve_stale";
  readonly maxValueBytes?: number;
  /** Hears, in sentences, of bypasses and of servers whose data has gone back. process.emitWarning without. */
  readonly warn?: (sentence: string) => void;
}

/** What the tier did for this process. */
export interface TierInfo {
  readonly hits: number;
  readonly misses: number;
  readonly stored: number;
  /** Values that JSON cannot say without loss, or that are too large. */
  readonly unstorable: number;
  /** Values of another codec, or damaged: taken as misses. */
  readonly unreadable: number;
  /** Calls that did without the tier, because it fails. */
  readonly bypassed: number;
  /** Calls that did without this process's own entries, because no word of the stream came in time. */
  readonly unconfirmed: number;
  readonly state: "in use" | "bypassed";
}

/** What was found, and where a value goes that is loaded now. `endsMs`: on the clock of performance.now(). */
export interface TierLook {
  readonly key: string;
  readonly found: { readonly value: unknown; readonly endsMs: number } | null;
}

const DAY_SECONDS = 86_400;
const MAX_VALUE_BYTES = 8 * 2 ** 20;

/** Connects when it is first used. Throws a TypeError when an option cannot be meant. */
export function redisTier(url: string, options: RedisTierOptions): RedisTier {
  return new RedisTier(url, options);
}

export class RedisTier {
  readonly app: string;
  readonly tokens: LocalTokens = new LocalTokens();
  readonly lease: StreamLease;
  readonly stream: ClearStream;
  readonly #nodes: RedisNodes;
  readonly #breaker: Breaker;
  readonly #ttlSeconds: number;
  readonly #maxValueBytes: number;
  readonly #known = new Map<string, Generation>();
  readonly #counts = { hits: 0, misses: 0, stored: 0, unstorable: 0, unreadable: 0, bypassed: 0 };

  constructor(url: string, options: RedisTierOptions) {
    const { app, ttlSeconds = DAY_SECONDS, timeoutMs = 250, leaseMs = 5000, onPartition = "bypass" } = options;
    if (!/^[^./:{}][^/:{}]*$/.test(app))
      throw new TypeError(`app is the name of the application, without / : { }, not '${app}'`);
    for (const [name, value] of Object.entries({ ttlSeconds, timeoutMs, leaseMs }))
      if (!(value > 0)) throw new TypeError(`${name} is a time above 0, not ${value}`);
    const address = parseRedisAddress(url);
    const say = options.warn ?? ((sentence): void => process.emitWarning(sentence, "DeadweightWarning"));
    const warn = (sentence: string): void => say(`${address.shown}: ${sentence}`);
    this.app = app;
    this.#ttlSeconds = ttlSeconds;
    this.#maxValueBytes = options.maxValueBytes ?? MAX_VALUE_BYTES;
    this.#nodes = new RedisNodes(address, timeoutMs);
    this.#breaker = new Breaker(warn);
    this.lease = new StreamLease(onPartition === "serve_stale");
    this.stream = new ClearStream({ app, leaseMs, onPartition, warn }, this.#nodes, this.lease, this.tokens);
  }

  info(): TierInfo {
    const state = this.#breaker.isOpen ? "bypassed" : "in use";
    return { ...this.#counts, unconfirmed: this.lease.unconfirmed, state };
  }

  /** Asks the server; null when it has to be done without. Never rejects. */
  async look(place: Place): Promise<TierLook | null> {
    this.stream.start();
    if (!this.#breaker.allows()) {
      this.#counts.bypassed++;
      return null;
    }
    try {
      const look = await this.#look(place);
      this.#breaker.succeeded();
      this.#counts[look.found === null ? "misses" : "hits"]++;
      return look;
    } catch (error) {
      this.#breaker.failed(error);
      this.#counts.bypassed++;
      return null;
    }
  }

  /** Puts a value where `look` has found none. Never rejects. */
  async keep({ key }: TierLook, value: unknown, ttlSeconds: number | null): Promise<void> {
    const text = sealJson(value);
    if (text === null || Buffer.byteLength(text) > this.#maxValueBytes) {
      this.#counts.unstorable++;
      return;
    }
    // Values that were made together must not end together.
    const seconds = ttlSeconds ?? this.#ttlSeconds * (1 - 0.1 * Math.random());
    try {
      await this.#nodes.ask(key, "SET", key, text, "PX", String(Math.max(1, Math.trunc(seconds * 1000))));
      this.#counts.stored++;
    } catch (error) {
      this.#breaker.failed(error);
    }
  }

  /**
   * Clears scopes ("ns:prices", "tag:user:42", "fn:shop.quote") in all processes. Answers the id of the clear in the stream. Rejects when the
   * server cannot be reached; then only this process has it. It does not wait for the others: `deadweight caches clear` does.
   */
  async clear(...scopes: readonly string[]): Promise<string> {
    try {
      await this.#announce(scopes);
      return await this.#announce(scopes);
    } finally {
      this.tokens.renew(scopes);
    }
  }

  /** Ends the connections, and with them this process's part in the stream: what it keeps is no answer any more. */
  async close(): Promise<void> {
    await this.stream.close();
    this.#nodes.close();
  }

  async #announce(scopes: readonly string[]): Promise<string> {
    const keys = scopes.map((scope) => generationKey(this.app, scope));
    await this.#nodes.run(keys.map((key) => ({ key, command: ["SET", key, newToken()] })));
    const { stream } = controlKeys(this.app);
    const words = ["kind", "clear", "scopes", JSON.stringify(scopes), "by", "node"];
    return String(await this.#nodes.ask(stream, "XADD", stream, "MAXLEN", "~", String(STREAM_ENTRIES), "*", ...words));
  }

  async #look(place: Place): Promise<TierLook> {
    const scopes = [...new Set(place.scopes)];
    const asks: Ask[] = scopes.map((scope) => {
      const key = generationKey(this.app, scope);
      return { key, command: ["GET", key] };
    });
    // Most of the time the tokens are as they were: then one round is enough.
    const guess = this.#guess(place, scopes);
    if (guess !== null) asks.push(...valueAsks(guess));
    let answers = await this.#nodes.run(asks);
    const generations = await this.#generations(scopes, answers.slice(0, scopes.length));
    const key = valueKey(this.app, place, valueToken(JSON_CODEC, generations));
    if (key !== guess) answers = await this.#nodes.run(valueAsks(key));
    const [content, left] = answers.slice(-2).map(({ reply }) => reply);
    return { key, found: this.#open(content, Number(left)) };
  }

  #guess(place: Place, scopes: readonly string[]): string | null {
    const known = scopes.flatMap((scope) => this.#known.get(scope) ?? []);
    return known.length < scopes.length ? null : valueKey(this.app, place, valueToken(JSON_CODEC, known));
  }

  async #generations(scopes: readonly string[], given: readonly Answer[]): Promise<readonly Generation[]> {
    const keys = scopes.map((scope) => generationKey(this.app, scope));
    const missing = keys.filter((_, at) => given[at]?.reply === null);
    let answers = given;
    if (missing.length > 0) {
      // New, or evicted: of several that make one at the same time, one wins.
      await this.#nodes.run(missing.map((key) => ({ key, command: ["SET", key, newToken(), "NX"] })));
      answers = await this.#nodes.run(keys.map((key) => ({ key, command: ["GET", key] })));
    }
    if (this.#known.size > STREAM_ENTRIES) this.#known.clear();
    return scopes.map((scope, at) => {
      const { reply = null, runId = "" } = answers[at] ?? {};
      if (typeof reply !== "string")
        throw new Error("the server forgets tokens as soon as they are made: has it enough memory?");
      const generation = { scope, runId, token: reply };
      this.#known.set(scope, generation);
      return generation;
    });
  }

  #open(content: unknown, leftMs: number): TierLook["found"] {
    if (typeof content !== "string" || !(leftMs > 0)) return null;
    const opened = openJson(content);
    if (opened === null) this.#counts.unreadable++;
    return opened === null ? null : { value: opened.value, endsMs: performance.now() + leftMs };
  }
}

function valueAsks(key: string): Ask[] {
  return [
    { key, command: ["GET", key] },
    { key, command: ["PTTL", key] },
  ];
}
