// `caches clear --redis` over real workers and servers, with faults: no call that begins after an acknowledged clear gets what was loaded
// before it, and everybody is named.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readCacheHistory } from "../../src/app/caches/cache-history.ts";
import { undoClear } from "../../src/app/caches/clear-caches.ts";
import { clearOnRedis } from "../../src/app/caches/redis-clear.ts";
import { undoOnRedis } from "../../src/app/caches/redis-undo.ts";
import { cached } from "../../src/client/cached.ts";
import { redisTier } from "../../src/client/redis-tier.ts";
import type { CacheCommandReport } from "../../src/model/cache-command.ts";
import { findServerPrograms } from "./server-programs.ts";
import { type FoundProgram, startServer } from "./start-server.ts";
import { type Counted, startWorkers, until, type Workers } from "./workers.ts";

const APP = "shop";
const SELECTORS = ["ns:prices", "ns:prices:v1", "fn:read_source"] as const;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "dw-on-redis-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const environment = (): Record<string, string> => ({
  DEADWEIGHT_AUDIT: join(folder, "audit"),
  DEADWEIGHT_CACHES: join(folder, "tables"),
});

async function clear(url: string, selector: string, isDryRun = false): Promise<CacheCommandReport> {
  const asked = { app: APP, selector, reason: "a test", share: 1, isDryRun, canary: null, environment: environment() };
  const report = await clearOnRedis(asked, url);
  if (!report.ok) throw new Error(report.error.message);
  return report.value;
}

/** Changes the source, clears, and holds everybody to it. */
async function step(workers: Workers, url: string, version: number): Promise<CacheCommandReport> {
  workers.change(version);
  const report = await clear(url, SELECTORS[version % SELECTORS.length] ?? "ns:prices");
  if (report.outcome === "complete") workers.acknowledge(version);
  return report;
}

function statesOf({ receipts }: CacheCommandReport): readonly string[] {
  return receipts.map(({ state }) => state).toSorted();
}

function violationsOf(counted: readonly Counted[]): number {
  return counted.reduce((sum, { violations }) => sum + violations, 0);
}

describe.each(findServerPrograms().map((program) => [program.kind, program] as const))("%s", (kind, found) => {
  if (!("path" in found)) {
    it.skip(`${kind}: ${found.reason}`, () => undefined);
    return;
  }
  const program: FoundProgram = found;

  it("clears everywhere, in Python and in Node, with loads under way and connections that are killed", async () => {
    await using server = await startServer(program);
    await using workers = await startWorkers({ url: server.url, app: APP, folder, processes: 2, threads: 4 });
    const tier = redisTier(server.url, { app: APP, leaseMs: 1000, warn: () => undefined });
    const here = cached({ tier, name: "read_source", namespace: "prices" }, async () => -1);
    await here({ key: 99 });
    for (let version = 1; version <= 10; version++) {
      const report = await step(workers, server.url, version);
      expect([report.outcome, statesOf(report)]).toEqual(["complete", ["applied", "applied", "applied"]]);
      if (version % 5 === 0) await server.ask("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
      await delay(10);
    }
    const counted = await workers.end();
    await tier.close();
    expect([counted.length, violationsOf(counted)]).toEqual([2, 0]);
    // It is a cache: most calls are answered by what is kept.
    expect(counted.every(({ calls, loads, hits }) => calls > 100 && loads < calls / 2 && hits > 0)).toBe(true);
    const history = readCacheHistory({ app: APP, environment: environment() });
    expect(history.ok && [history.value.commands.length, history.value.fault]).toEqual([10, null]);
  }, 60_000);

  it("brings nothing back when the server is killed and starts from a file of before the clear", async () => {
    await using server = await startServer(program);
    await using workers = await startWorkers({ url: server.url, app: APP, folder, processes: 2, threads: 4 });
    await step(workers, server.url, 1);
    await delay(100);
    await server.ask("SAVE");
    await step(workers, server.url, 2);
    await delay(50);
    await server.restart();
    // In it are the tokens and the values of before the second clear.
    const keys = await server.ask("KEYS", `${APP}:prices:*`);
    expect(keys).toContain(`${APP}:prices:v1:`);
    await delay(1500);
    const report = await step(workers, server.url, 3);
    expect(report.outcome).toBe("complete");
    await delay(100);
    const counted = await workers.end();
    expect([counted.length, violationsOf(counted)]).toEqual([2, 0]);
    expect(counted.every(({ setBack }) => setBack > 0)).toBe(true);
  }, 60_000);
});

const [first] = findServerPrograms();
describe.skipIf(first === undefined || !("path" in first))("a clear on a server", () => {
  const program = first as FoundProgram;

  it("waits for who is silent until it answers with nothing that it keeps, and says so", async () => {
    await using server = await startServer(program);
    await using workers = await startWorkers({ url: server.url, app: APP, folder, processes: 3, threads: 2 });
    const [stopped = 0, dead = 0] = workers.pids;
    process.kill(stopped, "SIGSTOP");
    process.kill(dead, "SIGKILL");
    const report = await step(workers, server.url, 1);
    expect([report.outcome, statesOf(report)]).toEqual(["complete", ["applied", "ended", "lapsed"]]);
    expect(report.tookMs).toBeGreaterThan(1000);
    process.kill(stopped, "SIGCONT");
    // Who was silent is forgotten, and is there again when it says something.
    await until(async () => statesOf(await clear(server.url, "ns:prices", true)).length === 2);
    expect(statesOf(await step(workers, server.url, 2))).toEqual(["applied", "applied"]);
    await delay(100);
    expect(violationsOf(await workers.end())).toBe(0);
  }, 60_000);

  it("does without what is kept while the server stands still", async () => {
    await using server = await startServer(program);
    await using workers = await startWorkers({ url: server.url, app: APP, folder, processes: 2, threads: 2 });
    await step(workers, server.url, 1);
    process.kill(server.pid, "SIGSTOP");
    workers.change(2);
    // Longer than the lease and the time of one command: from here on nobody answers with what was loaded before.
    await delay(2000);
    workers.acknowledge(2);
    await delay(300);
    // Nothing was cleared: what lies on the server may be an answer again, also to a call that waits for the server now.
    workers.acknowledge(0);
    await delay(600);
    process.kill(server.pid, "SIGCONT");
    workers.change(3);
    await until(async () => (await step(workers, server.url, 3)).outcome === "complete");
    const counted = await workers.end();
    expect(violationsOf(counted)).toBe(0);
    expect(counted.every(({ unconfirmed, bypassed }) => unconfirmed > 0 && bypassed > 0)).toBe(true);
  }, 60_000);

  it("is read by one process of a host that share a table, and names them all", async () => {
    await using server = await startServer(program);
    await using workers = await startWorkers({
      url: server.url,
      app: APP,
      folder,
      processes: 1,
      threads: 2,
      forks: 4,
      isJoined: true,
    });
    const report = await step(workers, server.url, 1);
    expect([report.outcome, statesOf(report)]).toEqual(["complete", Array.from({ length: 5 }, () => "applied")]);
    expect(workers.pids.every((pid) => report.receipts.some((receipt) => receipt.pid === pid))).toBe(true);
    await until(async () => ((await server.ask("CLIENT", "LIST")).match(/cmd=xread/g) ?? []).length === 1);
    for (let version = 2; version <= 10; version++) await step(workers, server.url, version);
    expect(violationsOf(await workers.end())).toBe(0);
  }, 60_000);

  it("does without a primary that has become a replica, and so may lag", async () => {
    await using server = await startServer(program);
    await using workers = await startWorkers({ url: server.url, app: APP, folder, processes: 1, threads: 1 });
    const tier = redisTier(server.url, { app: APP, leaseMs: 500, warn: () => undefined });
    const here = cached({ tier, name: "f", maxsize: 0 }, async () => 1);
    await here({});
    await tier.stream.waitConfirmed(5000);
    await server.ask("REPLICAOF", "127.0.0.1", "1");
    await until(async () => (await here({})) === 1 && tier.info().state === "bypassed" && !tier.lease.isConfirmed());
    await delay(2500);
    await tier.close();
    const [counted] = await workers.end();
    expect(counted?.bypassed).toBeGreaterThan(0);
    expect(counted?.unconfirmed).toBeGreaterThan(0);
  }, 60_000);

  it("can be tried, taken back, and has a server or does nothing", async () => {
    await using server = await startServer(program);
    const loads: number[] = [];
    const tier = redisTier(server.url, { app: APP, leaseMs: 500, warn: () => undefined });
    const quote = cached({ tier, name: "f", namespace: "prices", maxsize: 0 }, ({ x }: { readonly x: number }) => {
      loads.push(x);
      return x;
    });
    await quote({ x: 1 });
    await tier.stream.waitConfirmed(5000);
    expect((await clear(server.url, "ns:prices", true)).receipts.map(({ state }) => state)).toEqual(["armed"]);
    const { op } = await clear(server.url, "ns:prices");
    await quote({ x: 1 });
    expect(loads).toEqual([1, 1]);
    const undo = { app: APP, op, reason: "wrong", environment: environment() };
    expect(await undoClear(undo)).toMatchObject({ ok: false });
    expect(await undoOnRedis(undo, server.url)).toMatchObject({ ok: true, value: { outcome: "undone", lostSlots: 0 } });
    await quote({ x: 1 });
    expect(loads).toEqual([1, 1]);
    expect(await undoOnRedis(undo, server.url)).toMatchObject({
      ok: true,
      value: { outcome: "partial", lostSlots: 1 },
    });
    await tier.close();
    await server.kill();
    const asked = {
      app: APP,
      selector: "ns:x",
      reason: "r",
      share: 1,
      isDryRun: false,
      canary: null,
      environment: environment(),
    };
    const failed = await clearOnRedis(asked, server.url);
    expect(failed).toMatchObject({ ok: false, error: { code: "no-server" } });
    expect(await clearOnRedis(asked, "http://x")).toMatchObject({ ok: false, error: { code: "usage" } });
  }, 60_000);
});
