// A server as the command sees it: tokens of scopes, the stream of clears, and who has applied what.

import { setTimeout as delay } from "node:timers/promises";
import { parseRedisAddress, type RedisConnection, type RedisReply } from "../../client/redis-connection.ts";
import { RedisNodes } from "../../client/redis-nodes.ts";
import {
  controlKeys,
  generationKey,
  isBefore,
  type MemberRow,
  newToken,
  parseMemberRow,
  positionOf,
  STREAM_ENTRIES,
} from "../../client/tier-protocol.ts";
import type { SlotChange } from "../../govern/audit-chain.ts";
import type { Receipt } from "../../model/cache-command.ts";
import { slotOf } from "./slot-of.ts";

const TIMEOUT_MS = 2000;
const LOCK_MS = 60_000;
const LOCK_WAIT_MS = 5000;
const LOOK_MS = 2;
/** Clocks of hosts may run apart by so much (rho in docs/cache-guarantees.md), and a reply takes its time. */
const CLOCK_SHARE = 1.05;
const MARGIN_MS = 100;
/** Nobody is waited for longer, whatever lease it says. */
const LONGEST_WAIT_MS = 60_000;

/** Followers by their name, HOST/PID/START. */
export type Members = ReadonlyMap<string, MemberRow>;

/** What is known of each follower, and the sign of life it is known from. */
export type Receipts = ReadonlyMap<string, NamedReceipt>;
interface NamedReceipt {
  readonly row: MemberRow;
  readonly receipt: Receipt;
}

/** Its promises reject with an Error whose message is a sentence. */
export class RedisStream {
  readonly #app: string;
  readonly #nodes: RedisNodes;
  readonly #keys: ReturnType<typeof controlKeys>;

  constructor(app: string, url: string, environment: Readonly<Record<string, string | undefined>>) {
    this.#app = app;
    this.#nodes = new RedisNodes(parseRedisAddress(withPassword(url, environment)), TIMEOUT_MS);
    this.#keys = controlKeys(app);
  }

  [Symbol.dispose](): void {
    this.#nodes.close();
  }

  async members(): Promise<Members> {
    const reply = await this.#nodes.ask(this.#keys.members, "HGETALL", this.#keys.members);
    return membersOf(reply);
  }

  /** Gives each scope a token that was never used. */
  async renew(scopes: readonly string[]): Promise<readonly SlotChange[]> {
    const keys = scopes.map((scope) => generationKey(this.#app, scope));
    const before = await this.#nodes.run(keys.map((key) => ({ key, command: ["GET", key] })));
    const tokens = scopes.map(newToken);
    await this.#nodes.run(keys.map((key, at) => ({ key, command: ["SET", key, tokens[at] ?? newToken()] })));
    return scopes.map((scope, at) => {
      const reply = before[at]?.reply;
      return { slot: slotOf(scope), before: typeof reply === "string" ? reply : "", after: tokens[at] ?? "", scope };
    });
  }

  /** Puts tokens back where nothing has changed since; answers how many have. Under the lock. */
  async restore(changes: readonly SlotChange[]): Promise<number> {
    let lost = 0;
    for (const { scope = "", before, after } of changes) {
      const key = generationKey(this.#app, scope);
      if ((await this.#nodes.ask(key, "GET", key)) !== after) lost++;
      // A scope that had no token had no values either.
      else if (before !== "") await this.#nodes.ask(key, "SET", key, before);
    }
    return lost;
  }

  /** Tells all followers. Answers the id of the entry. */
  async announce(kind: "clear" | "undo", scopes: readonly string[], op: string): Promise<string> {
    const { stream } = this.#keys;
    const words = ["kind", kind, "scopes", JSON.stringify(scopes), "by", op];
    const id = await this.#nodes.ask(stream, "XADD", stream, "MAXLEN", "~", String(STREAM_ENTRIES), "*", ...words);
    return String(id);
  }

  /**
   * Waits until each follower has applied an entry, has left, or has been silent for longer than its lease: by our clock since the entry
   * was there. Who may be stale and has not applied it is missing. `silent`: who is known to be, and is not waited for again.
   */
  async receiptsOf(id: string, silent: Receipts = new Map()): Promise<Receipts> {
    const announcedMs = performance.now();
    const wanted = positionOf(id);
    const rows = new Map<string, MemberRow>();
    const receipts = new Map<string, NamedReceipt>();
    for (;;) {
      const members = await this.members();
      const waitedMs = performance.now() - announcedMs;
      for (const [name, row] of members) {
        rows.set(name, row);
        const known = silent.get(name);
        if (!isBefore(positionOf(row.applied), wanted))
          receipts.set(name, { row, receipt: receiptOf(name, row, "applied", "it has applied it") });
        else if (known?.receipt.state === "lapsed" && known.row.beat === row.beat) receipts.set(name, known);
      }
      for (const [name, row] of rows)
        if (!receipts.has(name)) settle(receipts, name, row, { hasLeft: !members.has(name), waitedMs });
      if (receipts.size === rows.size) return receipts;
      await delay(LOOK_MS);
    }
  }

  /** Forgets those who were silent, unless they have said something since. */
  async forgetSilent(receipts: Receipts): Promise<void> {
    const lapsed = [...receipts].filter(([, { receipt }]) => receipt.state === "lapsed");
    if (lapsed.length === 0) return;
    const { members } = this.#keys;
    const connection = await this.#nodes.connect(members);
    try {
      await connection.run([["WATCH", members]]);
      const now = await membersIn(connection, members);
      const silent = lapsed.filter(([name, { row }]) => now.get(name)?.beat === row.beat).map(([name]) => name);
      // Whoever says something between WATCH and EXEC makes it void.
      if (silent.length > 0) await connection.run([["MULTI"], ["HDEL", members, ...silent], ["EXEC"]]);
    } finally {
      connection.close();
    }
  }

  /** One command at a time for an application. Rejects when another one does not end. */
  async locked<T>(op: string, act: () => Promise<T>): Promise<T> {
    const key = `{${this.#app}}:command`;
    const end = performance.now() + LOCK_WAIT_MS;
    while ((await this.#nodes.ask(key, "SET", key, op, "NX", "PX", String(LOCK_MS))) === null) {
      if (performance.now() > end)
        throw new Error(`Another command is under way for ${this.#app}; try again when it has ended.`);
      await delay(20);
    }
    try {
      return await act();
    } finally {
      if ((await this.#nodes.ask(key, "GET", key)) === op) await this.#nodes.ask(key, "DEL", key);
    }
  }
}

/** What is said of a follower that has not applied it; nothing while there is hope. */
function settle(
  receipts: Map<string, NamedReceipt>,
  name: string,
  row: MemberRow,
  seen: { readonly hasLeft: boolean; readonly waitedMs: number },
): void {
  if (seen.hasLeft) {
    receipts.set(name, { row, receipt: receiptOf(name, row, "ended", "it has left the stream") });
    return;
  }
  const limitMs = row.leaseMs * CLOCK_SHARE + MARGIN_MS;
  if (seen.waitedMs < Math.min(limitMs, LONGEST_WAIT_MS)) return;
  const silence = `nothing was heard of it for ${(seen.waitedMs / 1000).toFixed(1)} s`;
  const isOver = row.onPartition === "bypass" && limitMs <= LONGEST_WAIT_MS;
  const state = isOver ? "lapsed" : "missing";
  const does = isOver
    ? "it is gone, or answers with nothing that it keeps"
    : "it is gone, or goes on with what it keeps";
  receipts.set(name, { row, receipt: receiptOf(name, row, state, `${silence}: ${does}`) });
}

/** `name`: HOST/PID/START. */
export function receiptOf(name: string, row: MemberRow, state: Receipt["state"], because: string): Receipt {
  const [host = "", pid = "0", start = "0"] = name.split("/");
  return {
    pid: Number(pid) || 0,
    startTicks: Number(start) || 0,
    state,
    because: `on ${host} (${row.runtime}): ${because}`,
  };
}

async function membersIn(connection: RedisConnection, key: string): Promise<Members> {
  const [reply] = await connection.run([["HGETALL", key]]);
  return membersOf(reply ?? null);
}

/** Of a reply to HGETALL: names and rows in turn. What is no row is nobody. */
function membersOf(reply: RedisReply): Members {
  const words = Array.isArray(reply) ? reply.map(String) : [];
  const members = new Map<string, MemberRow>();
  for (let at = 0; at + 1 < words.length; at += 2) {
    const row = parseMemberRow(words[at + 1] ?? "");
    if (row !== null) members.set(words[at] ?? "", row);
  }
  return members;
}

/** A password in the command line can be read by everybody on the machine; one in the environment cannot. */
function withPassword(url: string, environment: Readonly<Record<string, string | undefined>>): string {
  const password = environment["DEADWEIGHT_REDIS_PASSWORD"];
  if (password === undefined || password === "" || !URL.canParse(url)) return url;
  const parsed = new URL(url);
  if (parsed.password === "") parsed.password = encodeURIComponent(password);
  return parsed.href;
}
