// `caches advise` on real programs, on every CPython found: what it says of other bounds, beside caches that had those bounds.

import { type ChildProcessByStdio, spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { describe, expect, it, onTestFinished } from "vitest";
import { adviseCaches } from "../../../src/app/caches/advise-caches.ts";
import type { CacheAdvice, CacheAdviceReport } from "../../../src/model/cache-advice.ts";
import { endProcess } from "../../capture/start-target.ts";
import { describeInterpreter, readableInterpreters } from "../../support/interpreters.ts";
import { libraryVenv } from "./library-venv.ts";

const SECONDS = 2;
const LONGEST_SECONDS = 40;

interface Running {
  readonly child: ChildProcessByStdio<Writable, Readable, null>;
  readonly lines: AsyncIterator<string>;
}

async function start(python: string): Promise<Running> {
  const child = spawn(python, [join(import.meta.dirname, "used.py"), String(SECONDS)], {
    stdio: ["pipe", "pipe", "inherit"],
    env: { ...process.env, PYTHONPATH: join(import.meta.dirname, "../../../python/src"), PYTHONDONTWRITEBYTECODE: "1" },
  });
  onTestFinished(() => endProcess(child));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  expect((await lines.next()).value).toBe("ready");
  return { child, lines };
}

/** Lets the program work while it is watched; answers what it says of the other sizes. */
async function watched(
  { child, lines }: Running,
  name: string | null,
): Promise<{ readonly report: CacheAdviceReport; readonly truth: Readonly<Record<string, number>> }> {
  const stop = new AbortController();
  const truth = { line: "" };
  const advised = adviseCaches({
    source: String(child.pid),
    name,
    forSeconds: LONGEST_SECONDS,
    isAlone: true,
    maxPauseMs: 5000,
    loadMs: 5,
    // It works once it is followed.
    progress: ({ phase }) => {
      if (phase === "following the order of use" && child.stdin.writable && truth.line === "") {
        truth.line = "asked";
        child.stdin.write("go\n");
        void lines.next().then(({ value }) => {
          truth.line = String(value);
          stop.abort();
        });
      }
    },
    signal: stop.signal,
  });
  const report = await advised;
  if (!report.ok) throw new Error(report.error.message);
  return { report: report.value, truth: JSON.parse(truth.line) as Record<string, number> };
}

function adviceOn(report: CacheAdviceReport, name: string): CacheAdvice {
  const found = report.caches.find((cache) => cache.name === `__main__.${name}`);
  if (found === undefined) throw new Error(`no ${name} among ${report.caches.map((each) => each.name).join(", ")}`);
  return found;
}

function expectTrue({ curve }: CacheAdvice, truth: Readonly<Record<string, number>>): void {
  const compared = curve.filter(({ size }) => truth[size] !== undefined);
  expect(compared.length).toBeGreaterThanOrEqual(2);
  for (const { size, missRatio, band } of compared)
    expect(Math.abs(missRatio - (truth[size] ?? 0)), `${size}: ${missRatio}, truth ${truth[size]}`).toBeLessThan(
      0.02 + band,
    );
}

describe.each(readableInterpreters().map((python) => [describeInterpreter(python), python] as const))(
  "%s",
  (_, python) => {
    it("says of other bounds what caches with those bounds did", async () => {
      const { report, truth } = await watched(await start(python.path), null);
      const load = adviceOn(report, "load");
      expect([load.bound, load.workers.length]).toEqual([{ kind: "entries", entries: 256 }, 1]);
      expect(load.entryBytes).toBeGreaterThan(100);
      expectTrue(load, truth);
      const ours = adviceOn(report, "ours");
      expectTrue(ours, truth);
      // Somebody asked for 5 ms; this one knows better, but what was asked for counts.
      expect([ours.family, ours.loadMs]).toEqual(["deadweight.cached", 5]);
      const grows = adviceOn(report, "grows");
      expect([grows.verdict, grows.curve, grows.unbounded]).toEqual(["refused", [], "never"]);
      expect(grows.because.join(" ")).toContain("no order of use is kept");
      const roomy = adviceOn(report, "roomy");
      expect(roomy.verdict).toBe("shrink");
      // It has 40 keys, each asked for in turn.
      expect(roomy.offer?.size).toBeGreaterThanOrEqual(40);
      expect(roomy.offer?.size).toBeLessThan(1000);
      expect(adviceOn(report, "idle").because.join(" ")).toContain("called 0 times");
      expect(adviceOn(report, "area").curve.every(({ size }) => size <= 100)).toBe(true);
      expect(report.caches.some(({ origin }) => origin === "standard")).toBe(false);
    }, 90_000);
  },
);

const { python: newest, venv } = libraryVenv();

describe(`cachetools on ${describeInterpreter(newest)}${"reason" in venv ? ` SKIPPED: ${venv.reason}` : ""}`, () => {
  it.skipIf("reason" in venv)(
    "says how many misses other bounds would have, for each that there is",
    async () => {
      const { report, truth } = await watched(await start("program" in venv ? venv.program : ""), null);
      const [kept, load] = [adviceOn(report, "kept"), adviceOn(report, "load")];
      expect([kept.family, kept.bound]).toEqual(["cachetools", { kind: "entries", entries: 256 }]);
      expect(kept.because.join(" ")).toContain("counts no calls");
      const compared = kept.curve.filter(({ size }) => truth[size] !== undefined);
      expect(compared.length).toBeGreaterThanOrEqual(2);
      for (const { size, missRatio, band } of compared) {
        const known = ((kept.missRatio ?? 0) * (truth[size] ?? 0)) / (load.missRatio ?? 1);
        expect(Math.abs(missRatio - known), `${size}: ${missRatio}, truth ${known}`).toBeLessThan(0.02 + band);
      }
    },
    90_000,
  );
});

describe("a cache that was named", () => {
  it("is the only one; a name that is not there is said", async () => {
    const running = await start(readableInterpreters().at(-1)?.path ?? "");
    const asked = {
      source: String(running.child.pid),
      forSeconds: 0,
      isAlone: true,
      maxPauseMs: 5000,
      loadMs: null,
      progress: () => {},
      signal: new AbortController().signal,
    };
    const one = await adviseCaches({ ...asked, name: "idle" });
    expect(one.ok && one.value.caches.map(({ name }) => name)).toEqual(["__main__.idle"]);
    const none = await adviseCaches({ ...asked, name: "nothing" });
    expect(none.ok ? "" : none.error.message).toContain("there is no cache 'nothing'");
    const file = await adviseCaches({ ...asked, source: "a.dwsnap", name: null });
    expect(file.ok ? "" : file.error.message).toContain("while its process runs");
  }, 60_000);
});
