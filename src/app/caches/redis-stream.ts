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
import type { SettingWords, SlotChange } from "../../govern/audit-chain.ts";
import { openProcFs } from "../../capture/proc-fs.ts";
import type { Receipt } from "../../model/cache-command.ts";
import { isAlive, ownPlace } from "./member-life.ts";
import { placeOf } from "./member-sighting.ts";
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

/** Says what it means that a follower has applied an entry. */
export type ReceiptFor = (name: string, row: MemberRow) => Receipt;
const asApplied: ReceiptFor = (name, row) => receiptOf(name, row, "applied", "it has applied it");

/** An entry of the stream. look: nothing is changed, figures are asked for. */
export interface Announced {
  readonly kind: "clear" | "undo" | "settings" | "look";
  readonly scopes: readonly string[];
  /** Names the command; figures are said under it. */
  readonly op: string;
  /** The scope whose caches' figures are wanted; null: none. */
  readonly of: string | null;
  /** For how long they are said anew all the time; 0: once. */
  readonly watchSeconds: number;
}

/** Its promises reject with an Error whose message is a sentence. */
export class RedisStream {
  readonly #app: string;
  readonly #nodes: RedisNodes;
  readonly #keys: ReturnType<typeof controlKeys>;
  readonly #place = ownPlace();
  readonly #proc = openProcFs();
  /** Nobody goes on by the data of before. */
  #isOld = false;

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
    const tokens = scopes.map(newToken);
    const before = await this.#nodes.run(
      scopes.map((scope, at) => {
        const key = generationKey(this.#app, scope);
        return { key, command: ["SET", key, tokens[at] ?? newToken(), "GET"] };
      }),
    );
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

  /** What is set for functions, by scope. What cannot be read says nothing. */
  async settings(): Promise<ReadonlyMap<string, SettingWords>> {
    const key = settingsKey(this.#app);
    return settingsIn(await this.#nodes.ask(key, "GET", key));
  }

  /** Sets it for one of them. Under the lock. */
  async change(scope: string, words: SettingWords): Promise<void> {
    const key = settingsKey(this.#app);
    const settings = new Map(await this.settings()).set(scope, words);
    await this.#nodes.ask(key, "SET", key, JSON.stringify(Object.fromEntries(settings)));
  }

  /** Tells all followers. Answers the id of the entry. */
  async announce({ kind, scopes, op, of, watchSeconds }: Announced): Promise<string> {
    const { stream } = this.#keys;
    const about = of === null ? [] : ["of", of, "watch", String(watchSeconds)];
    const words = ["kind", kind, "scopes", JSON.stringify(scopes), "by", op, ...about];
    const id = await this.#nodes.ask(stream, "XADD", stream, "MAXLEN", "~", String(STREAM_ENTRIES), "*", ...words);
    return String(id);
  }

  /**
   * Waits until each follower has applied an entry, has left, or has been silent for longer than its lease: by our clock since the entry
   * was there. Who may be stale and has not applied it is missing. While the server's data is younger than a lease somebody may go on by the
   * data of before, in which he was known and is not now: then that is waited for, too. `silent`: who is known to be, and is not waited for again.
   */
  async receiptsOf(id: string, silent: Receipts = new Map(), receiptFor: ReceiptFor = asApplied): Promise<Receipts> {
    const announcedMs = performance.now();
    const wanted = positionOf(id);
    const rows = new Map<string, MemberRow>();
    const receipts = new Map<string, NamedReceipt>();
    const age = this.#ageMs(id);
    // It is asked for beside the receipts; a failure is thrown where it is needed.
    age.catch(() => null);
    for (;;) {
      const members = await this.members();
      const waitedMs = performance.now() - announcedMs;
      for (const [name, row] of members) {
        rows.set(name, row);
        const known = silent.get(name);
        if (!isBefore(positionOf(row.applied), wanted)) receipts.set(name, { row, receipt: receiptFor(name, row) });
        else if (known?.receipt.state === "lapsed" && known.row.beat === row.beat) receipts.set(name, known);
      }
      for (const [name, row] of rows)
        if (!receipts.has(name))
          settle(receipts, name, row, { whyEnded: this.#whyEnded(name, row, members), waitedMs });
      if (receipts.size === rows.size && (await age) + waitedMs >= longestLeaseMs([...rows.values()])) return receipts;
      await delay(LOOK_MS);
    }
  }

  /** How old the data of the server is at least: since its start, and by the first entry of the stream (its ids are the server's time). */
  async #ageMs(id: string): Promise<number> {
    if (this.#isOld) return Number.POSITIVE_INFINITY;
    const { stream } = this.#keys;
    const [first, info] = await this.#nodes.run([
      { key: stream, command: ["XRANGE", stream, "-", "+", "COUNT", "1"] },
      { key: stream, command: ["INFO", "server"] },
    ]);
    const [entry] = Array.isArray(first?.reply) ? (first.reply as readonly RedisReply[]) : [];
    const firstId = Array.isArray(entry) ? String(entry[0]) : id;
    const uptime = /^uptime_in_seconds:(\d+)/m.exec(String(info?.reply))?.[1] ?? "0";
    const ageMs = Math.min(Number(uptime) * 1000, positionOf(id).ms - positionOf(firstId).ms);
    this.#isOld = ageMs > LONGEST_WAIT_MS;
    return ageMs;
  }

  /** A sentence when it has left, or is proved dead; null when neither is known. */
  #whyEnded(name: string, row: MemberRow, members: Members): string | null {
    if (!members.has(name)) return "it has left the stream";
    if (this.#place === null || placeOf(row) !== this.#place) return null;
    return isAlive(this.#proc, processIn(name)) ? null : "it has ended, and its caches with it";
  }

  /** Forgets those who were silent, unless they have said something since. */
  async forgetSilent(receipts: Receipts): Promise<void> {
    const lapsed = [...receipts].filter(([, { receipt }]) => receipt.state === "lapsed" || receipt.state === "ended");
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

/** With no follower known: as clients have it if nothing is said. */
const USUAL_LEASE_MS = 5000;

function longestLeaseMs(rows: readonly MemberRow[]): number {
  const leaseMs = rows.length === 0 ? USUAL_LEASE_MS : Math.max(...rows.map((row) => row.leaseMs));
  return Math.min(leaseMs * CLOCK_SHARE + MARGIN_MS, LONGEST_WAIT_MS);
}

/** What is said of a follower that has not applied it; nothing while there is hope. */
function settle(
  receipts: Map<string, NamedReceipt>,
  name: string,
  row: MemberRow,
  seen: { readonly whyEnded: string | null; readonly waitedMs: number },
): void {
  if (seen.whyEnded !== null) {
    receipts.set(name, { row, receipt: receiptOf(name, row, "ended", seen.whyEnded) });
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
  const [host = ""] = name.split("/");
  return {
    ...processIn(name),
    state,
    because: `on ${host} (${row.runtime}): ${because}`,
  };
}

/** `name`: HOST/PID/START. */
export function processIn(name: string): Pick<Receipt, "pid" | "startTicks"> {
  const [, pid = "0", start = "0"] = name.split("/");
  return { pid: Number(pid) || 0, startTicks: Number(start) || 0 };
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

/** As python/src/deadweight/_redis/protocol.py has it. In the slot of the control keys. */
function settingsKey(app: string): string {
  return `{${app}}:settings`;
}

function settingsIn(reply: RedisReply): ReadonlyMap<string, SettingWords> {
  try {
    const found: unknown = JSON.parse(typeof reply === "string" ? reply : "{}");
    return new Map(Object.entries(found as Record<string, SettingWords>));
  } catch {
    return new Map();
  }
}

/** A password in the command line can be read by everybody on the machine; one in the environment cannot. */
function withPassword(url: string, environment: Readonly<Record<string, string | undefined>>): string {
  const password = environment["DEADWEIGHT_REDIS_PASSWORD"];
  if (password === undefined || password === "" || !URL.canParse(url)) return url;
  const parsed = new URL(url);
  if (parsed.password === "") parsed.password = encodeURIComponent(password);
  return parsed.href;
}
