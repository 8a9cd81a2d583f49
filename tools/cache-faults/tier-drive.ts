// The loop of every case through a server: as in drive.ts, with clears by `caches clear --redis`.

import { setTimeout as delay } from "node:timers/promises";
import { clearOnRedis } from "../../src/app/caches/redis-clear.ts";
import { type FoundProgram, startServer, type ServerWish, type TestServer } from "../../test/redis/start-server.ts";
import { type Answer, APP, type Around, type CaseResult, type Clear, type Drive, drive, type Row } from "./drive.ts";
import type { FleetAsked, Mode } from "./fleet.ts";

/** Longer than the lease of workers.py and all that is added to it. */
export const BEYOND_LEASE_MS = 1400;

export interface TierCase {
  readonly around: (server: TestServer) => Around;
  /** Where the workers find the server; its own address if not given. */
  readonly url?: (server: TestServer) => Promise<string> | string;
  readonly wish?: ServerWish;
  readonly more?: Partial<FleetAsked>;
  /** Processes share a table, and one of them reads for all. */
  readonly isJoined?: boolean;
}

/** One loads for all, and seldom: so long that some are under way at most clears. */
const LOAD_MS = 40;

/** A server, a fleet that uses it, clears until enough was shown, and what came of it. */
export async function driveTier(
  program: FoundProgram,
  row: Row,
  mode: Mode,
  { around, url, wish = {}, more = {}, isJoined = false }: TierCase,
): Promise<CaseResult> {
  await using server = await startServer(program, wish);
  const told = { FAULT_REDIS: (await url?.(server)) ?? server.url, ...(isJoined ? { FAULT_JOIN: "1" } : {}) };
  const given = around(server);
  return await drive(
    row,
    mode,
    { clear: clearsOf(mode, server), hasTags: mode === "tier", ...given },
    { told, loadMs: LOAD_MS, ...more },
  );
}

function clearsOf(mode: Mode, server: TestServer): Clear {
  switch (mode) {
    case "tier":
      return async (state, key) => await clearThrough(server.url, state, key);
    case "pub/sub":
      return async (state) => await clearByMessage(server, state.version);
    default:
      return async ({ fleet }) => ((await fleet.tellAll()) ? "acknowledged" : "partial");
  }
}

const SELECTORS = ["ns:prices", "ns:prices:v1"];

async function clearThrough(url: string, state: Drive, key: number | null): Promise<Answer> {
  const selector = key === null ? (SELECTORS[state.version % SELECTORS.length] ?? "") : `tag:key:${key}`;
  const { environment } = state.fleet;
  const asked = { app: APP, selector, reason: "the truth has changed", share: 1, isDryRun: false, canary: null };
  const report = await clearOnRedis({ ...asked, environment }, url);
  // Without a server nothing is promised, and it is said.
  if (!report.ok) return "refused";
  const { outcome, receipts } = report.value;
  if (outcome === "complete") return "acknowledged";
  if (!receipts.some(({ state: receipt, because }) => receipt === "missing" && because !== ""))
    state.broken.push("a partial answer without names and reasons");
  return "partial";
}

const ACK_LIMIT_MS = 1000;

/** As many as the server says have got the message. */
async function clearByMessage(server: TestServer, version: number): Promise<Answer> {
  const told = /^:(\d+)/.exec(await server.ask("PUBLISH", "clears", String(version)).catch(() => ""))?.[1];
  if (told === undefined) return "refused";
  if (told === "0") return "partial";
  for (const end = performance.now() + ACK_LIMIT_MS; performance.now() < end; await delay(2)) {
    const [, acks = "0"] = /\r\n(\d+)/.exec(await server.ask("GET", `acks:${version}`).catch(() => "")) ?? [];
    if (Number(acks) >= Number(told)) return "acknowledged";
  }
  return "partial";
}
