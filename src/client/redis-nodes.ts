// The servers behind one address: one, or the nodes of a cluster. Keeps a connection to each, and finds out who has which key.

import { setTimeout as delay } from "node:timers/promises";
import {
  connectRedis,
  type RedisAddress,
  type RedisCommand,
  type RedisConnection,
  type RedisNode,
  type RedisReply,
} from "./redis-connection.ts";

const SLOTS = 16_384;
const REDIRECTIONS = 5;
const TRY_AGAIN_MS = 10;

/** A command, and the key that says which node it is for. */
export interface Ask {
  readonly key: string;
  readonly command: RedisCommand;
}

/** A reply, and the run of the server it comes from. */
export interface Answer {
  readonly reply: RedisReply;
  readonly runId: string;
}

/** Of 16384; only what stands in the first braces counts, if anything does (Redis Cluster specification). */
export function slotOfKey(key: string): number {
  const content = Buffer.from(key, "utf8");
  const start = content.indexOf(0x7b);
  const end = start < 0 ? -1 : content.indexOf(0x7d, start + 1);
  return crc16(end > start + 1 ? content.subarray(start + 1, end) : content) % SLOTS;
}

/** CRC-16/XMODEM. */
function crc16(content: Uint8Array): number {
  let crc = 0;
  for (const byte of content) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit++) crc = crc & 0x8000 ? ((crc << 1) ^ 0x1021) & 0xffff : (crc << 1) & 0xffff;
  }
  return crc;
}

interface Target {
  readonly node: RedisNode;
  readonly isAsking: boolean;
}

/** Runs commands where they belong. Its promises reject with an Error when a server cannot be reached in time, or refuses. */
export class RedisNodes {
  readonly #address: RedisAddress;
  readonly #timeoutMs: number;
  readonly #connections = new Map<string, Promise<RedisConnection>>();
  readonly #owners = new Map<number, RedisNode>();
  #isCluster: boolean | null = null;

  constructor(address: RedisAddress, timeoutMs: number) {
    this.#address = address;
    this.#timeoutMs = timeoutMs;
  }

  /** Each ask with its answer, in order. An error of the server rejects. */
  async run(asks: readonly Ask[]): Promise<readonly Answer[]> {
    const answers = new Map<number, Answer>();
    let left = new Map<number, Target>();
    for (const [at, { key }] of asks.entries()) left.set(at, { node: await this.#owner(key), isAsking: false });
    for (let round = 0; round < REDIRECTIONS && left.size > 0; round++) left = await this.#round(asks, left, answers);
    if (left.size > 0) throw new Error(`the cluster at ${this.#address.shown} sends us from node to node`);
    return asks.map((_, at) => answers.get(at) ?? { reply: null, runId: "" });
  }

  /** The reply to one command. */
  async ask(key: string, ...command: RedisCommand): Promise<RedisReply> {
    const [answer] = await this.run([{ key, command }]);
    return answer?.reply ?? null;
  }

  /** A connection of its own to the node of a key, for who waits on it. */
  async connect(key: string): Promise<RedisConnection> {
    return await connectRedis(this.#address, await this.#owner(key), this.#timeoutMs);
  }

  /** Learns from an error of the server that a key has moved. */
  async learnFrom(key: string, error: Error): Promise<void> {
    await this.#redirect(slotOfKey(key), error, await this.#owner(key));
  }

  close(): void {
    for (const connection of this.#connections.values()) connection.then((each) => each.close()).catch(() => null);
    this.#connections.clear();
  }

  async #round(
    asks: readonly Ask[],
    left: ReadonlyMap<number, Target>,
    answers: Map<number, Answer>,
  ): Promise<Map<number, Target>> {
    const byNode = new Map<string, [number, Target][]>();
    for (const place of left) byNode.set(nameOf(place[1].node), [...(byNode.get(nameOf(place[1].node)) ?? []), place]);
    const again = new Map<number, Target>();
    await Promise.all(
      [...byNode.values()].map(async (places) => {
        const node = places[0]?.[1].node ?? this.#address;
        const commands = places.flatMap(([at, { isAsking }]) => {
          const command = asks[at]?.command ?? [];
          return isAsking ? [["ASKING"], command] : [command];
        });
        const { replies, runId } = await this.#exchange(node, commands);
        let next = 0;
        for (const [at, { isAsking }] of places) {
          if (isAsking) next++;
          const reply = replies[next++] ?? null;
          const target =
            reply instanceof Error ? await this.#redirect(slotOfKey(asks[at]?.key ?? ""), reply, node) : null;
          if (target !== null) again.set(at, target);
          else if (reply instanceof Error) this.#giveUp(node, reply);
          else answers.set(at, { reply, runId });
        }
      }),
    );
    return again;
  }

  #giveUp(node: RedisNode, error: Error): never {
    // A primary that has become a replica: whoever is the primary now, it is not at the end of this connection.
    if (error.message.startsWith("READONLY")) this.#forget(node);
    throw error;
  }

  async #redirect(slot: number, error: Error, node: RedisNode): Promise<Target | null> {
    const [word, , place = ""] = error.message.split(" ");
    if (word === "TRYAGAIN") {
      await delay(TRY_AGAIN_MS);
      return { node, isAsking: false };
    }
    if (word !== "MOVED" && word !== "ASK") return null;
    const colon = place.lastIndexOf(":");
    const target = { host: place.slice(0, colon) || node.host, port: Number(place.slice(colon + 1)) };
    if (word === "MOVED") this.#owners.set(slot, target);
    return { node: target, isAsking: word === "ASK" };
  }

  async #owner(key: string): Promise<RedisNode> {
    if (this.#isCluster === null) await this.#learn();
    return (this.#isCluster === true ? this.#owners.get(slotOfKey(key)) : undefined) ?? this.#address;
  }

  /** Asks a node, the one of the address or any other we know, who has which slots. */
  async #learn(): Promise<void> {
    const known = new Map([this.#address, ...this.#owners.values()].map((node) => [nameOf(node), node]));
    let last: unknown = null;
    for (const node of known.values()) {
      try {
        const connection = await this.#connection(node);
        this.#isCluster = connection.isCluster;
        const [slots] = connection.isCluster ? await connection.run([["CLUSTER", "SLOTS"]]) : [];
        if (Array.isArray(slots)) this.#own(slots, node);
        return;
      } catch (error) {
        last = error;
      }
    }
    throw last;
  }

  /** Each range: first slot, last slot, primary (host, port, id), replicas. */
  #own(ranges: readonly RedisReply[], asked: RedisNode): void {
    for (const range of ranges) {
      const [first, last, primary] = Array.isArray(range) ? (range as readonly RedisReply[]) : [];
      const [host, port] = Array.isArray(primary) ? (primary as readonly RedisReply[]) : [];
      const node = { host: typeof host === "string" && host !== "" ? host : asked.host, port: Number(port) };
      for (let slot = Number(first); slot <= Number(last); slot++) this.#owners.set(slot, node);
    }
  }

  async #exchange(
    node: RedisNode,
    commands: readonly RedisCommand[],
  ): Promise<{ readonly replies: readonly RedisReply[]; readonly runId: string }> {
    const known = await this.#connections.get(nameOf(node))?.catch(() => null);
    if (known?.isOpen === true) {
      try {
        return { replies: await known.run(commands), runId: known.runId };
      } catch (error) {
        this.#forget(node);
        if (error instanceof Error && error.message.includes("has not answered")) throw error;
        // It was closed while it lay idle: by a restart, or by somebody.
      }
    }
    const connection = await this.#connection(node);
    return { replies: await connection.run(commands), runId: connection.runId };
  }

  async #connection(node: RedisNode): Promise<RedisConnection> {
    const name = nameOf(node);
    const known = this.#connections.get(name);
    if (known !== undefined && (await known.then(({ isOpen }) => isOpen).catch(() => false))) return await known;
    // Another caller may have replaced it meanwhile.
    const replaced = this.#connections.get(name);
    const made =
      replaced === undefined || replaced === known ? connectRedis(this.#address, node, this.#timeoutMs) : replaced;
    this.#connections.set(name, made);
    try {
      return await made;
    } catch (error) {
      this.#forget(node);
      throw error;
    }
  }

  /** A node that cannot be reached may have been replaced: ask anew who has what. */
  #forget(node: RedisNode): void {
    const name = nameOf(node);
    this.#connections
      .get(name)
      ?.then((each) => each.close())
      .catch(() => null);
    this.#connections.delete(name);
    if (this.#isCluster === true) this.#isCluster = null;
  }
}

function nameOf({ host, port }: RedisNode): string {
  return `${host}:${port}`;
}
