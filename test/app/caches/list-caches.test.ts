// `caches` on real programs: containers of every family, with their counts, bounds, hits and keys, on every CPython found.

import { type ChildProcess, type ChildProcessByStdio, spawn } from "node:child_process";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";
import { createInterface } from "node:readline";
import { describe, expect, it, onTestFinished } from "vitest";
import { listCaches } from "../../../src/app/caches/list-caches.ts";
import type { CacheInventory, CacheSummary } from "../../../src/model/cache-inventory.ts";
import { endProcess } from "../../capture/start-target.ts";
import { describeInterpreter, outsideInterpreters } from "../../support/interpreters.ts";
import { libraryVenv } from "./library-venv.ts";

async function start(program: string): Promise<ChildProcessByStdio<Writable, Readable, null>> {
  const child = spawn(program, [join(import.meta.dirname, "cached.py")], {
    stdio: ["pipe", "pipe", "inherit"],
    env: { ...process.env, PYTHONPATH: join(import.meta.dirname, "../../../python/src"), PYTHONDONTWRITEBYTECODE: "1" },
  });
  onTestFinished(() => endProcess(child));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  expect((await lines.next()).value).toBe("ready");
  return child;
}

async function inventoryOf(child: ChildProcess, forSeconds: number): Promise<CacheInventory> {
  const report = await listCaches({
    source: String(child.pid),
    forSeconds,
    isAlone: true,
    maxPauseMs: 5000,
    progress: () => {},
    signal: new AbortController().signal,
  });
  if (!report.ok) throw new Error(report.error.message);
  return report.value;
}

function cacheNamed(report: CacheInventory, name: string): CacheSummary {
  const found = report.caches.find((cache) => cache.name === name);
  if (found === undefined) throw new Error(`no ${name} among ${report.caches.map((each) => each.name).join(", ")}`);
  return found;
}

const hazardsOf = ({ keys }: CacheSummary): readonly string[] => (keys?.hazards ?? []).map(({ kind }) => kind);

describe.each(outsideInterpreters().map((python) => [describeInterpreter(python), python] as const))(
  "%s",
  (_, python) => {
    it("counts entries, bounds, hits and growth, and sees what is wrong with keys", async () => {
      const report = await inventoryOf(await start(python.path), 1);
      const quote = cacheNamed(report, "__main__.quote");
      expect(quote).toMatchObject({
        family: "functools.lru_cache",
        line: 30,
        bound: { kind: "entries", entries: 128 },
      });
      expect(quote.entries).toBeGreaterThanOrEqual(103);
      expect(quote.misses).toBeLessThanOrEqual(110);
      expect(quote.hits).toBeGreaterThanOrEqual(27);
      expect(quote.retainedBytes).toBeGreaterThan(20_000);
      expect(quote.window?.hits).toBeGreaterThan(0);
      expect(hazardsOf(quote)).toEqual(["spelled-twice"]);
      const label = cacheNamed(report, "__main__.label");
      expect([label.entries, label.keys?.hazards.map(({ kind, entries }) => [kind, entries])]).toEqual([
        25,
        [["spelled-twice", 12]],
      ]);
      const fetch = cacheNamed(report, "__main__.Client.fetch");
      expect([fetch.entries, fetch.hits, fetch.misses, hazardsOf(fetch)]).toEqual([10, 0, 10, ["pins-self"]]);
      const area = cacheNamed(report, "__main__.area");
      expect([area.entries, area.bound, hazardsOf(area)]).toEqual([30, { kind: "none" }, ["identity"]]);
      const rate = cacheNamed(report, "__main__.rate");
      expect([rate.entries, rate.keys?.hazards.map(({ kind, entries }) => [kind, entries])]).toEqual([7, [["nan", 7]]]);
      const settings = cacheNamed(report, "__main__.Client.settings");
      expect([settings.family, settings.entries]).toEqual(["functools.cached_property", 5]);
      expect(settings.retainedBytes).toBeGreaterThan(5 * 5000);
      const ours = cacheNamed(report, "__main__.ours");
      expect([ours.family, ours.entries, ours.bound]).toEqual([
        "deadweight.cached",
        15,
        { kind: "entries", entries: 66 },
      ]);
      const colour = cacheNamed(report, "__main__.colour");
      expect(colour.keys?.hazards.map(({ kind, entries }) => [kind, entries])).toEqual([["spelled-twice", 9]]);
      const rates = cacheNamed(report, "__main__.Rates.rate");
      expect(rates).toMatchObject({ family: "deadweight.cached", entries: 5, hits: 5, misses: 7, window: { hits: 0 } });
      expect([rates.file?.split("/").at(-1), rates.line]).toEqual(["cached.py", 103]);
      expect(rates.declared).toEqual({
        namespace: "rates",
        version: "2",
        tags: ["day:{day}"],
        ttlSeconds: 90.5,
        maxBytes: 1_000_000,
      });
      expect([rates.loads?.count, rates.loads?.errors]).toEqual([7, 2]);
      expect(rates.keys?.spellings).toEqual([{ types: "(self, int)", entries: 5 }]);
      expect(rates.retainedBytes).toBeGreaterThan(5 * 1000);
      expect(cacheNamed(report, "__main__.USER_CACHE")).toMatchObject({ family: "dict", entries: 100 });
      expect(cacheNamed(report, "__main__.plain").window?.growth).toBeGreaterThan(0);
      expect(report.caches.filter(({ origin }) => origin === "program").map(({ name }) => name)).not.toContain(
        "__main__.KEPT",
      );
    }, 60_000);
  },
);

const { python: newest, venv } = libraryVenv();

describe(`libraries on ${describeInterpreter(newest)}${"reason" in venv ? ` SKIPPED: ${venv.reason}` : ""}`, () => {
  it.skipIf("reason" in venv)(
    "are each found, with entries and bound",
    async () => {
      const report = await inventoryOf(await start("program" in venv ? venv.program : ""), 0);
      const seen = (name: string): unknown[] => {
        const { family, entries, bound } = cacheNamed(report, name);
        return [family, entries, bound.kind === "entries" ? bound.entries : bound.kind];
      };
      expect(seen("__main__.TTL")).toEqual(["cachetools", 40, 300]);
      expect(seen("__main__.BOX")).toEqual(["cachebox", null, "unknown"]);
      expect(seen("__main__.SIMPLE")).toEqual(["cachelib", 20, 77]);
      expect(seen("__main__.ENVIRONMENT.cache")).toEqual(["jinja2", 2, 55]);
      expect(seen("__main__.load")).toEqual(["async-lru", 12, 33]);
      expect(cacheNamed(report, "__main__.load")).toMatchObject({ hits: 0, misses: 12, window: null });
      expect(seen("__main__.looked")).toEqual(["cachetools", 8, 30]);
      expect(seen("django.core.cache.caches['default']")).toEqual(["django-locmem", 9, 444]);
      expect(cacheNamed(report, "__main__.TTL").retainedBytes).toBeGreaterThan(40_000);
      expect(report.windowSeconds).toBeNull();
    },
    60_000,
  );
});
