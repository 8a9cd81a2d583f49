// Caches over the API: nothing is done that was not looked at, and what is done stands in the audit log.

import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { CacheCommandReport, CacheHistory } from "../../src/model/cache-command.ts";
import type { CacheInventory } from "../../src/model/cache-inventory.ts";
import { SCHEMAS } from "../../src/report/schema/all-schemas.ts";
import { endProcess, waitForLine } from "../capture/start-target.ts";
import { strictReader } from "../report/strict-schema.ts";
import { findInterpreters } from "../support/interpreters.ts";
import { type Reply, type Serving, startServing } from "./start-serving.ts";

const PYTHON = findInterpreters().at(-1)?.path ?? "python3";
const SHOP = `
import time
from deadweight import cached, join
join("shop")

@cached(namespace="prices", maxsize=500)
def quote(user):
    return [user]

for user in range(20):
    quote(user)
print("ready", flush=True)
while True:
    quote(1)
    time.sleep(0.01)
`;

let folder: string;
let shop: ChildProcess;
let server: Serving;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "dw-api-caches-"));
  const environment = { DEADWEIGHT_CACHES: join(folder, "tables"), DEADWEIGHT_AUDIT: join(folder, "audit") };
  shop = spawn(PYTHON, ["-c", SHOP], {
    stdio: ["ignore", "pipe", "inherit"],
    env: {
      ...process.env,
      ...environment,
      PYTHONPATH: join(import.meta.dirname, "../../python/src"),
      PYTHONDONTWRITEBYTECODE: "1",
    },
  });
  await waitForLine(shop, "ready");
  server = await startServing([], { folder, environment });
});
afterAll(async () => {
  await server?.[Symbol.asyncDispose]();
  await endProcess(shop);
  rmSync(folder, { recursive: true, force: true });
});

const WORDS = { app: "shop", selector: "ns:prices", reason: "a new price list" };

async function clear(more: object): Promise<Reply> {
  return await server.ask("/api/caches/clear", { method: "POST", body: { ...WORDS, ...more } });
}

async function history(): Promise<CacheHistory> {
  const reply = await server.ask("/api/audit?app=shop");
  expect(strictReader(SCHEMAS["caches-history"] ?? {})(reply.json())).toEqual([]);
  return reply.json();
}

describe("caches", () => {
  it("are listed", async () => {
    const inventory = await server.job<CacheInventory>("/api/caches", { pid: shop.pid });
    expect(strictReader(SCHEMAS["caches"] ?? {})(inventory)).toEqual([]);
    expect(inventory.processes.map(({ pid }) => pid)).toEqual([shop.pid]);
  });

  it("are cleared in two steps: the bill, then the confirmation of that very plan", async () => {
    const bill = (await clear({})).json<CacheCommandReport>();
    expect(strictReader(SCHEMAS["caches-clear"] ?? {})(bill)).toEqual([]);
    expect([bill.op, bill.bill?.entries]).toEqual([null, 20]);
    expect((await history()).commands).toEqual([]);

    const done = (await clear({ plan: bill.plan })).json<CacheCommandReport>();
    expect([done.outcome, done.receipts.map(({ pid }) => pid)]).toEqual(["complete", [shop.pid]]);
    const { commands, fault } = await history();
    expect(fault).toBeNull();
    expect(commands.at(-1)).toMatchObject({ action: "clear", reason: "a new price list" });
  });

  it("are not cleared by a plan that is not what would be done", async () => {
    const { plan } = (await clear({})).json<CacheCommandReport>();
    const before = (await history()).commands.length;
    for (const more of [{ plan: "0".repeat(64) }, { plan, share: 0.5 }, { plan: 7 }]) {
      const refused = await clear(more);
      expect([refused.status, refused.json()]).toMatchObject([409, { code: "other-plan" }]);
    }
    expect((await history()).commands).toHaveLength(before);
  });

  it("keep a clear that is taken back", async () => {
    const { plan } = (await clear({})).json<CacheCommandReport>();
    const { op } = (await clear({ plan })).json<CacheCommandReport>();
    const undone = await server.ask("/api/caches/undo", {
      method: "POST",
      body: { app: "shop", op, reason: "too early" },
    });
    expect(undone.json()).toMatchObject({ action: "undo", outcome: "undone" });
  });

  it("get other bounds in two steps, too", async () => {
    const ask = async (more: object): Promise<Reply> =>
      await server.ask("/api/caches/settings", {
        method: "POST",
        body: { app: "shop", selector: "__main__.quote", reason: "memory", action: "resize", limit: 10, ...more },
      });
    const bill = (await ask({})).json<CacheCommandReport>();
    expect(bill.op).toBeNull();
    const done = (await ask({ plan: bill.plan })).json<CacheCommandReport>();
    expect([done.action, done.outcome]).toEqual(["resize", "complete"]);
  });

  it.each([
    [{ reason: "" }, "reason"],
    [{ reason: " " }, "reason"],
    [{ share: 0 }, "share"],
    [{ share: 2 }, "share"],
    [{ selector: "ns:" }, ""],
    [{ app: "nobody" }, ""],
    [{ app: "../shop" }, ""],
  ])("are not touched by what makes no sense: %j", async (more, said) => {
    const reply = await clear(more);
    expect([reply.status, reply.text]).toEqual([422, expect.stringContaining(said)]);
    expect(reply.json<{ message: string }>().message).not.toBe("");
  });
});
