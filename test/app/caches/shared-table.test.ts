// What a command says of members and names, with tables that real interpreters have made.

import { execFileSync, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, openSync, closeSync, readFileSync, rmSync, unlinkSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { changeSettings } from "../../../src/app/caches/change-settings.ts";
import { readCacheHistory } from "../../../src/app/caches/cache-history.ts";
import { clearCaches } from "../../../src/app/caches/clear-caches.ts";
import { slotOf } from "../../../src/app/caches/slot-of.ts";
import { MEMBERS_AT } from "../../../src/govern/table-layout.ts";
import type { CacheCommandReport } from "../../../src/model/cache-command.ts";
import { endProcess, waitForLine } from "../../capture/start-target.ts";
import { findInterpreters } from "../../support/interpreters.ts";

const python = findInterpreters().at(-1)?.path ?? "";
const SOURCES = join(import.meta.dirname, "../../../python/src");

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "dw-table-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const environment = (): Record<string, string> => ({
  DEADWEIGHT_CACHES: join(folder, "tables"),
  DEADWEIGHT_AUDIT: join(folder, "audit"),
});
const COMMAND = join(import.meta.dirname, "../../../bin/deadweight.mjs");

/** Until nobody has the pid any more, a zombie neither. */
async function waitForEnd(pid: number): Promise<void> {
  for (const end = performance.now() + 10_000; existsSync(`/proc/${pid}`); await delay(20))
    if (performance.now() > end) throw new Error(`process ${pid} does not end`);
}

const table = (): string => join(folder, "tables/shop/table");

const SHOP = `
import sys
from deadweight import cached, join
join("shop")

@cached(namespace="prices", version=2, tags=["user:{user}"])
def quote(user):
    return [user]

@cached(namespace="other", tags=lambda user: ["anything"])
def label(user):
    return [user]

for word in sys.stdin:
    print("same" if (quote(1) is quote(1)) and label(1) is label(1) else "", flush=True)
`;

/** A process that has joined. */
async function startShop(program = SHOP, around: readonly string[] = []): Promise<number> {
  const source = program.replace("for word", "print('ready', flush=True)\nfor word");
  const [command, ...words] = [...around, python, "-c", source];
  const child = spawn(command, words, {
    env: { ...process.env, ...environment(), PYTHONPATH: SOURCES, PYTHONDONTWRITEBYTECODE: "1" },
    stdio: ["pipe", "pipe", "inherit"],
  });
  onTestFinished(() => endProcess(child));
  await waitForLine(child, "ready");
  return child.pid ?? 0;
}

async function clear(selector: string): Promise<CacheCommandReport> {
  const asked = {
    app: "shop",
    selector,
    reason: "a test",
    share: 1,
    isDryRun: false,
    canary: null,
    environment: environment(),
  };
  const report = await clearCaches(asked);
  if (!report.ok) throw new Error(report.error.message);
  return report.value;
}

describe("a receipt", () => {
  it("is not asked of a process that has only the pid of a member", async () => {
    const pid = await startShop();
    const fd = openSync(table(), "r+");
    const row = Buffer.alloc(64);
    row.writeBigUInt64LE(BigInt(process.pid), 0);
    // Ours, but of one that started at another time.
    row.writeBigUInt64LE(1n, 8);
    writeSync(fd, row, 0, row.length, (MEMBERS_AT + 8 * 7) * 8);
    closeSync(fd);
    const { outcome, receipts } = await clear("ns:prices");
    expect([outcome, receipts.map((receipt) => receipt.pid)]).toEqual(["complete", [pid]]);
  });
  it("is missing from those that read a table which somebody removed", async () => {
    const old = await startShop();
    unlinkSync(table());
    const young = await startShop();
    const { outcome, receipts } = await clear("ns:prices");
    expect(outcome).toBe("partial");
    expect(new Map(receipts.map(({ pid, state }) => [pid, state]))).toEqual(
      new Map([
        [old, "missing"],
        [young, "applied"],
      ]),
    );
    expect(receipts.find(({ pid }) => pid === old)?.because).toContain("Start it anew");
  });
});

/** A namespace of pids, as a container has one, or why there can be none. */
const CONTAINER = ["--pid", "--fork", "--kill-child", "--mount-proc"];
const made = spawnSync("unshare", [...CONTAINER, "true"]);
const noContainer = made.status === 0 ? "" : ` SKIPPED, no namespace of pids: ${String(made.stderr ?? "").trim()}`;

describe(`a member in a container${noContainer}`, () => {
  it.skipIf(noContainer !== "")(
    "is named by the pid that it has here, and lives as long as it does there",
    async () => {
      const inside = await startShop(SHOP, ["unshare", ...CONTAINER]);
      // Its own pid is 1, which is somebody else here: a row that the next one must not take.
      const outside = await startShop();
      const first = await clear("ns:prices");
      expect(first.outcome, JSON.stringify(first.receipts)).toBe("complete");
      const [contained, ...others] = first.receipts
        .toSorted((a, b) => a.because.length - b.because.length)
        .toReversed();
      expect(contained?.because).toContain("it is pid 1 in its container");
      expect(readFileSync(`/proc/${contained?.pid}/status`, "utf8")).toMatch(/^NSpid:.*\t1$/m);
      expect(others.map(({ pid }) => pid)).toEqual([outside]);
      const setting = { action: "freeze" } as const;
      const whole = { workerShare: 1, isDryRun: false, canary: null, environment: environment() };
      const frozen = await changeSettings({
        ...whole,
        app: "shop",
        selector: "__main__.quote",
        setting,
        reason: "a test",
      });
      expect(new Set(frozen.ok ? frozen.value.receipts.map(({ pid }) => pid) : [])).toEqual(
        new Set([contained?.pid, outside]),
      );
      process.kill(contained?.pid ?? 0, "SIGKILL");
      await waitForEnd(inside);
      const second = await clear("ns:prices");
      expect([second.outcome, second.receipts.map(({ pid }) => pid)]).toEqual(["complete", [outside]]);
    },
  );
  it.skipIf(noContainer !== "")("is not taken for dead by a command that cannot see it", async () => {
    const outside = await startShop();
    const words = ["caches", "clear", "ns:prices", "--app", "shop", "--reason", "a test", "--json"];
    const { stdout } = spawnSync("unshare", [...CONTAINER, process.execPath, COMMAND, ...words], {
      env: { ...process.env, ...environment() },
      encoding: "utf8",
    });
    const { outcome, receipts } = JSON.parse(stdout) as CacheCommandReport;
    expect([outcome, receipts.map(({ pid, state }) => [pid, state])]).toEqual(["partial", [[outside, "missing"]]]);
    expect(receipts[0]?.because).toContain("run the command on the host");
  });
});

describe("a name", () => {
  it("that no cache has is refused, with those that there are", async () => {
    await startShop();
    for (const selector of ["quote", "ns:price", "ns:prices:v1", "__main__.quot"])
      await expect(clear(selector)).rejects.toThrow(`shop has no cache '${selector}', so nothing was changed`);
    await expect(clear("ns:price")).rejects.toThrow("it has ns:prices, ns:prices:v2,");
    const setting = { action: "freeze" } as const;
    const whole = { workerShare: 1, isDryRun: false, canary: null };
    const asked = { ...whole, app: "shop", selector: "quote", setting, reason: "a test", environment: environment() };
    const frozen = await changeSettings(asked);
    expect(frozen.ok ? "" : frozen.error.message).toContain("it has __main__.quote");
    const history = readCacheHistory({ app: "shop", environment: environment() });
    expect(history.ok && history.value.lines).toBe(0);
  });
  it("of a function, a namespace, one version, or a tag is taken", async () => {
    await startShop();
    for (const selector of ["__main__.quote", "fn:__main__.quote", "ns:prices", "ns:prices:v2", "tag:user:42"])
      expect((await clear(selector)).outcome).toBe("complete");
    // `label` names its tags by a function: any may be one.
    expect((await clear("tag:whatever")).outcome).toBe("complete");
  });
  it("of another application is answered with those that there are", async () => {
    await startShop();
    const asked = { app: "shpo", selector: "ns:prices", reason: "a", share: 1, isDryRun: false, canary: null };
    const report = await clearCaches({ ...asked, environment: environment() });
    expect(report.ok ? "" : report.error.message).toContain("There are tables of shop.");
  });
});

describe("two scopes that share a word", () => {
  it("are cleared together, which is too much and never too little", async () => {
    const ranks = new Map<number, number>();
    let pair: readonly [number, number] | null = null;
    for (let number = 0; pair === null; number++) {
      const slot = slotOf(`ns:n${number}`);
      const known = ranks.get(slot);
      if (known !== undefined) pair = [known, number];
      ranks.set(slot, number);
    }
    const program = `
from deadweight import cached
from deadweight._cache import registry
calls = []
@cached(namespace="n${pair[0]}")
def one(key):
    calls.append("one")
@cached(namespace="n${pair[1]}")
def other(key):
    calls.append("other")
one(1), other(1), one(1), other(1)
registry.clear("ns:n${pair[0]}")
one(1), other(1)
print(*calls)
`;
    const printed = execFileSync(python, ["-c", program], { env: { ...process.env, PYTHONPATH: SOURCES } });
    expect(String(printed).trim()).toBe("one other one other");
  });
});
