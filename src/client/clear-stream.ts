// Follows the stream of clears for this process: python/src/deadweight/_redis/follower.py does the same, and says why.

import { readFileSync } from "node:fs";
import { hostname } from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import type { LocalTokens } from "./local-entries.ts";
import type { RedisCommand, RedisConnection, RedisReply } from "./redis-connection.ts";
import type { RedisNodes } from "./redis-nodes.ts";
import type { StreamLease } from "./stream-lease.ts";
import { controlKeys, isBefore, type MemberRow, newToken, positionOf, type StreamPosition } from "./tier-protocol.ts";

const BATCH = 1000;
const MOST_PAUSE_MS = 1000;

export interface ClearStreamOptions {
  readonly app: string;
  readonly leaseMs: number;
  readonly onPartition: MemberRow["onPartition"];
  /** Told, in a sentence, what people should hear of. */
  readonly warn: (sentence: string) => void;
}

export class ClearStream {
  readonly #options: ClearStreamOptions;
  readonly #nodes: RedisNodes;
  readonly #lease: StreamLease;
  readonly #tokens: LocalTokens;
  readonly #keys: ReturnType<typeof controlKeys>;
  #connection: RedisConnection | null = null;
  #running: Promise<void> | null = null;
  #isClosed = false;
  #position: StreamPosition | null = null;
  #source: string | null = null;
  #beat = 0;
  #isSilenceSaid = false;
  /** How often everything was cleared since the server's data was not what it had been. */
  setBack = 0;

  constructor(options: ClearStreamOptions, nodes: RedisNodes, lease: StreamLease, tokens: LocalTokens) {
    this.#options = options;
    this.#nodes = nodes;
    this.#lease = lease;
    this.#tokens = tokens;
    this.#keys = controlKeys(options.app);
  }

  start(): void {
    this.#running ??= this.#run();
  }

  /** True as soon as the lease runs. */
  async waitConfirmed(limitMs: number): Promise<boolean> {
    this.start();
    const end = performance.now() + limitMs;
    while (this.#lease.endMs <= performance.now()) {
      if (performance.now() > end) return false;
      await delay(2);
    }
    return true;
  }

  /** The id of the last entry that was applied; null before the first word of the server. */
  get applied(): StreamPosition | null {
    return this.#position;
  }

  /** Leaves: nobody needs to wait for this process any more. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#lease.leave();
    this.#hangUp();
    await this.#running;
    if (this.#running !== null)
      await this.#nodes.ask(this.#keys.members, "HDEL", this.#keys.members, ownName()).catch(() => null);
  }

  async #run(): Promise<void> {
    let failures = 0;
    while (!this.#isClosed) {
      try {
        await this.#turn();
        failures = 0;
      } catch (error) {
        this.#hangUp();
        if (this.#isClosed) return;
        // A primary that has become a replica still answers on the connections it has.
        if (/READONLY|is a replica/.test(String(error))) this.#nodes.close();
        this.#reportSilence(error);
        failures = Math.min(failures + 1, 6);
        const pauseMs = Math.min(MOST_PAUSE_MS, this.#options.leaseMs / 5, 20 * 2 ** failures);
        await delay(pauseMs * (0.5 + Math.random() / 2), undefined, { ref: false });
      }
    }
  }

  /** Asks once: says how far we have come, and waits for what comes next. */
  async #turn(): Promise<void> {
    const connection = await this.#connected();
    const before = this.#position ?? { ms: 0, seq: 0 };
    const askedMs = performance.now();
    // Without a lease the first answer is wanted at once.
    const waitMs = this.#lease.endMs > askedMs ? Math.min(1000, this.#options.leaseMs / 4) : 0;
    const block = waitMs > 0 ? ["BLOCK", String(Math.trunc(waitMs))] : [];
    const { stream, members, epoch } = this.#keys;
    const [life, first, , found] = await this.#replies(
      connection,
      [
        ["GET", epoch],
        ["XRANGE", stream, "-", "+", "COUNT", "1"],
        ["HSET", members, ownName(), JSON.stringify(this.#row(before))],
        ["XREAD", "COUNT", String(BATCH), ...block, "STREAMS", stream, idOf(before)],
      ],
      waitMs,
    );
    if (life === null || sourceOf(connection, life ?? null) !== this.#source)
      throw new Error("the server's data was removed or replaced");
    const kept = firstId(first ?? null);
    if (kept === null || isBefore(before, positionOf(kept))) {
      await this.#startOver(connection, "the stream was cut off beyond where we were");
      return;
    }
    const entries = entriesOf(found ?? null);
    for (const { id, words } of entries) {
      this.#apply(words);
      this.#position = positionOf(id);
    }
    if (entries.length < BATCH) this.#confirm(askedMs + this.#options.leaseMs);
  }

  async #replies(
    connection: RedisConnection,
    commands: readonly RedisCommand[],
    waitMs = 0,
  ): Promise<readonly RedisReply[]> {
    const replies = await connection.run(commands, waitMs);
    for (const reply of replies)
      if (reply instanceof Error) {
        await this.#nodes.learnFrom(this.#keys.stream, reply);
        throw reply;
      }
    return replies;
  }

  async #connected(): Promise<RedisConnection> {
    if (this.#connection?.isOpen === true) return this.#connection;
    const connection = await this.#nodes.connect(this.#keys.stream);
    try {
      const { epoch } = this.#keys;
      const [, life] = await this.#replies(connection, [
        ["SET", epoch, newToken(), "NX"],
        ["GET", epoch],
      ]);
      const source = sourceOf(connection, life ?? null);
      if (source !== this.#source || this.#position === null) {
        const because = this.#source === null ? null : "the server was restarted or replaced, or its data was";
        // First the place: when the rest fails, the old one must not be taken for one in the new data.
        this.#position = null;
        this.#source = source;
        await this.#startOver(connection, because);
      }
    } catch (error) {
      connection.close();
      throw error;
    }
    if (this.#isClosed) connection.close();
    this.#connection = connection;
    return connection;
  }

  /** From the end of the stream, with nothing kept. The end is read first: what comes after it will be seen. */
  async #startOver(connection: RedisConnection, because: string | null): Promise<void> {
    this.#lease.end();
    const { stream } = this.#keys;
    const [last] = await this.#replies(connection, [["XREVRANGE", stream, "+", "-", "COUNT", "1"]]);
    let id = firstId(last ?? null);
    if (id === null) {
      // Without an entry there is no place to be at.
      const [made] = await this.#replies(connection, [["XADD", stream, "*", "kind", "start"]]);
      id = String(made);
    }
    this.#tokens.renewAll();
    this.#position = positionOf(id);
    if (because === null) return;
    this.setBack++;
    this.#options.warn(`${because}; everything that was kept here is cleared`);
  }

  #apply(words: readonly string[]): void {
    const said = new Map<string, string>();
    for (let at = 0; at + 1 < words.length; at += 2) said.set(words[at] ?? "", words[at + 1] ?? "");
    const kind = said.get("kind");
    if (kind !== "clear" && kind !== "undo") return;
    const scopes = scopesOf(said.get("scopes") ?? "");
    // Of a version that we do not know: too much is cleared rather than too little.
    if (scopes === null) this.#tokens.renewAll();
    else this.#tokens.renew(scopes);
  }

  #row(position: StreamPosition): MemberRow {
    this.#beat++;
    const { leaseMs, onPartition } = this.#options;
    const runtime = `node ${process.versions.node}`;
    return { applied: idOf(position), leaseMs, onPartition, runtime, codec: "json", beat: this.#beat, at: Date.now() };
  }

  #confirm(untilMs: number): void {
    this.#isSilenceSaid = false;
    if (!this.#isClosed) this.#lease.extend(untilMs);
  }

  #hangUp(): void {
    this.#connection?.close();
    this.#connection = null;
  }

  #reportSilence(error: unknown): void {
    if (this.#isSilenceSaid || this.#lease.endMs > performance.now()) return;
    this.#isSilenceSaid = true;
    const does = this.#options.onPartition === "bypass" ? "is bypassed until it is" : "goes on, and may be stale";
    this.#options.warn(`the stream of clears is not heard (${String(error)}); what is kept here ${does}`);
  }
}

/** HOST/PID/START: names one process for ever. */
export function ownName(): string {
  const stat = readFileSync("/proc/self/stat", "utf8");
  // The name in parentheses may hold anything; field 22 of proc(5) is the start.
  const start = stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
  return `${hostname()}/${process.pid}/${start}`;
}

function idOf({ ms, seq }: StreamPosition): string {
  return `${ms}-${seq}`;
}

function sourceOf({ runId }: RedisConnection, life: RedisReply): string {
  return `${runId} ${typeof life === "string" ? life : ""}`;
}

/** Of a reply to XRANGE: entries of id and words. */
function firstId(reply: RedisReply): string | null {
  const [entry] = Array.isArray(reply) ? (reply as readonly RedisReply[]) : [];
  return Array.isArray(entry) ? String(entry[0]) : null;
}

/** Of a reply to XREAD: for each stream its name and its entries. */
function entriesOf(reply: RedisReply): readonly { readonly id: string; readonly words: readonly string[] }[] {
  const [stream] = Array.isArray(reply) ? (reply as readonly RedisReply[]) : [];
  const [, entries] = Array.isArray(stream) ? (stream as readonly RedisReply[]) : [];
  if (!Array.isArray(entries)) return [];
  return entries.map((entry: readonly RedisReply[]) => ({
    id: String(entry[0]),
    words: Array.isArray(entry[1]) ? entry[1].map(String) : [],
  }));
}

function scopesOf(text: string): readonly string[] | null {
  try {
    const scopes: unknown = JSON.parse(text);
    return Array.isArray(scopes) ? scopes.map(String) : null;
  } catch {
    return null;
  }
}
