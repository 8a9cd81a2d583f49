// `caches clear` over real workers: a call that begins after it never gets what was loaded before, whatever is under way; everybody is
// named; and the log says it.

import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readCacheHistory } from "../../../src/app/caches/cache-history.ts";
import { type ChangeAsked, changeSettings } from "../../../src/app/caches/change-settings.ts";
import { clearCaches, undoClear } from "../../../src/app/caches/clear-caches.ts";
import { openSharedTable, tablePath } from "../../../src/app/caches/shared-table.ts";
import type { CacheCommandReport } from "../../../src/model/cache-command.ts";
import { describeInterpreter, findInterpreters } from "../../support/interpreters.ts";
import { endProcess } from "../../capture/start-target.ts";

const SOURCES = join(import.meta.dirname, "../../../python/src");
const WORKERS = 6;
const THREADS = 4;
const CLEARS = 60;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "dw-governed-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const environment = (): Record<string, string> => ({
  DEADWEIGHT_CACHES: join(folder, "tables"),
  DEADWEIGHT_AUDIT: join(folder, "audit"),
});

interface Workers extends AsyncDisposable {
  readonly pids: readonly number[];
  readonly source: Source;
  /** Ends them; what each has counted. */
  end(): Promise<
    readonly { readonly pid: number; readonly calls: number; readonly loads: number; readonly violations: number }[]
  >;
}

/** Words that the workers and we share. */
interface Source {
  set(word: number, value: number): void;
}

async function startWorkers(python: string, mode: string): Promise<Workers> {
  const file = join(folder, "source");
  writeFileSync(file, Buffer.alloc(4096));
  const fd = openSync(file, "r+");
  const source: Source = {
    set: (word, value) => {
      const bytes = Buffer.alloc(8);
      bytes.writeBigUInt64LE(BigInt(value));
      writeSync(fd, bytes, 0, 8, word * 8);
    },
  };
  const words = [join(import.meta.dirname, "governed.py"), "shop", file, String(WORKERS), String(THREADS), mode];
  const child: ChildProcess = spawn(python, words, {
    env: { ...process.env, ...environment(), PYTHONPATH: SOURCES, PYTHONDONTWRITEBYTECODE: "1" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const lines: string[] = [];
  const reader = createInterface({ input: child.stdout! });
  reader.on("line", (line) => lines.push(line));
  await until(() => lines.length > 0);
  const [word, ...pids] = lines.shift()!.split(" ");
  expect(word).toBe("ready");
  // A child of a fork takes its row a moment later.
  if (mode === "cached") await until(() => membersJoined() > WORKERS);
  return {
    pids: pids.map(Number),
    source,
    end: async () => {
      source.set(2, 1);
      await until(() => lines.length === WORKERS);
      return lines.map((line) => JSON.parse(line) as { pid: number; calls: number; loads: number; violations: number });
    },
    [Symbol.asyncDispose]: async () => {
      source.set(2, 1);
      closeSync(fd);
      await endProcess(child);
    },
  };
}

/** Rows of living processes; a dry run would say so, too, but reads every heap for its bill. */
function membersJoined(): number {
  const opened = openSharedTable(tablePath("shop", environment()));
  if (!opened.ok) return 0;
  using table = opened.value;
  return table.members().length;
}

async function until(isTrue: () => boolean, limitMs = 30_000): Promise<void> {
  for (const end = performance.now() + limitMs; !isTrue(); ) {
    if (performance.now() > end) throw new Error("it did not happen in time");
    await delay(5);
  }
}

async function clear(
  selector: string,
  more: { readonly share?: number; readonly isDryRun?: boolean } = {},
): Promise<CacheCommandReport> {
  const asked = {
    app: "shop",
    selector,
    reason: "a test",
    share: 1,
    isDryRun: false,
    canary: null,
    environment: environment(),
    ...more,
  };
  const report = await clearCaches(asked);
  if (!report.ok) throw new Error(report.error.message);
  return report.value;
}

describe.each(findInterpreters().map((python) => [describeInterpreter(python), python] as const))("%s", (_, python) => {
  it("never answers with what was loaded before, in 6 workers of 4 threads with loads under way", async () => {
    await using workers = await startWorkers(python.path, "cached");
    const selectors = ["ns:prices", "ns:prices:v1", "fn:__main__.read_source", "__main__.read_source"];
    for (let version = 1; version <= CLEARS; version++) {
      workers.source.set(0, version);
      const report = await clear(selectors[version % selectors.length]!);
      workers.source.set(1, version);
      expect([report.outcome, report.receipts.filter(({ state }) => state === "applied").length]).toEqual([
        "complete",
        WORKERS + 1,
      ]);
      await delay(10);
    }
    const counted = await workers.end();
    expect(counted.map(({ violations }) => violations)).toEqual(Array.from({ length: WORKERS }, () => 0));
    expect(counted.every(({ calls, loads }) => calls > 2 * CLEARS && loads > CLEARS && loads < calls)).toBe(true);
    const history = readCacheHistory({ app: "shop", environment: environment() });
    expect(history.ok && [history.value.commands.length, history.value.fault]).toEqual([CLEARS, null]);
  }, 120_000);
});

const newest = findInterpreters().at(-1)!;

describe("a clear", () => {
  it("is a check that can fail: what people do without it answers with old values", async () => {
    await using workers = await startWorkers(newest.path, "lru_cache");
    for (let version = 1; version <= CLEARS; version++) {
      workers.source.set(0, version);
      // Time enough for every worker to have heard of it and to have cleared.
      await delay(15);
      workers.source.set(1, version);
    }
    const counted = await workers.end();
    expect(counted.reduce((sum, { violations }) => sum + violations, 0)).toBeGreaterThan(0);
  }, 60_000);

  it("reaches a worker that is stopped, and names one that has ended", async () => {
    await using workers = await startWorkers(newest.path, "cached");
    const [stopped, dead] = workers.pids as [number, number];
    process.kill(stopped, "SIGSTOP");
    process.kill(dead, "SIGKILL");
    await delay(100);
    workers.source.set(0, 1);
    const report = await clear("ns:prices");
    workers.source.set(1, 1);
    process.kill(stopped, "SIGCONT");
    expect(report.outcome).toBe("complete");
    expect(report.receipts.find(({ pid }) => pid === stopped)?.state).toBe("applied");
    expect(report.receipts.map(({ pid }) => pid)).not.toContain(dead);
    await delay(200);
    workers.source.set(2, 1);
  }, 60_000);

  it("can be tried without doing it, begun with a part of the keys, and taken back", async () => {
    await using workers = await startWorkers(newest.path, "cached");
    const dry = await clear("ns:prices", { isDryRun: true });
    expect([dry.outcome, dry.op, dry.receipts.length]).toEqual([null, null, WORKERS + 1]);
    const part = await clear("ns:prices", { share: 0.05 });
    expect([part.outcome, part.share]).toEqual(["complete", 0.05]);
    const undone = await undoClear({ app: "shop", op: null, reason: "wrong one", environment: environment() });
    expect(undone.ok && [undone.value.action, undone.value.outcome, undone.value.lostSlots]).toEqual([
      "undo",
      "undone",
      0,
    ]);
    const again = await undoClear({
      app: "shop",
      op: part.op!.slice(0, 8),
      reason: "twice",
      environment: environment(),
    });
    expect(again.ok && again.value.outcome).toBe("partial");
    const history = readCacheHistory({ app: "shop", environment: environment() });
    expect(history.ok && history.value.commands.map(({ action, outcome, share }) => [action, outcome, share])).toEqual([
      ["clear", "complete", 0.05],
      ["undo", "undone", 0.05],
      ["undo", "partial", 0.05],
    ]);
    workers.source.set(2, 1);
  }, 60_000);

  it("is not the only thing: bounds, times and a freeze reach every process before its next answer", async () => {
    await using workers = await startWorkers(newest.path, "cached");
    const change = async (setting: ChangeAsked["setting"]): Promise<CacheCommandReport> => {
      const asked = {
        app: "shop",
        selector: "__main__.read_source",
        setting,
        reason: "a test",
        workerShare: 1,
        isDryRun: false,
        canary: null,
        environment: environment(),
      };
      const report = await changeSettings(asked);
      if (!report.ok) throw new Error(report.error.message);
      return report.value;
    };
    for (const setting of [
      { action: "resize", maxsize: 3 },
      { action: "ttl", seconds: 0.05 },
      { action: "freeze" },
      { action: "thaw" },
      { action: "resize", maxsize: "declared" },
    ] as const) {
      let report = await change(setting);
      // On a busy machine a worker may come by later than a command waits for it.
      for (
        let again = 0;
        again < 10 && report.receipts.filter(({ state }) => state === "applied").length < WORKERS;
        again++
      )
        report = await change(setting);
      const states = Object.fromEntries(report.receipts.map(({ pid, state }) => [pid, state]));
      expect(report.outcome, JSON.stringify(report.receipts)).toBe("complete");
      expect(workers.pids.map((pid) => states[pid])).toEqual(workers.pids.map(() => "applied"));
      // The first process only waits for the others, and calls nothing.
      expect(Object.values(states).filter((state) => state === "armed").length).toBe(1);
    }
    const history = readCacheHistory({ app: "shop", environment: environment() });
    const actions = history.ok ? history.value.commands.map(({ action }) => action) : [];
    expect([...new Set(actions)]).toEqual(["resize", "ttl", "freeze", "thaw"]);
    workers.source.set(2, 1);
  }, 60_000);

  it("is refused without a record of it, and when the log was changed", async () => {
    await using workers = await startWorkers(newest.path, "cached");
    await clear("ns:prices");
    await clear("tag:key:1");
    const path = join(folder, "audit/shop/audit.jsonl");
    const text = readFileSync(path, "utf8");
    const lines = text.trim().split("\n");
    for (const [changed, line] of [
      [text.replace("a test", "another"), 1],
      [[lines[0], ...lines.slice(2)].join("\n"), 2],
      [[lines[1], lines[0], ...lines.slice(2)].join("\n"), 1],
      [`${text}{}\n`, 5],
    ] as const) {
      writeFileSync(path, changed);
      await expect(clear("ns:prices")).rejects.toThrow(`Line ${line} of the audit log`);
      const history = readCacheHistory({ app: "shop", environment: environment() });
      expect(history.ok && history.value.fault?.line).toBe(line);
    }
    writeFileSync(path, text);
    expect((await clear("ns:prices")).outcome).toBe("complete");
    workers.source.set(2, 1);
  }, 60_000);

  it("says what to do when no process has joined", async () => {
    await expect(clear("ns:prices")).rejects.toThrow("no process of this application has called deadweight.join()");
  });
});
