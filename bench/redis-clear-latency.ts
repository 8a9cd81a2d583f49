// Time from the command to all receipts through Redis and Valkey on loopback: npx tsx bench/redis-clear-latency.ts
// Needs `npm run build`. Method: bench/method.md, "How long a clear takes between hosts".

import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { parseArgs } from "node:util";
import type { ClearAsked } from "../src/app/caches/clear-caches.ts";
import { clearOnRedis } from "../src/app/caches/redis-clear.ts";
import { describeInterpreter } from "../test/support/interpreters.ts";
import { findServerPrograms } from "../test/redis/server-programs.ts";
import { type FoundProgram, startServer } from "../test/redis/start-server.ts";
import { SHOP, SHOP_WORKERS, type Shop, shopPython, startShop } from "./gunicorn-shop.ts";
import { commandMs, printHead, printTimes } from "./latency-table.ts";

const { values } = parseArgs({
  options: {
    clears: { type: "string", default: "250" },
    starts: { type: "string", default: "20" },
    hosts: { type: "string", default: "1" },
    python: { type: "string", default: "3.13" },
  },
});

const GAP_MS = 30;
const HOSTS = Number(values.hosts);
const MEMBERS = HOSTS * SHOP_WORKERS;

/** Two milliseconds of a clear: report.tookMs, and all of it in this process. */
async function clearOnce(url: string, audit: string): Promise<readonly [acks: number, all: number]> {
  const begun = performance.now();
  const report = await clearOnRedis({ ...askedOf(audit), isDryRun: false }, url);
  const all = performance.now() - begun;
  if (!report.ok || report.value.outcome !== "complete" || report.value.receipts.length !== MEMBERS)
    throw new Error(JSON.stringify(report));
  return [report.value.tookMs, all];
}

function askedOf(audit: string): ClearAsked {
  const environment = { DEADWEIGHT_AUDIT: audit };
  return {
    app: SHOP,
    selector: "ns:prices",
    reason: "a measurement",
    share: 1,
    isDryRun: true,
    canary: null,
    environment,
  };
}

async function untilAllFollow(url: string, audit: string): Promise<void> {
  for (let looks = 0; looks < 200; looks++, await delay(100)) {
    const report = await clearOnRedis(askedOf(audit), url);
    if (report.ok && report.value.receipts.length === MEMBERS) return;
  }
  throw new Error("the workers do not follow the stream");
}

async function measure(url: string, audit: string): Promise<void> {
  const clears: (readonly [number, number])[] = [];
  const cpuBefore = process.cpuUsage();
  for (let clear = 0; clear < Number(values.clears); clear++) {
    clears.push(await clearOnce(url, audit));
    await delay(GAP_MS);
  }
  const { user, system } = process.cpuUsage(cpuBefore);
  const whole = ["caches", "clear", "ns:prices", "--app", SHOP, "--redis", url, "--reason", "a measurement"];
  const starts = Array.from({ length: Number(values.starts) }, () => commandMs(whole, { DEADWEIGHT_AUDIT: audit }));
  printHead();
  printTimes(
    "lock taken to last receipt of both rounds",
    clears.map(([acks]) => acks),
  );
  printTimes(
    "the command once it has started: connecting, the log, all receipts",
    clears.map(([, all]) => all),
  );
  printTimes("what a person waits for: the whole command", starts);
  console.log(
    `\nCPU time of a clear in a command that has started: ${((user + system) / 1000 / clears.length).toFixed(1)} ms\n`,
  );
}

async function measureOn(found: FoundProgram, python: string, folder: string): Promise<void> {
  await using server = await startServer(found);
  const shops: Shop[] = [];
  try {
    for (let host = 0; host < HOSTS; host++) {
      const own = join(folder, String(host));
      mkdirSync(own, { recursive: true });
      // Tables of their own: gunicorns that know each other by the server only.
      const environment = { DEADWEIGHT_CACHES: join(own, "tables"), REDIS_URL: server.url };
      shops.push(await startShop(python, own, environment));
    }
    for (const shop of shops) shop.startTraffic();
    const audit = join(folder, "audit");
    await untilAllFollow(server.url, audit);
    const load = loadavg()[0]?.toFixed(1) ?? "";
    console.log(`${found.kind} ${found.version}, ${HOSTS} x ${SHOP_WORKERS} workers, load ${load}`);
    await measure(server.url, audit);
  } finally {
    for (const shop of shops) await shop[Symbol.asyncDispose]();
  }
}

async function main(): Promise<void> {
  const { python, program } = shopPython(values.python);
  console.log(describeInterpreter(python));
  for (const found of findServerPrograms()) {
    if (!("path" in found)) {
      console.log(`left out: ${found.reason}`);
      continue;
    }
    const folder = mkdtempSync(join(tmpdir(), "dw-bench-redis-clear-"));
    try {
      await measureOn(found, program, folder);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
}

await main();
