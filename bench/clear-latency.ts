// Time from the command to all receipts, with examples/django on four gunicorn workers under load: npx tsx bench/clear-latency.ts
// Needs `npm run build`. Method: bench/method.md, "How long a clear takes".

import { mkdtempSync, rmSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { parseArgs } from "node:util";
import { clearCaches } from "../src/app/caches/clear-caches.ts";
import { openProcFs } from "../src/capture/proc-fs.ts";
import { readRunState } from "../src/capture/process-signals/run-state.ts";
import { describeInterpreter } from "../test/support/interpreters.ts";
import { SHOP, SHOP_WORKERS, shopPython, startShop } from "./gunicorn-shop.ts";
import { commandMs, printHead, printTimes } from "./latency-table.ts";

const { values } = parseArgs({
  options: {
    clears: { type: "string", default: "250" },
    starts: { type: "string", default: "30" },
    python: { type: "string", default: "3.13" },
  },
});

const GAP_MS = 30;
const IDLE_MS = 5000;

/** Two milliseconds of a clear: report.tookMs, and all of it in this process. */
async function clearOnce(environment: Readonly<Record<string, string>>): Promise<readonly [acks: number, all: number]> {
  const begun = performance.now();
  const asked = {
    app: SHOP,
    selector: "ns:prices",
    reason: "a measurement",
    share: 1,
    isDryRun: false,
    canary: null,
    environment,
  };
  const report = await clearCaches(asked);
  const all = performance.now() - begun;
  if (!report.ok || report.value.outcome !== "complete" || report.value.receipts.length !== SHOP_WORKERS)
    throw new Error(JSON.stringify(report));
  return [report.value.tookMs, all];
}

function cpuSeconds(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + (readRunState(openProcFs(), pid)?.cpuSeconds ?? 0), 0);
}

async function membersOf(environment: Readonly<Record<string, string>>): Promise<readonly number[]> {
  for (let looks = 0; looks < 200; looks++, await delay(100)) {
    const asked = { app: SHOP, selector: "ns:prices", reason: "", share: 1, isDryRun: true, canary: null, environment };
    const report = await clearCaches(asked);
    if (report.ok && report.value.receipts.length === SHOP_WORKERS) return report.value.receipts.map(({ pid }) => pid);
  }
  throw new Error("the workers did not join");
}

async function measure(environment: Readonly<Record<string, string>>): Promise<void> {
  const clears: (readonly [number, number])[] = [];
  const cpuBefore = process.cpuUsage();
  for (let clear = 0; clear < Number(values.clears); clear++) {
    clears.push(await clearOnce(environment));
    await delay(GAP_MS);
  }
  const { user, system } = process.cpuUsage(cpuBefore);
  const whole = ["caches", "clear", "ns:prices", "--app", SHOP, "--reason", "a measurement"];
  const starts = Array.from({ length: Number(values.starts) }, () => [
    commandMs(whole, environment),
    commandMs(["--version"], environment),
  ]);
  printHead();
  printTimes(
    "first token written to last receipt",
    clears.map(([acks]) => acks),
  );
  printTimes(
    "the command once it has started, from reading the log to the result",
    clears.map(([, all]) => all),
  );
  printTimes(
    "what a person waits for: the whole command",
    starts.map(([all = 0]) => all),
  );
  printTimes(
    "of that, starting and ending alone (deadweight --version)",
    starts.map(([, start = 0]) => start),
  );
  const cpu = (user + system) / 1000 / clears.length;
  console.log(`\nCPU time of a clear in a command that has started: ${cpu.toFixed(1)} ms`);
}

async function main(): Promise<void> {
  const { python, program } = shopPython(values.python);
  const folder = mkdtempSync(join(tmpdir(), "dw-bench-clear-"));
  const environment = { DEADWEIGHT_CACHES: join(folder, "tables"), DEADWEIGHT_AUDIT: join(folder, "audit") };
  try {
    await using shop = await startShop(program, folder, environment);
    const workers = await membersOf(environment);
    const before = cpuSeconds(workers);
    await delay(IDLE_MS);
    const idle = ((cpuSeconds(workers) - before) * 1000) / (IDLE_MS / 1000);
    shop.startTraffic();
    await delay(1000);
    console.log(`${describeInterpreter(python)}, ${SHOP_WORKERS} workers, load ${loadavg()[0]?.toFixed(1) ?? ""}`);
    await measure(environment);
    console.log(`Workers that have joined and are idle: ${idle.toFixed(1)} ms of CPU time per second, all together`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

await main();
