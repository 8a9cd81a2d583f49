// Trying a command first: its bill, a part of the keys or of the processes, and a guard that takes it back. On real workers.

import { spawn } from "node:child_process";
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, it, onTestFinished } from "vitest";
import { readCacheHistory } from "../../../src/app/caches/cache-history.ts";
import { type ChangeAsked, changeSettings } from "../../../src/app/caches/change-settings.ts";
import { type ClearAsked, clearCaches } from "../../../src/app/caches/clear-caches.ts";
import { openSharedTable, tablePath } from "../../../src/app/caches/shared-table.ts";
import type { CanaryWatch } from "../../../src/app/caches/watch-canary.ts";
import { parseGuard } from "../../../src/model/canary-guard.ts";
import type { CacheCommandReport } from "../../../src/model/cache-command.ts";
import { endProcess } from "../../capture/start-target.ts";
import { findInterpreters } from "../../support/interpreters.ts";

const WORKERS = 2;
const KEYS = 120;

interface Shop {
  readonly pids: readonly number[];
  readonly environment: Readonly<Record<string, string>>;
  setLoadMs(ms: number): void;
  setRaises(isRaising: boolean): void;
  /** Entries of the cache, by worker. */
  entries(): readonly number[];
}

async function startShop(): Promise<Shop> {
  const folder = mkdtempSync(join(tmpdir(), "dw-canary-"));
  const environment = { DEADWEIGHT_CACHES: join(folder, "tables"), DEADWEIGHT_AUDIT: join(folder, "audit") };
  const file = join(folder, "words");
  writeFileSync(file, Buffer.alloc(4096));
  const fd = openSync(file, "r+");
  const set = (word: number, value: number): void => {
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64LE(BigInt(value));
    writeSync(fd, bytes, 0, 8, word * 8);
  };
  const python = findInterpreters().at(-1)?.path ?? "";
  const child = spawn(python, [join(import.meta.dirname, "priced.py"), "shop", file, String(WORKERS)], {
    env: { ...process.env, ...environment, PYTHONPATH: join(import.meta.dirname, "../../../python/src") },
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(async () => {
    set(2, 1);
    closeSync(fd);
    await endProcess(child);
    rmSync(folder, { recursive: true, force: true });
  });
  const first = await createInterface({ input: child.stdout })[Symbol.asyncIterator]().next();
  const pids = String(first.value).split(" ").slice(1).map(Number);
  const entries = (): readonly number[] => {
    const opened = openSharedTable(tablePath("shop", environment));
    if (!opened.ok) return [];
    using table = opened.value;
    return pids.map((pid) => table.figures().find((row) => row.pid === pid)?.entries ?? 0);
  };
  const shop = {
    pids,
    environment,
    setLoadMs: (ms: number) => set(0, ms),
    setRaises: (isRaising: boolean) => set(1, isRaising ? 1 : 0),
    entries,
  };
  await until(() => entries().every((count) => count === KEYS));
  return shop;
}

async function until(isTrue: () => boolean): Promise<void> {
  for (const end = performance.now() + 30_000; !isTrue(); await delay(10))
    if (performance.now() > end) throw new Error("it did not happen in time");
}

function guardOf(text: string, watchSeconds: number): CanaryWatch {
  const guard = parseGuard(text);
  if (!guard.ok) throw new Error(guard.error);
  return { guard: guard.value, watchSeconds, signal: new AbortController().signal };
}

async function clear({ environment }: Shop, more: Partial<ClearAsked> = {}): Promise<CacheCommandReport> {
  const asked = {
    app: "shop",
    selector: "ns:prices",
    reason: "a test",
    share: 1,
    isDryRun: false,
    canary: null,
    environment,
  };
  const report = await clearCaches({ ...asked, ...more });
  if (!report.ok) throw new Error(report.error.message);
  return report.value;
}

async function resize(
  { environment }: Shop,
  maxsize: number,
  more: Partial<ChangeAsked> = {},
): Promise<CacheCommandReport> {
  const setting = { action: "resize", maxsize } as const;
  const asked = { app: "shop", selector: "__main__.quote", setting, reason: "a test", workerShare: 1, isDryRun: false };
  const report = await changeSettings({ ...asked, canary: null, environment, ...more });
  if (!report.ok) throw new Error(report.error.message);
  return report.value;
}

describe("a command that is tried first", () => {
  it("has a bill: entries, bytes and seconds of loading, by worker; nothing is changed", async () => {
    const shop = await startShop();
    const { bill, outcome, op } = await clear(shop, { isDryRun: true });
    expect([outcome, op, bill?.entries]).toEqual([null, null, WORKERS * KEYS]);
    const loaded = (bill?.workers ?? []).filter(({ entries }) => entries > 0);
    expect(loaded.map(({ pid }) => pid).toSorted((a, b) => a - b)).toEqual(shop.pids);
    for (const { retainedBytes } of loaded) expect(retainedBytes).toBeGreaterThan(KEYS * 100);
    expect(bill?.reloadSeconds).toBeGreaterThan(0);
    const smaller = await resize(shop, 100, { isDryRun: true });
    expect(smaller.bill?.entries).toBe(WORKERS * (KEYS - 100));
    const tagged = await clear(shop, { isDryRun: true, selector: "tag:user:42" });
    expect([tagged.bill?.entries, tagged.bill?.because.join(" ")]).toEqual([null, expect.stringContaining("no bill")]);
    expect(shop.entries()).toEqual([KEYS, KEYS]);
  }, 90_000);
  it("is taken back by its guard when loads take too long, and when they raise; the log has each step", async () => {
    const shop = await startShop();
    shop.setLoadMs(40);
    const slow = await clear(shop, { share: 0.5, canary: guardOf("load<=20ms", 60) });
    expect([slow.outcome, slow.guard?.verdict]).toEqual(["undone", "broken"]);
    expect(slow.guard?.because).toMatch(/^A load took .* above 20 ms\.$/);
    shop.setLoadMs(0);
    shop.setRaises(true);
    const raising = await clear(shop, { canary: guardOf("errors<=1%, load<=1s", 60) });
    expect([raising.outcome, raising.guard?.because]).toEqual(["undone", expect.stringContaining("loads raised")]);
    const history = readCacheHistory({ app: "shop", environment: shop.environment });
    const steps = history.ok ? history.value.commands.map(({ action, op, reason }) => ({ action, op, reason })) : [];
    expect(steps.map(({ action }) => action)).toEqual(["clear", "undo", "clear", "undo"]);
    expect([steps[1]?.op, steps[1]?.reason]).toEqual([
      slow.guard?.rollBack,
      expect.stringContaining(`guard of ${slow.op}`),
    ]);
  }, 90_000);
  it("stays when its guard was kept, and when nobody called", async () => {
    const shop = await startShop();
    const kept = await clear(shop, { share: 0.5, canary: guardOf("load<=10s,errors<=50%", 2) });
    expect([kept.outcome, kept.guard?.verdict, kept.canUndo]).toEqual(["complete", "held", true]);
    const unasked = await clear(shop, { selector: "ns:nobody", canary: guardOf("hits>=50%", 0.3) });
    expect([unasked.outcome, unasked.guard?.verdict]).toEqual(["complete", "not-judged"]);
  }, 90_000);
  it("changes a bound in a part of the processes only, the same at each step, and is taken back", async () => {
    const shop = await startShop();
    const first = await resize(shop, 50, { workerShare: 0.3 });
    const others = first.receipts.filter(({ because }) => because.includes("not one of the chosen"));
    expect([first.receipts.length, others.length, first.workerShare]).toEqual([WORKERS + 1, WORKERS, 0.3]);
    const most = await resize(shop, 50, { workerShare: 0.7 });
    expect(most.receipts.filter(({ because }) => because.includes("not one of the chosen")).length).toBe(1);
    await until(() => shop.entries().some((count) => count <= 50));
    const back = await resize(shop, 50, { canary: guardOf("hits>=99%", 60) });
    expect([back.outcome, back.guard?.verdict]).toEqual(["undone", "broken"]);
  }, 90_000);
});
