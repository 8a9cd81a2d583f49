// The page in a real browser, as somebody who opens the printed address sees it.

import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import type AxeCore from "axe-core";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import type { Serving } from "../server/start-serving.ts";

const CHROMIUM = "/usr/bin/chromium";
/** The tests of the page are skipped, by name, where there is none. */
export const HAS_BROWSER: boolean = existsSync(CHROMIUM);

const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
/** For one step. On a busy machine a browser may stand still for long. */
const WAIT_MS = 60_000;
/** For one test of several steps. */
export const TEST_LIMITS = { testTimeout: 180_000, hookTimeout: 180_000 } as const;

export interface OpenPage extends AsyncDisposable {
  readonly page: Page;
  /** What the browser complained about: scripts that were refused, errors nobody caught. */
  readonly complaints: readonly string[];
  /** Opens a path of the page as if it were typed into the address bar. */
  visit(path: string): Promise<void>;
  /** Path and query. */
  where(): string;
  /** What axe finds wrong, in light and in dark; empty when all is well. */
  barriers(): Promise<readonly string[]>;
  /** Another person's browser, which has no session. */
  stranger(path: string): Promise<string>;
}

/** With the token, as the first visit is made. `look`: of the browser, where it matters. */
export async function openPage(
  server: Serving,
  first: string = "/",
  look: BrowserContextOptions = {},
): Promise<OpenPage> {
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox", "--disable-lcd-text"] });
  const context = await browser.newContext({ viewport: { width: 1300, height: 850 }, ...look });
  context.setDefaultTimeout(WAIT_MS);
  // It is there before the page, and needs no leave of its content policy.
  await context.addInitScript({ path: AXE });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(String(error)));
  await page.goto(`${server.address}${first.slice(1)}#token=${server.token}`);
  await page.locator("main h1").waitFor();
  const barriersIn = async (colorScheme: "light" | "dark", rules: string): Promise<readonly string[]> =>
    await barriersOf(page, colorScheme, rules);
  return {
    page,
    complaints,
    visit: async (path) => {
      await page.goto(new URL(path, server.address).href);
      await settled(page);
    },
    where: () => page.url().slice(server.address.length - 1),
    // Only colours change with the dark.
    barriers: async () => [
      ...(await barriersIn("light", "{}")),
      ...(await barriersIn("dark", '{ runOnly: ["color-contrast"] }')),
    ],
    stranger: async (path) => await seenByStranger(browser, new URL(path, server.address).href),
    [Symbol.asyncDispose]: async () => await browser.close(),
  };
}

/** Until nothing is on its way any more. */
export async function settled(page: Page): Promise<void> {
  await page.locator("main h1, main .notice, main .loading").first().waitFor();
  await page.locator("main .loading").first().waitFor({ state: "detached" });
}

async function barriersOf(page: Page, colorScheme: "light" | "dark", rules: string): Promise<readonly string[]> {
  await page.emulateMedia({ colorScheme });
  const found = await page.evaluate<AxeCore.AxeResults>(`axe.run(document, ${rules})`);
  return found.violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${colorScheme}: ${id} at ${target.join(" ")}: ${failureSummary}`),
  );
}

async function seenByStranger(browser: Browser, address: string): Promise<string> {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(address);
  await page.locator("main.alone").waitFor();
  const text = await page.locator("main").innerText();
  await context.close();
  return text;
}
