// What lies on the server under which name. python/src/deadweight/_redis/protocol.py says the same, and test/redis/conformance.json holds
// both to it. All commands may be sent twice without harm. Tokens are compared with `==` only.
//
//    app:gen:SCOPE             the token of a scope: a text that changes when the scope is cleared
//    app:NS:vN:TOKEN:HASH      a value, always with a time to live
//    {app}:inv                 stream of clears
//    {app}:members             hash: who follows the stream, and how far each has come
//    {app}:epoch               a text that is lost when the data of the server is

import { createHash, randomBytes } from "node:crypto";

/** Most entries of the stream. Who is behind by more clears everything it keeps. */
export const STREAM_ENTRIES = 10_000;

/** Which value is meant. */
export interface Place {
  /** That of the cache, or the name of its function. */
  readonly namespace: string;
  readonly version: string;
  /** All whose clear concerns the value. */
  readonly scopes: readonly string[];
  /** Of the arguments, hex. */
  readonly digest: string;
}

/** A scope as the server knows it: its token, and the run of the server that said so. */
export interface Generation {
  readonly scope: string;
  readonly runId: string;
  readonly token: string;
}

export function generationKey(app: string, scope: string): string {
  return `${app}:gen:${scope}`;
}

/** In one slot of a cluster, since one connection follows them. */
export function controlKeys(app: string): {
  readonly stream: string;
  readonly members: string;
  readonly epoch: string;
} {
  return { stream: `{${app}}:inv`, members: `{${app}}:members`, epoch: `{${app}}:epoch` };
}

/**
 * What a value's key has of its scopes, 16 hex digits: another one after a clear, after a restart, and for another codec. With the run of
 * the server in it, tokens that come back with an old RDB file lead to no value of before.
 */
export function valueToken(codec: string, generations: readonly Generation[]): string {
  const hasher = createHash("sha256").update(`deadweight tier 1\n${codec}\n`);
  const lines = generations.map(({ scope, runId, token }) => {
    const name = Buffer.from(scope, "utf8");
    return { name, head: `${runId} ${token} ${name.length}:` };
  });
  for (const { name, head } of lines.toSorted((a, b) => Buffer.compare(a.name, b.name)))
    hasher.update(head).update(name).update("\n");
  return hasher.digest("hex").slice(0, 16);
}

export function valueKey(app: string, { namespace, version, digest }: Place, token: string): string {
  return `${app}:${namespace}:v${version}:${token}:${digest}`;
}

/** A token that was never used. */
export function newToken(): string {
  return randomBytes(8).toString("hex");
}

/** Where in the stream something is: the id of an entry. */
export interface StreamPosition {
  readonly ms: number;
  readonly seq: number;
}

export function positionOf(id: string): StreamPosition {
  const [ms = 0, seq = 0] = id.split("-").map(Number);
  return { ms, seq };
}

export function isBefore(a: StreamPosition, b: StreamPosition): boolean {
  return a.ms < b.ms || (a.ms === b.ms && a.seq < b.seq);
}

/** What each follower says of itself in the hash of members, as JSON. Its name is HOST/PID/START. */
export interface MemberRow {
  /** Id of the last entry it has applied. */
  readonly applied: string;
  readonly leaseMs: number;
  readonly onPartition: "bypass" | "serve_stale";
  /** "python 3.11.7", "node 20.20.2". */
  readonly runtime: string;
  readonly codec: string;
  /** Grows with each sign of life. */
  readonly beat: number;
  /** Its wall clock, ms since 1970: for people. */
  readonly at: number;
}

/** Null for what is none. */
export function parseMemberRow(text: string): MemberRow | null {
  try {
    const row = JSON.parse(text) as Partial<MemberRow> | null;
    const isRow = typeof row?.applied === "string" && typeof row.leaseMs === "number" && typeof row.beat === "number";
    return isRow ? (row as MemberRow) : null;
  } catch {
    return null;
  }
}
