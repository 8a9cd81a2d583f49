// One connection to one server, from the handshake to its end. It never reconnects: so that all its answers come from one run of the
// server, whose id is known. @redis/client does the protocol, TLS and AUTH (decision 0011).

import { readFileSync } from "node:fs";
import { createClient, ErrorReply } from "@redis/client";

/** Connecting may take longer than a command: TLS, another continent. */
const CONNECT_FACTOR = 4;

export type RedisCommand = readonly string[];
/** Errors of the server are in the place of the reply. */
export type RedisReply = string | number | null | Error | readonly RedisReply[];

export interface RedisConnection {
  /** Another one after each restart of the server. */
  readonly runId: string;
  readonly isCluster: boolean;
  readonly isOpen: boolean;
  /** Sends all at once. Rejects when the connection fails or `timeoutMs + waitMs` is over; then it is closed. */
  run(commands: readonly RedisCommand[], waitMs?: number): Promise<readonly RedisReply[]>;
  close(): void;
}

/** Where a server is, and how to get in. */
export interface RedisAddress {
  readonly url: string;
  readonly host: string;
  readonly port: number;
  /** For people: without the password. */
  readonly shown: string;
}

export interface RedisNode {
  readonly host: string;
  readonly port: number;
}

/** `redis://user:password@host:port/db`, `rediss://` with TLS; `?ca=`, `cert=`, `key=` name PEM files. Throws a TypeError with a sentence. */
export function parseRedisAddress(url: string): RedisAddress {
  const text = url.replace(/^valkey(s?):/, "redis$1:");
  if (!/^rediss?:\/\//.test(text) || !URL.canParse(text))
    throw new TypeError("the address of a server begins with redis://, rediss://, valkey:// or valkeys://");
  const { hostname, port } = new URL(text);
  const host = hostname === "" ? "localhost" : hostname;
  return { url: text, host, port: Number(port === "" ? 6379 : port), shown: `${host}:${port === "" ? 6379 : port}` };
}

/** Rejects with an Error whose message is a sentence. */
export async function connectRedis(
  address: RedisAddress,
  node: RedisNode,
  timeoutMs: number,
): Promise<RedisConnection> {
  const client = clientOf(address, node, timeoutMs * CONNECT_FACTOR);
  const shown = `${node.host}:${node.port}`;
  let isOpen = true;
  const close = (): void => {
    if (isOpen) client.destroy();
    isOpen = false;
  };
  // An error without a listener would end the program; whoever waits for a reply hears of it.
  client.on("error", close);
  try {
    await inTime(client.connect(), timeoutMs * CONNECT_FACTOR, shown);
  } catch (error) {
    isOpen = false;
    if (client.isOpen) client.destroy();
    throw error;
  }
  const run = async (commands: readonly RedisCommand[], waitMs = 0): Promise<readonly RedisReply[]> => {
    try {
      const replies = commands.map(async (words) => await sent(client, words));
      return await inTime(Promise.all(replies), timeoutMs + waitMs, shown);
    } catch (error) {
      // A reply may still be on its way.
      close();
      throw error;
    }
  };
  const facts = factsOf(
    await run([
      ["INFO", "server"],
      ["INFO", "cluster"],
      ["INFO", "replication"],
    ]),
    shown,
    close,
  );
  return {
    ...facts,
    get isOpen() {
      return isOpen;
    },
    run,
    close,
  };
}

type Client = ReturnType<typeof clientOf>;

// oxlint-disable-next-line typescript/explicit-function-return-type -- the type of @redis/client has eight parameters
function clientOf({ url }: RedisAddress, { host, port }: RedisNode, connectTimeout: number) {
  // biome-ignore lint/nursery: as above
  const { protocol, searchParams, username, password, pathname } = new URL(url);
  const database = Number(pathname.slice(1) || searchParams.get("db") || 0);
  const common = { host, port, connectTimeout, reconnectStrategy: false as const };
  return createClient({
    RESP: 2,
    ...(username === "" ? {} : { username: decodeURIComponent(username) }),
    ...(password === "" ? {} : { password: decodeURIComponent(password) }),
    ...(database === 0 ? {} : { database }),
    socket: protocol === "rediss:" ? { ...common, tls: true, ...pemOf(searchParams) } : common,
    disableOfflineQueue: true,
    disableClientInfo: true,
    maintNotifications: "disabled",
  });
}

function pemOf(options: URLSearchParams): { readonly ca?: Buffer; readonly cert?: Buffer; readonly key?: Buffer } {
  const pem: Record<string, Buffer> = {};
  for (const name of ["ca", "cert", "key"]) {
    const path = options.get(name);
    if (path !== null) pem[name] = readFileSync(path);
  }
  return pem;
}

/** Errors of the server as values; everything else rejects. */
async function sent(client: Client, words: RedisCommand): Promise<RedisReply> {
  try {
    return (await client.sendCommand([...words])) as unknown as RedisReply;
  } catch (error) {
    if (error instanceof ErrorReply) return error;
    throw error;
  }
}

async function inTime<T>(promise: Promise<T>, limitMs: number, shown: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${shown} has not answered within ${limitMs} ms`)), limitMs);
  });
  try {
    return await Promise.race([promise, limit]);
  } finally {
    clearTimeout(timer);
    promise.catch(() => null);
  }
}

function factsOf(
  replies: readonly RedisReply[],
  shown: string,
  close: () => void,
): { readonly runId: string; readonly isCluster: boolean } {
  const failure = replies.find((reply) => reply instanceof Error);
  const text = replies.join("\n");
  const runId = /^run_id:(\S+)/m.exec(text)?.[1];
  const isPrimary = /^role:master/m.test(text);
  if (failure === undefined && runId !== undefined && isPrimary)
    return { runId, isCluster: /^cluster_enabled:1/m.test(text) };
  close();
  if (failure instanceof Error)
    throw new Error(
      `${shown} refuses: ${failure.message}. The user needs +info: it says which run of the server this is.`,
    );
  throw new Error(
    runId === undefined
      ? `${shown} does not say its run_id; a proxy cannot be used, give the address of the server.`
      : `${shown} is a replica, and may not know of the last clears; give the address of the primary.`,
  );
}
