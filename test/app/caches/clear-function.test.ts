// `caches clear --pid` on workers nobody prepared: a plain functools.lru_cache, cleared so that no call that begins after the receipts
// gets what was loaded before.

import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, openSync, closeSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { undoClear } from "../../../src/app/caches/clear-caches.ts";
import { clearFunction } from "../../../src/app/caches/clear-function.ts";
import { readCacheHistory } from "../../../src/app/caches/cache-history.ts";
import type { CacheCommandReport } from "../../../src/model/cache-command.ts";
import { endProcess } from "../../capture/start-target.ts";
import { describeInterpreter, findInterpreters } from "../../support/interpreters.ts";
import { ownTemporaries } from "../../support/own-temporaries.ts";

const WORKERS = 2;
const THREADS = 4;
const CLEARS = 8;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "dw-unprepared-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const environment = (): Record<string, string> => ({
  DEADWEIGHT_AUDIT: join(folder, "audit"),
  DEADWEIGHT_CACHES: join(folder, "tables"),
});

interface Running {
  /** The one that starts the others first: it has the cache, too, and hands it on. */
  readonly pids: readonly number[];
  set(word: number, value: number): void;
  end(): Promise<readonly { readonly calls: number; readonly loads: number; readonly violations: number }[]>;
}

async function start(python: string): Promise<Running> {
  const file = join(folder, "source");
  writeFileSync(file, Buffer.alloc(4096));
  const fd = openSync(file, "r+");
  const words = [join(import.meta.dirname, "unprepared.py"), file, String(WORKERS), String(THREADS)];
  const child = spawn(python, words, { stdio: ["ignore", "pipe", "inherit"] });
  const set = (word: number, value: number): void => {
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64LE(BigInt(value));
    writeSync(fd, bytes, 0, 8, word * 8);
  };
  onTestFinished(async () => {
    set(2, 1);
    closeSync(fd);
    await endProcess(child);
  });
  const lines: string[] = [];
  createInterface({ input: child.stdout }).on("line", (line) => lines.push(line));
  await until(() => lines.length > 0);
  const [, ...workers] = (lines.shift() ?? "").split(" ").map(Number);
  return {
    pids: [child.pid ?? 0, ...workers],
    set,
    end: async () => {
      set(2, 1);
      await until(() => lines.length === WORKERS);
      return lines.map((line) => JSON.parse(line) as { calls: number; loads: number; violations: number });
    },
  };
}

async function until(isTrue: () => boolean): Promise<void> {
  for (const end = performance.now() + 30_000; !isTrue(); await delay(5))
    if (performance.now() > end) throw new Error("it did not happen in time");
}

async function clear(pid: number, name: string): Promise<CacheCommandReport> {
  const report = await clearFunction({
    target: pid,
    name,
    reason: "a test",
    app: "unnamed",
    waitSeconds: 20,
    isDryRun: false,
    environment: environment(),
    signal: new AbortController().signal,
  });
  if (!report.ok) throw new Error(report.error.message);
  return report.value;
}

describe.each(findInterpreters().map((python) => [describeInterpreter(python), python] as const))("%s", (_, python) => {
  it("is cleared in all workers, with loads under way, and nothing old comes back", async () => {
    using temporaries = ownTemporaries();
    const running = await start(python.path);
    for (let version = 1; version <= CLEARS; version++) {
      running.set(0, version);
      const { outcome, receipts } = await clear(running.pids[0] ?? 0, "__main__.price");
      running.set(1, version);
      const said = JSON.stringify(receipts);
      expect([outcome, receipts.map(({ pid }) => pid).toSorted((a, b) => a - b)], said).toEqual([
        "complete",
        running.pids.toSorted((a, b) => a - b),
      ]);
      expect(said).toMatch(/\d+ entr(?:y|ies) cleared/);
      await delay(20);
    }
    const counted = await running.end();
    expect(counted.map(({ violations }) => violations)).toEqual([0, 0]);
    expect(counted.every(({ calls, loads }) => loads > CLEARS && calls >= loads)).toBe(true);
    const history = readCacheHistory({ app: "unnamed", environment: environment() });
    expect(history.ok && [history.value.commands.length, history.value.fault]).toEqual([CLEARS, null]);
    expect(temporaries.left()).toEqual([]);
  }, 90_000);
});

describe("a function", () => {
  const newest = findInterpreters().at(-1);
  it("that calls C is cleared, but it is not said to be complete: nobody sees a call that is under way", async () => {
    const running = await start(newest?.path ?? "");
    const called = await clear(running.pids[0] ?? 0, "math.sqrt");
    expect(called.outcome).toBe("partial");
    expect(called.receipts[1]?.because).toContain("not written in Python");
    const bound = await clear(running.pids[0] ?? 0, "__main__.bound_rate");
    expect([bound.outcome, bound.receipts[1]?.because]).toEqual(["complete", "1 entry cleared"]);
  }, 60_000);

  it("that is a method is found by its class, one that is none is said to be none", async () => {
    const running = await start(newest?.path ?? "");
    const [pid = 0] = running.pids;
    const method = await clear(pid, "__main__.Shop.rate");
    expect(method.receipts.map(({ because }) => because)).toEqual([
      "0 entries cleared",
      "1 entry cleared",
      "1 entry cleared",
    ]);
    const joined = spawnSync(newest?.path ?? "", ["-c", "import deadweight; deadweight.join('unnamed')"], {
      env: { ...process.env, ...environment(), PYTHONPATH: join(import.meta.dirname, "../../../python/src") },
    });
    expect(joined.status).toBe(0);
    const undone = await undoClear({ app: "unnamed", op: null, reason: "a test", environment: environment() });
    expect(undone.ok ? "" : undone.error.message).toContain("cannot be taken back");
    const none = await clear(pid, "shop.price");
    expect(none.outcome).toBe("partial");
    expect(none.receipts[0]?.because).toBe("it has no lru_cache called shop.price; it has __main__.price");
  }, 60_000);
});
