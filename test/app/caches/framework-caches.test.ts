// The programs in examples/django, fastapi and celery as people run them, with four workers: one command clears everywhere, and each
// worker is named.

import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { clearCaches } from "../../../src/app/caches/clear-caches.ts";
import { clearFunction } from "../../../src/app/caches/clear-function.ts";
import type { CacheCommandReport } from "../../../src/model/cache-command.ts";
import { findInterpreters } from "../../support/interpreters.ts";
import { packageVenv } from "../../support/package-venv.ts";

const PROJECT = join(import.meta.dirname, "../../..");
const PACKAGES = ["django", "fastapi", "gunicorn>=23", "uvicorn>=0.30", "celery>=5.3"];
const WORKERS = 4;

const newest = findInterpreters().at(-1);
const venv = newest === undefined ? { reason: "no interpreter" } : packageVenv(newest, PACKAGES, true);

let folder: string;
const running: ChildProcess[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "dw-frameworks-"));
  mkdirSync(join(folder, "queue"));
  writeFileSync(join(folder, "offers"), "");
});
afterEach(async () => {
  // Programs that write into the folder end before it goes; what `onTestFinished` ends would end after it.
  await Promise.all(running.splice(0).map(endGroup));
  rmSync(folder, { recursive: true, force: true });
});

interface Offer {
  readonly quote: number;
  readonly shipping: number;
  readonly pid: number;
}

interface Shop {
  /** A part of its command line that no other program has. */
  readonly pattern: RegExp;
  /** Of calls that have begun just now; from every worker at least one. */
  offers(): Promise<readonly Offer[]>;
}

const environment = (): Record<string, string> => ({
  DEADWEIGHT_CACHES: join(folder, "tables"),
  DEADWEIGHT_AUDIT: join(folder, "audit"),
});

const setPrice = (price: number): void => writeFileSync(join(folder, "prices"), String(price));

function start(name: string, words: readonly string[]): void {
  const python = "program" in venv ? venv.program : "";
  const env = {
    ...process.env,
    ...environment(),
    PRICES: join(folder, "prices"),
    QUEUE: join(folder, "queue"),
    OFFERS: join(folder, "offers"),
    PYTHONPATH: join(PROJECT, "python/src"),
    PYTHONDONTWRITEBYTECODE: "1",
  };
  running.push(spawn(python, words, { cwd: join(PROJECT, "examples", name), env, stdio: "ignore", detached: true }));
}

/** A supervisor and everything that it has started: workers may outlive it. */
async function endGroup({ pid }: ChildProcess): Promise<void> {
  if (pid === undefined) return;
  for (const [signal, limitMs] of [
    ["SIGTERM", 5000],
    ["SIGKILL", 5000],
  ] as const) {
    if (!signalGroup(pid, signal)) return;
    for (const end = performance.now() + limitMs; performance.now() < end; await delay(20)) {
      if (!signalGroup(pid, 0)) return;
    }
  }
  throw new Error(`a process of group ${pid} does not end`);
}

/** False when nobody of the group is left. */
function signalGroup(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-pid, signal);
  } catch {
    return false;
  }
}

async function serve(name: string, ...words: readonly string[]): Promise<Shop> {
  const port = await freePort();
  start(name, ["-m", "gunicorn", "--workers", String(WORKERS), "--bind", `127.0.0.1:${port}`, ...words]);
  return {
    pattern: new RegExp(`gunicorn.*127\\.0\\.0\\.1:${port}`),
    offers: () => fromEveryWorker(async () => await offerOf(port)),
  };
}

/** Null while it does not listen. */
async function offerOf(port: number): Promise<readonly Offer[]> {
  try {
    // A connection of its own each time, so that each worker gets some.
    const answer = await fetch(`http://127.0.0.1:${port}/offer/ACME`, { headers: { connection: "close" } });
    return answer.ok ? [(await answer.json()) as Offer] : [];
  } catch {
    await delay(100);
    return [];
  }
}

async function queue(): Promise<Shop> {
  const node = `shop-${process.pid}-${Date.now()}`;
  const words = ["-m", "celery", "--app", "shop", "worker", "--concurrency", String(WORKERS), "--hostname", node];
  start("celery", words);
  start("celery", ["shop.py"]);
  return {
    pattern: new RegExp(node),
    offers: async () => {
      const since = Date.now() / 1000;
      return await fromEveryWorker(async () => {
        await delay(100);
        const lines = readFileSync(join(folder, "offers"), "utf8").split("\n").slice(0, -1);
        return lines.map((line) => JSON.parse(line) as Offer & { begun: number }).filter(({ begun }) => begun > since);
      });
    },
  };
}

async function fromEveryWorker(ask: () => Promise<readonly Offer[]>): Promise<readonly Offer[]> {
  const offers: Offer[] = [];
  for (const end = performance.now() + 80_000; new Set(offers.map(({ pid }) => pid)).size < WORKERS; ) {
    if (performance.now() > end) throw new Error(`not every worker has answered: ${JSON.stringify(offers.slice(-5))}`);
    offers.push(...(await ask()));
  }
  return offers;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((settle) => server.listen(0, "127.0.0.1", settle));
  const address = server.address();
  await new Promise<void>((settle) => server.close(() => settle()));
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

async function clearNamespace(app: string): Promise<CacheCommandReport> {
  const asked = { app, selector: "ns:prices", reason: "new price list", share: 1, isDryRun: false, canary: null };
  const report = await clearCaches({ ...asked, environment: environment() });
  if (!report.ok) throw new Error(report.error.message);
  return report.value;
}

async function clearShipping(target: RegExp, app: string): Promise<CacheCommandReport> {
  const asked = { target, app, name: "shop.shipping", reason: "new price list", waitSeconds: 20, isDryRun: false };
  const report = await clearFunction({
    ...asked,
    environment: environment(),
    signal: new AbortController().signal,
  });
  if (!report.ok) throw new Error(report.error.message);
  return report.value;
}

function applied({ receipts }: CacheCommandReport): readonly number[] {
  return receipts.filter(({ state }) => state === "applied").map(({ pid }) => pid);
}

const SHOPS: Readonly<Record<string, () => Promise<Shop>>> = {
  django: () => serve("django", "shop:application"),
  fastapi: () => serve("fastapi", "--worker-class", "uvicorn.workers.UvicornWorker", "shop:app"),
  celery: queue,
};

describe.skipIf("reason" in venv)("a shop with four workers", () => {
  it.each(Object.keys(SHOPS))(
    "is cleared by one command, everywhere: %s",
    async (name) => {
      setPrice(100);
      const shop = await SHOPS[name]?.();
      if (shop === undefined) throw new Error("no such shop");
      const first = await shop.offers();
      const pids = [...new Set(first.map(({ pid }) => pid))];
      expect(new Set(first.map(({ quote, shipping }) => `${quote} ${shipping}`))).toEqual(new Set(["104 12"]));
      setPrice(200);

      const cleared = await clearNamespace(`${name}-shop`);
      expect(cleared.outcome, JSON.stringify(cleared.receipts)).toBe("complete");
      expect(applied(cleared)).toEqual(expect.arrayContaining(pids));
      const second = await shop.offers();
      // What is not governed is as old as before.
      expect(new Set(second.map(({ quote, shipping }) => `${quote} ${shipping}`))).toEqual(new Set(["204 12"]));

      // An idle worker is asked when it has something to do.
      const [adopted] = await Promise.all([clearShipping(shop.pattern, `${name}-shop`), shop.offers()]);
      expect(adopted.outcome, JSON.stringify(adopted.receipts)).toBe("complete");
      expect(applied(adopted)).toEqual(expect.arrayContaining(pids));
      const third = await shop.offers();
      expect(new Set(third.map(({ quote, shipping }) => `${quote} ${shipping}`))).toEqual(new Set(["204 22"]));
    },
    240_000,
  );
});
