// How the page looks, in pictures that were looked at and kept: of heaps that are written down, so that every run has the same.

import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { Job, SnapshotList } from "../../src/model/page-reports.ts";
import { cachesOfShop } from "../report/example-caches.ts";
import { type Serving, startServing } from "../server/start-serving.ts";
import { writeSnapshotFile } from "../../src/app/snapshot-file/write-snapshot-file.ts";
import { heap } from "../support/snapshot-language.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { differenceFrom, otherFonts } from "./golden-picture.ts";
import { HAS_BROWSER, type OpenPage, openPage, settled, TEST_LIMITS } from "./open-page.ts";

vi.setConfig(TEST_LIMITS);

const LOOK = {
  viewport: { width: 1200, height: 720 },
  timezoneId: "UTC",
  locale: "en-GB",
  colorScheme: "light",
} as const;
const TAKEN_MS = Date.UTC(2026, 0, 2, 3, 4, 5);

/** A shop that keeps its sessions; `sessions` of them. */
function shop(sessions: number): ReturnType<typeof heap> {
  const entries = Array.from(
    { length: sessions },
    (_, at) => `'k${at}': Session { user: str(${80 + (at % 7) * 30}), cart: list(${120 + (at % 5) * 200}) [] }`,
  );
  const prices = Array.from({ length: 20 }, (_, at) => `'p${at}': bytes(${900 + at * 37})`);
  const thumbnails = Array.from({ length: 12 }, (_, at) => `bytes(${2000 + at * 411})`);
  const lines = [
    `modules['shop.sessions'].SESSIONS: dict(4700) { ${entries.join(", ")} }`,
    `modules['shop.prices'].PRICES: dict(1200) { ${prices.join(", ")} }`,
    `modules['shop.images'].THUMBNAILS: list(600) [ ${thumbnails.join(", ")} ]`,
    "modules['shop.web'].ROUTES: dict(900) { 'index': str(700), 'cart': str(1400), 'pay': str(2100) }",
    ...["sessions", "prices", "images"].map(
      (name) => `modules['shop.${name}'].use: def 'use' at '/srv/shop/${name}.py':3 {}`,
    ),
    "modules['shop.web'].make: def 'make.<locals>.handler' at '/srv/shop/web.py':31 { closure rows: list(5200) [] }",
    "thread 'worker-1' handle() rows: list(3000) [ str(800), str(900) ]",
    "native: ndarray(9000)",
  ];
  return heap(lines.join("\n"), { meta: { takenAtMs: TAKEN_MS + sessions * 1000, pid: 4711, processStartTicks: 7 } });
}

const JOB: Job = {
  schema: "deadweight/job@1",
  id: "j1",
  kind: "caches",
  about: "process 4711",
  state: "done",
  startedAtMs: TAKEN_MS,
  progress: null,
  problem: null,
};

const folder = temporaryFolder();
let server: Serving;
let open: OpenPage;
let ids: readonly string[];
let fonts: string | null;
beforeAll(async () => {
  if (!HAS_BROWSER) return;
  const files = ["morning", "evening"].map((name) => `${folder.path}/${name}.dwsnap`);
  for (const [at, file] of files.entries()) await writeSnapshotFile(shop(40 + at * 60), file);
  server = await startServing(files, { folder: folder.path });
  const { snapshots } = (await server.ask("/api/snapshots")).json<SnapshotList>();
  ids = ["morning", "evening"].map((name) => snapshots.find((each) => each.name === `${name}.dwsnap`)?.id ?? "");
  open = await openPage(server, "/", LOOK);
  // An inventory is of a process that lives; this one is written down.
  await open.page.route("**/api/jobs/j1/**", async (route) => {
    const isEvents = route.request().url().endsWith("/events");
    await route.fulfill(
      isEvents
        ? { contentType: "text/event-stream", body: `event: job\ndata: ${JSON.stringify(JOB)}\n\n` }
        : { contentType: "application/json", body: JSON.stringify(cachesOfShop) },
    );
  });
  fonts = await otherFonts(open.page);
});
afterAll(async () => {
  await open?.[Symbol.asyncDispose]();
  await server?.[Symbol.asyncDispose]();
  folder[Symbol.dispose]();
});

/** What every picture is about. */
const CONTENT = "main canvas, main svg, main table";
const SELECTED = "select=shop.sessions.SESSIONS";
const inHeap = (query: string): string => `/heaps/${ids[1]}?${query}`;

describe.skipIf(!HAS_BROWSER)("the page looks as it did", () => {
  it.for([
    ["treemap", () => inHeap(SELECTED), {}],
    ["treemap-dark", () => inHeap(SELECTED), { isDark: true }],
    ["treemap-narrow", () => inHeap("view=treemap"), { isNarrow: true }],
    ["icicle", () => inHeap(`${SELECTED}&view=icicle`), {}],
    ["rings", () => inHeap(`${SELECTED}&view=rings`), {}],
    ["graph", () => inHeap(`${SELECTED}&view=graph`), {}],
    ["comparison", () => `/comparison?of=${ids.join(",")}`, {}],
    ["caches", () => "/caches/j1", { isDark: true }],
  ] as readonly [string, () => string, { readonly isDark?: boolean; readonly isNarrow?: boolean }][])(
    "%s",
    async ([name, path, { isDark = false, isNarrow = false }], { skip }) => {
      skip(fonts !== null, fonts ?? undefined);
      const { page } = open;
      await page.emulateMedia({ colorScheme: isDark ? "dark" : "light" });
      await page.setViewportSize(isNarrow ? { width: 390, height: 700 } : LOOK.viewport);
      await open.visit(path());
      await page.locator("main progress").waitFor({ state: "detached" });
      await page.locator(CONTENT).first().waitFor();
      await settled(page);
      await page.evaluate("new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))");
      expect(await differenceFrom(page, name)).toBeNull();
    },
  );

  it("and a part that is missing is noticed", async ({ skip }) => {
    skip(fonts !== null, fonts ?? undefined);
    const { page } = open;
    await page.emulateMedia({ colorScheme: "light" });
    await page.setViewportSize(LOOK.viewport);
    await open.visit(inHeap(`${SELECTED}&view=graph`));
    await page.locator(CONTENT).first().waitFor();
    await page.locator("dl.facts").waitFor();
    await page.evaluate("document.querySelector('dl.facts').remove()");
    expect(await differenceFrom(page, "graph", false)).toMatch(/% of it is different/);
  });
});
