// `caches resize`, `freeze`, `undo` and guards with --redis over real workers: who obeys says so by name, who comes later obeys, and what does harm
// is taken back.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readCacheHistory } from "../../src/app/caches/cache-history.ts";
import type { ChangeAsked } from "../../src/app/caches/change-settings.ts";
import type { ClearAsked } from "../../src/app/caches/clear-caches.ts";
import { clearOnRedis } from "../../src/app/caches/redis-clear.ts";
import { changeSettingsOnRedis } from "../../src/app/caches/redis-settings.ts";
import { undoOnRedis } from "../../src/app/caches/redis-undo.ts";
import type { CanaryWatch } from "../../src/app/caches/watch-canary.ts";
import { cached } from "../../src/client/cached.ts";
import { redisTier } from "../../src/client/redis-tier.ts";
import { parseGuard } from "../../src/model/canary-guard.ts";
import type { CacheCommandReport } from "../../src/model/cache-command.ts";
import { findServerPrograms } from "./server-programs.ts";
import { type FoundProgram, startServer } from "./start-server.ts";
import { startWorkers, until, type WorkersWish } from "./workers.ts";

const APP = "shop";
const NAME = "read_source";
/** As test/redis/worker.py declares it. */
const DECLARED = 8;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "dw-set-on-redis-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const environment = (): Record<string, string> => ({
  DEADWEIGHT_AUDIT: join(folder, "audit"),
  DEADWEIGHT_CACHES: join(folder, "tables"),
});

async function change(
  url: string,
  setting: ChangeAsked["setting"],
  more: Partial<ChangeAsked> = {},
): Promise<CacheCommandReport> {
  const asked = { app: APP, selector: NAME, setting, reason: "a test", workerShare: 1, isDryRun: false, canary: null };
  const report = await changeSettingsOnRedis({ ...asked, environment: environment(), ...more }, url);
  if (!report.ok) throw new Error(report.error.message);
  return report.value;
}

async function clear(url: string, more: Partial<ClearAsked> = {}): Promise<CacheCommandReport> {
  const asked = { app: APP, selector: "ns:prices", reason: "a test", share: 1, isDryRun: false, canary: null };
  const report = await clearOnRedis({ ...asked, environment: environment(), ...more }, url);
  if (!report.ok) throw new Error(report.error.message);
  return report.value;
}

/** Entries of each process, as the bill of a clear has them. */
async function entriesOf(url: string): Promise<readonly number[]> {
  const { bill } = await clear(url, { isDryRun: true });
  return (bill?.workers ?? []).map(({ entries }) => entries);
}

function guardOf(text: string, watchSeconds: number): CanaryWatch {
  const guard = parseGuard(text);
  if (!guard.ok) throw new Error(guard.error);
  return { guard: guard.value, watchSeconds, signal: new AbortController().signal };
}

function saidIn({ receipts }: CacheCommandReport): readonly string[] {
  return receipts.map(({ state, because }) => `${state}: ${because.replace(/^.*\): /, "")}`).toSorted();
}

const [first] = findServerPrograms();
describe.skipIf(first === undefined || !("path" in first))("what is set on a server", () => {
  const program = first as FoundProgram;
  const wish = (url: string, more: Partial<WorkersWish> = {}): WorkersWish => ({
    url,
    app: APP,
    folder,
    processes: 2,
    threads: 2,
    ...more,
  });

  it("is obeyed by all processes and by those that come later, and taken back", async () => {
    await using server = await startServer(program);
    await using workers = await startWorkers(wish(server.url));
    await until(async () => (await entriesOf(server.url)).every((entries) => entries === DECLARED));
    const tried = await change(server.url, { action: "resize", maxsize: 3 }, { isDryRun: true });
    expect([tried.op, tried.bill?.entries]).toEqual([null, 2 * (DECLARED - 3)]);
    const resized = await change(server.url, { action: "resize", maxsize: 3 });
    expect([resized.outcome, ...saidIn(resized)]).toEqual([
      "complete",
      "applied: it has obeyed",
      "applied: it has obeyed",
    ]);
    expect(resized.hitsBefore?.calls).toBeGreaterThan(0);
    expect(await entriesOf(server.url)).toEqual([3, 3]);
    await using later = await startWorkers({
      ...wish(server.url),
      processes: 1,
      folder: mkdtempSync(join(folder, "b-")),
    });
    await until(async () => (await entriesOf(server.url)).length === 3);
    expect(Math.max(...(await entriesOf(server.url)))).toBe(3);
    const undone = await undoOnRedis(
      { app: APP, op: resized.op, reason: "wrong", environment: environment() },
      server.url,
    );
    expect(undone).toMatchObject({ ok: true, value: { outcome: "undone" } });
    await until(async () => (await entriesOf(server.url)).every((entries) => entries === DECLARED));
    const again = await undoOnRedis(
      { app: APP, op: resized.op, reason: "twice", environment: environment() },
      server.url,
    );
    expect(again).toMatchObject({ ok: false, error: { code: "changed-since" } });
    await later.end();
    await workers.end();
    const history = readCacheHistory({ app: APP, environment: environment() });
    expect(history.ok && history.value.fault).toBeNull();
    const [resize, undo] = history.ok ? history.value.commands : [];
    expect([resize?.action, undo?.action, undo?.outcome]).toEqual(["resize", "undo", "undone"]);
    // What the second has seen before it is what came after the first.
    expect(resize?.hitsAfter).toEqual(undo?.hitsBefore);
    expect(resize?.hitsAfter?.seconds).toBeLessThan(60);
  }, 60_000);

  it("goes into the table of a host where there is one, and leaves with the server's data", async () => {
    await using server = await startServer(program);
    await using workers = await startWorkers(wish(server.url, { processes: 1, forks: 2, isJoined: true }));
    const frozen = await change(server.url, { action: "freeze" });
    expect([...new Set(saidIn(frozen))]).toEqual([
      "armed: the table of its host has it, and it obeys at its next call",
    ]);
    expect([frozen.outcome, frozen.receipts.length]).toEqual(["complete", 3]);
    const { outcome } = await change(server.url, { action: "resize", maxsize: 2 });
    expect(outcome).toBe("complete");
    await change(server.url, { action: "thaw" });
    await until(async () => (await entriesOf(server.url)).every((entries) => entries <= 2));
    await server.ask("FLUSHALL");
    await until(async () => (await entriesOf(server.url)).filter((entries) => entries === DECLARED).length === 2);
    await workers.end();
  }, 60_000);

  it("is set in a part of the processes, and names who cannot obey", async () => {
    await using server = await startServer(program);
    await using workers = await startWorkers(wish(server.url));
    const part = await change(server.url, { action: "resize", maxsize: 3 }, { workerShare: 0.5 });
    expect(saidIn(part)).toEqual([
      "applied: it has obeyed",
      "applied: it is not one of the chosen, and stays as it was",
    ]);
    await until(async () => (await entriesOf(server.url)).toSorted((a, b) => a - b).join() === `3,${DECLARED}`);
    const tier = redisTier(server.url, { app: APP, leaseMs: 1000, warn: () => undefined });
    await cached({ tier, name: NAME, namespace: "prices" }, async () => -1)({ key: 99 });
    await tier.stream.waitConfirmed(5000);
    const all = await change(server.url, { action: "ttl", seconds: 5 });
    await tier.close();
    expect([all.outcome, saidIn(all).at(-1)]).toEqual([
      "partial",
      "missing: its client knows no bounds and times that are set from outside",
    ]);
    const unknown = { action: "ttl", seconds: 5 } as const;
    await expect(change(server.url, unknown, { selector: "shop.quoet" })).rejects.toThrow(/has a cache 'shop.quoet'/);
    await workers.end();
  }, 60_000);

  it.each([false, true])(
    "is taken back by its guard, and a clear is, too (processes share a table: %s)",
    async (isJoined) => {
      await using server = await startServer(program);
      await using workers = await startWorkers(wish(server.url, isJoined ? { processes: 1, forks: 2, isJoined } : {}));
      const harm = await change(server.url, { action: "resize", maxsize: 1 }, { canary: guardOf("hits>=90%", 30) });
      expect([harm.outcome, harm.guard?.verdict]).toEqual(["undone", "broken"]);
      const cleared = await clear(server.url, { share: 0.5, canary: guardOf("load<=0.1ms", 30) });
      expect([cleared.outcome, cleared.guard?.verdict]).toEqual(["undone", "broken"]);
      expect(cleared.guard?.because).toMatch(/^A load took /);
      const kept = await clear(server.url, { canary: guardOf("load<=10s", 1) });
      expect([kept.outcome, kept.guard?.verdict]).toEqual(["complete", "held"]);
      expect(kept.hitsAfter?.calls).toBe(kept.guard?.calls);
      await workers.end();
      const history = readCacheHistory({ app: APP, environment: environment() });
      const commands = history.ok ? history.value.commands : [];
      expect(commands.map(({ action }) => action)).toEqual(["resize", "resize", "clear", "undo", "clear"]);
      expect(commands[1]?.reason).toContain(`guard of ${harm.op}`);
      expect(commands.at(-1)?.hitsAfter).toEqual(kept.hitsAfter);
    },
    60_000,
  );
});
