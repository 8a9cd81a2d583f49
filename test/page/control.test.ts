// What changes something or takes long, in a browser: caches are cleared in two steps, and a diagnosis says whose the leak is.

import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { Job } from "../../src/model/page-reports.ts";
import { endProcess, waitForLine } from "../capture/start-target.ts";
import { type Serving, startServing } from "../server/start-serving.ts";
import { findInterpreters } from "../support/interpreters.ts";
import { HAS_BROWSER, type OpenPage, openPage, TEST_LIMITS } from "./open-page.ts";

vi.setConfig(TEST_LIMITS);

const PYTHON = findInterpreters().at(-1)?.path ?? "python3";
const SHOP = `
import time
from deadweight import cached, join
join("shop")
SESSIONS = {}

@cached(namespace="prices", maxsize=500)
def quote(user):
    return [user]

def visit(number):
    SESSIONS[number] = [object() for _ in range(20)]

for user in range(20):
    quote(user)
print("ready", flush=True)
number = 0
while True:
    quote(1)
    visit(number)
    number += 1
    time.sleep(0.01)
`;

const BOOKS = `
import functools

@functools.lru_cache(maxsize=None)
def price(n):
    return str(n)
`;

let folder: string;
let shop: ChildProcess;
let server: Serving;
let open: OpenPage;
let diagnosis: string;
beforeAll(async () => {
  if (!HAS_BROWSER) return;
  folder = mkdtempSync(join(tmpdir(), "dw-page-control-"));
  writeFileSync(join(folder, "shop.py"), SHOP);
  writeFileSync(join(folder, "books.py"), BOOKS);
  const environment = { DEADWEIGHT_CACHES: join(folder, "tables"), DEADWEIGHT_AUDIT: join(folder, "audit") };
  shop = spawn(PYTHON, ["shop.py"], {
    cwd: folder,
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
  const started = await server.ask("/api/diagnoses", { method: "POST", body: { pid: shop.pid, seconds: 12 } });
  diagnosis = started.json<Job>().id;
  open = await openPage(server);
});
afterAll(async () => {
  await open?.[Symbol.asyncDispose]();
  await server?.[Symbol.asyncDispose]();
  if (shop !== undefined) await endProcess(shop);
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
});

describe.skipIf(!HAS_BROWSER)("caches", () => {
  it("are cleared after the bill and a confirmation; receipts and the audit log say who has it", async () => {
    const { page } = open;
    await open.visit("/caches?app=shop&selector=ns%3Aprices");
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel(/^Why/).fill("a new price list");
    expect(await open.barriers()).toEqual([]);
    await dialog.getByRole("button", { name: "Show what it would do" }).click();
    await dialog.getByText(/Nothing was done yet/).waitFor();
    expect(await dialog.innerText()).toMatch(/would clear ns:prices in one process[^]*20 entries/);
    expect((await server.ask("/api/audit?app=shop")).text).not.toContain("a new price list");
    await dialog.getByRole("button", { name: "Yes, clear now" }).click();
    await dialog.getByRole("button", { name: "Take it back" }).waitFor();
    expect(await dialog.innerText()).toMatch(new RegExp(`complete[^]*${shop.pid}[^]*(applied|armed)`));
    await dialog.getByRole("link", { name: /audit log/ }).click();
    await page.getByText("The chain is whole").waitFor();
    expect(await page.locator("main").innerText()).toMatch(/clear[^]*ns:prices[^]*a new price list[^]*complete/);
    expect(await open.barriers()).toEqual([]);
  });

  it("need a reason", async () => {
    const { page } = open;
    await open.visit("/caches?app=shop&selector=ns%3Aprices");
    await page.getByRole("button", { name: "Show what it would do" }).click();
    expect(await page.getByRole("dialog").getByLabel(/^Why/).isVisible()).toBe(true);
    await page.keyboard.press("Escape");
    await page.waitForURL(/\/caches$/);
  });

  it("of a process are listed, and one is looked at", async () => {
    const { page } = open;
    await open.visit("/caches");
    await page.getByLabel("Process").selectOption(String(shop.pid));
    await page.getByRole("button", { name: "List its caches" }).click();
    await page.getByRole("link", { name: "__main__.quote" }).click();
    await page.getByRole("region", { name: "Cache __main__.quote" }).waitFor();
    expect(await open.barriers()).toEqual([]);
  });
});

describe.skipIf(!HAS_BROWSER)("a diagnosis", () => {
  it("is followed until it says who holds what piles up", async () => {
    const { page } = open;
    await open.visit(`/diagnoses/${diagnosis}`);
    const verdict = page.getByRole("region", { name: "Verdict" });
    await verdict.waitFor({ timeout: 120_000 });
    const leak = page.getByRole("article").first();
    expect(await leak.innerText()).toMatch(/SESSIONS[^]*The path[^]*global SESSIONS[^]*shop\.py:\d+/);
    expect(await open.barriers()).toEqual([]);
  });
});

describe.skipIf(!HAS_BROWSER)("findings", () => {
  it("stand by file", async () => {
    const { page } = open;
    await open.visit("/findings");
    await page.getByRole("button", { name: "Scan the sources" }).click();
    await page.getByRole("heading", { name: /books\.py/ }).waitFor();
    expect(await page.locator("main").innerText()).toMatch(/unbounded-cache[^]*DW101[^]*likely[^]*books\.price/);
    expect(await open.barriers()).toEqual([]);
  });
});

describe.skipIf(!HAS_BROWSER)("the browser", () => {
  it("refused nothing and caught no error on the way", () => expect(open.complaints).toEqual([]));
});
