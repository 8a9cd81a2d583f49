// A heap of a leaking program, in a browser: from the first visit to the holder, with the pointer and with the keys alone.

import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { SnapshotList } from "../../src/model/page-reports.ts";
import { endProcess, waitForLine } from "../capture/start-target.ts";
import { type Serving, startServing } from "../server/start-serving.ts";
import { findInterpreters } from "../support/interpreters.ts";
import { HAS_BROWSER, type OpenPage, openPage, settled, TEST_LIMITS } from "./open-page.ts";

const TOOL = join(import.meta.dirname, "../../bin/deadweight.mjs");
vi.setConfig(TEST_LIMITS);

const PYTHON = findInterpreters().at(-1)?.path ?? "python3";
const SHOP = `
import sys, time
class Session:
    def __init__(self, number):
        self.user = "private-%d" % number
        self.cart = [object() for _ in range(20)]
SESSIONS = {}
def visit(number):
    SESSIONS[number] = Session(number)
for number in range(3000):
    visit(number)
print("ready", flush=True)
while True:
    visit(number)
    number += 1
    time.sleep(0.01)
`;

let folder: string;
let shop: ChildProcess;
let server: Serving;
let open: OpenPage;
let ids: Readonly<Record<string, string>>;
beforeAll(async () => {
  if (!HAS_BROWSER) return;
  folder = mkdtempSync(join(tmpdir(), "dw-page-"));
  writeFileSync(join(folder, "shop.py"), SHOP);
  shop = spawn(PYTHON, [join(folder, "shop.py")], { stdio: ["ignore", "pipe", "inherit"] });
  await waitForLine(shop, "ready");
  const files = ["first", "second"].map((name) => join(folder, `${name}.dwsnap`));
  for (const file of files) execFileSync(process.execPath, [TOOL, "snapshot", String(shop.pid), "-o", file]);
  server = await startServing(files, { folder });
  const { snapshots } = (await server.ask("/api/snapshots")).json<SnapshotList>();
  ids = Object.fromEntries(snapshots.map(({ name, id }) => [name.replace(".dwsnap", ""), id]));
  open = await openPage(server);
});
afterAll(async () => {
  await open?.[Symbol.asyncDispose]();
  await server?.[Symbol.asyncDispose]();
  if (shop !== undefined) await endProcess(shop);
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
});

const heap = (query: string = ""): string => `/heaps/${ids["second"]}${query}`;
const HOLDER = "?select=__main__.SESSIONS";

describe.skipIf(!HAS_BROWSER)("a first visit", () => {
  it("shows the processes, and takes the token out of the address", async () => {
    expect(await open.page.locator("h1").innerText()).toBe("Processes");
    await open.page.getByRole("link", { name: String(shop.pid), exact: true }).waitFor();
    expect(open.page.url()).not.toContain("token");
  });

  it("helps whoever has no token, and tells them nothing", async () => {
    const text = await open.stranger("/heaps");
    expect(text).toMatch(/Open the address that deadweight serve printed/);
    expect(text).not.toContain("second");
  });
});

describe.skipIf(!HAS_BROWSER)("walking in a heap", () => {
  it("leads from the process to the object and the path that holds it", async () => {
    const { page } = open;
    await open.visit("/processes");
    await page.getByRole("button", { name: `Read heap of ${shop.pid}` }).click();
    await page.locator(".heap").waitFor();
    await page.getByRole("link", { name: "Table", exact: true }).click();
    await page.getByRole("link", { name: "sys.modules['__main__'].SESSIONS" }).click();
    const path = page.getByRole("complementary", { name: "What holds this" });
    await path.getByText("global SESSIONS").waitFor();
    expect(await path.innerText()).toMatch(/sys\.modules[^]*module __main__[^]*global SESSIONS[^]*entries/);
    const object = page.getByRole("complementary", { name: "Object", exact: true });
    expect(await object.innerText()).toMatch(/dict[^]*Redacted[^]*__main__\.Session/i);
    // The source says how values are made; the values themselves are not there.
    expect(await page.content()).not.toMatch(/private-\d/);
  });

  it("selects what is clicked in the treemap, and goes into what is clicked twice", async () => {
    const { page } = open;
    await open.visit(heap());
    const map = page.getByRole("application");
    // The sessions are most of the heap, so their box begins on the upper left.
    await map.click({ position: { x: 60, y: 45 } });
    await page.waitForURL(/select=0x/);
    await page.getByText("global SESSIONS").first().waitFor();
    await map.dblclick({ position: { x: 60, y: 45 } });
    await page.waitForURL(/zoom=\d/);
    expect(await page.getByRole("navigation", { name: "Place in the heap" }).innerText()).toMatch(/Heap[^]*SESSIONS/);
  });

  it("comes back to the same place by reload and by the back button", async () => {
    const { page } = open;
    await open.visit(heap(`${HOLDER}&view=table&by=type`));
    await page.getByRole("link", { name: "__main__.Session", exact: true }).first().click();
    await page.waitForURL(/select=__main__\.Session(&|$)/);
    await page.reload();
    await page.getByText(/objects, kept by/).waitFor();
    await page.goBack();
    await page.waitForURL(/select=__main__\.SESSIONS/);
    await page.getByText("global SESSIONS").waitFor();
    expect(await page.getByRole("link", { name: "By type" }).getAttribute("aria-current")).toBe("true");
  });

  it("shows the source lines of the place", async () => {
    const { page } = open;
    await open.visit(heap(HOLDER));
    const object = page.getByRole("complementary", { name: "Object", exact: true });
    await object.getByText("SESSIONS = {}").waitFor();
    expect(await object.locator("pre .chosen").innerText()).toMatch(/^\d+\s*SESSIONS = \{\}/);
    expect(await object.innerText()).toContain(join(folder, "shop.py"));
  });

  it("keeps the order of a table in the address", async () => {
    const { page } = open;
    await open.visit(heap("?view=table&by=type"));
    const first = page.locator("tbody tr").first();
    await page.getByRole("button", { name: "Objects" }).click();
    await page.waitForURL(/sort\.memory-by-type=objects/);
    const most = await first.innerText();
    await page.getByRole("button", { name: "Objects" }).click();
    await page.waitForURL(/sort\.memory-by-type=-objects/);
    const least = await first.innerText();
    expect(least).not.toBe(most);
    await page.reload();
    await page.locator("tbody tr").first().waitFor();
    expect(await first.innerText()).toBe(least);
    await page.goBack();
    await page.waitForURL(/sort\.memory-by-type=objects/);
    expect(await first.innerText()).toBe(most);
  });

  it("is done with the keys alone", async () => {
    const { page } = open;
    await open.visit("/processes");
    await page.keyboard.press("h");
    await page.waitForURL(/\/heaps$/);
    await page.getByRole("link", { name: "second.dwsnap" }).press("Enter");
    await page.getByRole("application").waitFor();
    await page.keyboard.press("/");
    await page.keyboard.type("__main__.SESSIONS");
    await page.keyboard.press("Enter");
    await page.getByText("global SESSIONS").waitFor();
    // Out of the search box, the digits choose the view.
    await page.keyboard.press("Tab");
    await page.keyboard.press("2");
    await page.waitForURL(/view=icicle/);
    const map = page.getByRole("application");
    await map.focus();
    for (const key of ["ArrowDown", "ArrowDown", "Enter"]) await page.keyboard.press(key);
    await page.waitForURL(/row=\d+/);
    await map.press("+");
    await page.waitForURL(/zoom=\d/);
    await page.keyboard.press("?");
    await page.getByRole("dialog").waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
  });

  it("answers a query, and says where one is wrong", async () => {
    const { page } = open;
    await open.visit(heap());
    const search = page.getByRole("searchbox");
    await search.fill("dict where entries > 2k");
    await search.press("Enter");
    await page.getByRole("link", { name: "sys.modules['__main__'].SESSIONS" }).waitFor();
    await search.fill("dict where colour > 2");
    await search.press("Enter");
    expect(await page.getByRole("alert").innerText()).toMatch(/colour/);
  });

  it("says what to do when a heap or a name is not there", async () => {
    await open.visit("/heaps/0123456789abcdef");
    expect(await open.page.getByRole("alert").innerText()).toMatch(/no such snapshot/);
    await open.visit(heap("?select=__main__.NOBODY"));
    expect(await open.page.getByRole("alert").first().innerText()).toMatch(/no \.NOBODY in this snapshot/);
  });

  it("shows one pane at a time on a narrow screen", async () => {
    const { page } = open;
    await page.setViewportSize({ width: 400, height: 800 });
    await open.visit(heap(HOLDER));
    const panes = page.getByRole("navigation", { name: "Panes" });
    expect(await page.getByRole("complementary").filter({ visible: true }).count()).toBe(0);
    await panes.getByRole("link", { name: "What holds it" }).click();
    await page.getByText("global SESSIONS").waitFor();
    expect(await page.getByRole("application").isVisible()).toBe(false);
    await page.setViewportSize({ width: 1300, height: 850 });
  });
});

describe.skipIf(!HAS_BROWSER)("what grew", () => {
  it("is named when two heaps are compared", async () => {
    const { page } = open;
    await open.visit("/heaps");
    for (const name of ["first", "second"]) await page.getByLabel(`Compare ${name}.dwsnap`).check();
    await page.getByRole("button", { name: "Compare 2" }).click();
    const grown = page.getByRole("group", { name: "Growth by holder" });
    await grown.getByRole("link", { name: "sys.modules['__main__'].SESSIONS" }).click();
    await page.getByText("global SESSIONS").waitFor();
    expect(open.where()).toContain(`/heaps/${ids["second"]}`);
  });

  it("is seen while it grows, over the whole watch and in a part of it", async () => {
    const { page } = open;
    await open.visit(`/processes/${shop.pid}`);
    await page.getByRole("link", { name: "Watch it" }).click();
    const grown = page.getByRole("group", { name: "Places that changed in the window" });
    await grown.getByText("SESSIONS").waitFor();
    const [from, to] = [page.getByLabel(/^From/), page.getByLabel(/^To/)];
    await to.press("ArrowLeft");
    await from.press("ArrowRight");
    expect(await page.getByRole("button", { name: "The whole time" }).isEnabled()).toBe(true);
    expect(open.where()).toMatch(/from=[\d.]+&to=[\d.]+/);
    await page.getByRole("link", { name: "End the watch" }).click();
    await page.getByText("This process can be read").waitFor();
  });
});

describe.skipIf(!HAS_BROWSER)("for everybody", () => {
  it.each([
    ["processes", () => "/processes"],
    ["heaps", () => "/heaps"],
    ["the treemap", () => heap(HOLDER)],
    ["rings", () => heap(`${HOLDER}&view=rings`)],
    ["the table", () => heap(`${HOLDER}&view=table`)],
    ["the graph", () => heap(`${HOLDER}&view=graph`)],
    ["a query", () => heap(`?view=query&q=${encodeURIComponent("dict where entries > 50")}`)],
  ])("%s has no barrier, in light and in dark", async (_name, path) => {
    await open.visit(path());
    await settled(open.page);
    expect(await open.barriers()).toEqual([]);
  });

  it("nothing was refused or failed in the browser on the way", () => {
    // The heap and the names that are not there, and the wrong query, were answered with 404 and 422.
    expect(open.complaints.filter((text) => !/status of (404|422)/.test(text))).toEqual([]);
  });
});
