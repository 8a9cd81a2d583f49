// Time from the command to all receipts, with examples/django on four gunicorn workers under load: npx tsx bench/clear-latency.ts
// Needs `npm run build`. Method: bench/method.md, "How long a clear takes".

import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { parseArgs } from "node:util";
import { clearCaches } from "../src/app/caches/clear-caches.ts";
import { openProcFs } from "../src/capture/proc-fs.ts";
import { readRunState } from "../src/capture/process-signals/run-state.ts";
import { describeInterpreter, findInterpreters } from "../test/support/interpreters.ts";
import { packageVenv } from "../test/support/package-venv.ts";

const { values } = parseArgs({
  options: {
    clears: { type: "string", default: "250" },
    starts: { type: "string", default: "30" },
    python: { type: "string", default: "3.13" },
  },
});

const PROJECT = join(import.meta.dirname, "..");
const TOOL = join(PROJECT, "bin/deadweight.mjs");
const APP = "django-shop";
const WORKERS = 4;
const GAP_MS = 30;
const IDLE_MS = 5000;

/** Asks some hundred times a second, over connections of their own. */
const TRAFFIC = `const url = process.argv[1];
const ask = async () => { for (let n = 0; ; n++) try { await (await fetch(url + "S" + (n % 200), { headers: { connection: "close" } })).text(); await new Promise((go) => setTimeout(go, 10)); } catch { await new Promise((go) => setTimeout(go, 100)); } };
ask(); ask(); ask();`;

function percentile(sorted: readonly number[], share: number): string {
  return (sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? 0).toFixed(1).padStart(8);
}

function print(what: string, times: readonly number[]): void {
  const sorted = times.toSorted((a, b) => a - b);
  const [p50, p99] = [percentile(sorted, 0.5), percentile(sorted, 0.99)];
  console.log(`${what.padEnd(66)} ${String(sorted.length).padStart(5)} ${p50} ${p99} ${percentile(sorted, 1)}`);
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((settle) => server.listen(0, "127.0.0.1", settle));
  const address = server.address();
  await new Promise<void>((settle) => server.close(() => settle()));
  return address === null || typeof address === "string" ? 0 : address.port;
}

async function ended(child: ChildProcess): Promise<void> {
  child.kill("SIGTERM");
  if (child.exitCode === null && child.signalCode === null) await new Promise((settle) => child.on("exit", settle));
}

/** Two milliseconds of a clear: report.tookMs, and all of it in this process. */
async function clearOnce(environment: Readonly<Record<string, string>>): Promise<readonly [acks: number, all: number]> {
  const begun = performance.now();
  const asked = {
    app: APP,
    selector: "ns:prices",
    reason: "a measurement",
    share: 1,
    isDryRun: false,
    canary: null,
    environment,
  };
  const report = await clearCaches(asked);
  const all = performance.now() - begun;
  if (!report.ok || report.value.outcome !== "complete" || report.value.receipts.length !== WORKERS)
    throw new Error(JSON.stringify(report));
  return [report.value.tookMs, all];
}

function commandMs(words: readonly string[], environment: Readonly<Record<string, string>>): number {
  const begun = performance.now();
  const { status } = spawnSync(process.execPath, [TOOL, ...words], { env: { ...process.env, ...environment } });
  if (status !== 0) throw new Error(`${words.join(" ")} ended with ${status}`);
  return performance.now() - begun;
}

function cpuSeconds(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + (readRunState(openProcFs(), pid)?.cpuSeconds ?? 0), 0);
}

async function membersOf(environment: Readonly<Record<string, string>>): Promise<readonly number[]> {
  for (let looks = 0; looks < 200; looks++, await delay(100)) {
    const asked = { app: APP, selector: "ns:prices", reason: "", share: 1, isDryRun: true, canary: null, environment };
    const report = await clearCaches(asked);
    if (report.ok && report.value.receipts.length === WORKERS) return report.value.receipts.map(({ pid }) => pid);
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
  const whole = ["caches", "clear", "ns:prices", "--app", APP, "--reason", "a measurement"];
  const starts = Array.from({ length: Number(values.starts) }, () => [
    commandMs(whole, environment),
    commandMs(["--version"], environment),
  ]);
  console.log(`${"ms".padEnd(66)} ${"n".padStart(5)} ${"p50".padStart(8)} ${"p99".padStart(8)} ${"max".padStart(8)}`);
  print(
    "first token written to last receipt",
    clears.map(([acks]) => acks),
  );
  print(
    "the command once it has started, from reading the log to the result",
    clears.map(([, all]) => all),
  );
  print(
    "what a person waits for: the whole command",
    starts.map(([all = 0]) => all),
  );
  print(
    "of that, starting and ending alone (deadweight --version)",
    starts.map(([, start = 0]) => start),
  );
  const cpu = (user + system) / 1000 / clears.length;
  console.log(`\nCPU time of a clear in a command that has started: ${cpu.toFixed(1)} ms`);
}

async function main(): Promise<void> {
  const python = findInterpreters().findLast(({ version }) => version.startsWith(values.python));
  if (python === undefined) throw new Error(`no Python ${values.python} here`);
  const venv = packageVenv(python, ["django", "fastapi", "gunicorn>=23", "uvicorn>=0.30", "celery>=5.3"]);
  if ("reason" in venv) throw new Error(venv.reason);
  const folder = mkdtempSync(join(tmpdir(), "dw-bench-clear-"));
  const environment = { DEADWEIGHT_CACHES: join(folder, "tables"), DEADWEIGHT_AUDIT: join(folder, "audit") };
  const port = await freePort();
  writeFileSync(join(folder, "prices"), "100");
  const env = {
    ...process.env,
    ...environment,
    PRICES: join(folder, "prices"),
    PYTHONPATH: join(PROJECT, "python/src"),
  };
  const words = ["-m", "gunicorn", "--workers", String(WORKERS), "--bind", `127.0.0.1:${port}`, "shop:application"];
  const server = spawn(venv.program, words, { cwd: join(PROJECT, "examples/django"), env, stdio: "ignore" });
  let traffic: ChildProcess | null = null;
  try {
    const workers = await membersOf(environment);
    const before = cpuSeconds(workers);
    await delay(IDLE_MS);
    const idle = ((cpuSeconds(workers) - before) * 1000) / (IDLE_MS / 1000);
    traffic = spawn(process.execPath, ["-e", TRAFFIC, `http://127.0.0.1:${port}/offer/`], { stdio: "ignore" });
    await delay(1000);
    console.log(`${describeInterpreter(python)}, ${WORKERS} workers, load ${loadavg()[0]?.toFixed(1) ?? ""}`);
    await measure(environment);
    console.log(`Workers that have joined and are idle: ${idle.toFixed(1)} ms of CPU time per second, all together`);
  } finally {
    if (traffic !== null) await ended(traffic);
    await ended(server);
    rmSync(folder, { recursive: true, force: true });
  }
}

await main();
