// The pictures by name: how each is brought about.

import { setTimeout as delay } from "node:timers/promises";
import type { Job, SnapshotList } from "../../src/model/page-reports.ts";
import type { Studio } from "./studio.ts";

export interface Scene {
  /** Of the file, without its end. */
  readonly name: string;
  readonly size: { readonly width: number; readonly height: number };
  /** Ends when the page shows it. */
  readonly show: (studio: Studio) => Promise<void>;
}

const LOW = { width: 1120, height: 660 } as const;
const HIGH = { width: 1120, height: 900 } as const;
/** Long enough for a verdict with evidence. */
const WATCHED_SECONDS = 32;
const LIMIT_MS = 180_000;

export const SCENES: readonly Scene[] = [
  { name: "page-watch", size: LOW, show: async (studio) => await watch(studio, studio.growing) },
  { name: "page-diagnosis", size: HIGH, show: diagnosis },
  { name: "page-heap", size: LOW, show: heap },
  { name: "page-fixed", size: LOW, show: async (studio) => await watch(studio, studio.governed) },
  { name: "page-caches", size: LOW, show: inventory },
  { name: "page-advice", size: LOW, show: advice },
  { name: "page-bill", size: LOW, show: bill },
  { name: "page-receipts", size: LOW, show: receipts },
];

async function started({ server }: Studio, path: string, body: unknown): Promise<string> {
  const reply = await server.ask(path, { method: "POST", body });
  if (reply.status !== 202) throw new Error(`${path}: ${reply.text}`);
  return reply.json<Job>().id;
}

async function watch({ open }: Studio, pid: number): Promise<void> {
  await open.visit(`/processes/${pid}?watch=on`);
  await open.page.getByRole("heading", { name: "Growing places" }).waitFor();
  await delay(WATCHED_SECONDS * 1000);
}

async function diagnosis(studio: Studio): Promise<void> {
  const id = await started(studio, "/api/diagnoses", { pid: studio.growing, seconds: WATCHED_SECONDS });
  await studio.open.visit(`/diagnoses/${id}`);
  await studio.open.page.getByRole("region", { name: "Verdict" }).waitFor({ timeout: LIMIT_MS });
}

async function heap({ server, open, growing }: Studio): Promise<void> {
  await server.job("/api/snapshots", { pid: growing });
  const id = (await server.ask("/api/snapshots")).json<SnapshotList>().snapshots.at(-1)?.id;
  await open.visit(`/heaps/${id}?select=__main__.QUOTES`);
  await open.page.getByRole("complementary", { name: "What holds this" }).getByText("global QUOTES").waitFor();
  await open.page.getByRole("application").waitFor();
}

async function inventory(studio: Studio): Promise<void> {
  const id = await started(studio, "/api/caches", { pid: studio.governed });
  await studio.open.visit(`/caches/${id}`);
  const { page } = studio.open;
  await page.getByRole("link", { name: "__main__.quote" }).click({ timeout: LIMIT_MS });
  await page.getByRole("region", { name: "Cache __main__.quote" }).waitFor();
}

async function advice(studio: Studio): Promise<void> {
  const id = await started(studio, "/api/caches/advice", { pid: studio.governed, seconds: 20 });
  await studio.open.visit(`/advice/${id}`);
  await studio.open.page.getByRole("article").first().waitFor({ timeout: LIMIT_MS });
}

async function bill({ open }: Studio): Promise<void> {
  await open.visit("/caches?app=prices&selector=ns%3Aquotes");
  const dialog = open.page.getByRole("dialog");
  await dialog.getByLabel(/^Why/).fill("the price list of yesterday was wrong");
  await dialog.getByRole("button", { name: "Show what it would do" }).click();
  await dialog.getByText(/Nothing was done yet/).waitFor();
}

async function receipts(studio: Studio): Promise<void> {
  await bill(studio);
  const dialog = studio.open.page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Yes, clear now" }).click();
  await dialog.getByRole("button", { name: "Take it back" }).waitFor();
}
