// The ways in which the same small leaking shop is deployed: command lines of servers, and the work they are given.

import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { get } from "node:http";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

const SERVED = join(import.meta.dirname, "served");

export interface Deployment {
  readonly name: string;
  /** Words after the interpreter. */
  readonly words: (port: number) => readonly string[];
  /** True when the process that is started only supervises. */
  readonly isSupervised: boolean;
  /** http: requests are sent. queue: tasks are put in. none: it works by itself. */
  readonly work: "http" | "queue" | "none";
}

const gunicorn = (name: string, ...options: readonly string[]): Deployment => ({
  name: `gunicorn, ${name}`,
  words: (port) => ["-m", "gunicorn", "--bind", `127.0.0.1:${port}`, ...options, "web:wsgi"],
  isSupervised: true,
  work: "http",
});
const uvicorn = (name: string, isSupervised: boolean, ...options: readonly string[]): Deployment => ({
  name: `uvicorn, ${name}`,
  words: (port) => ["-m", "uvicorn", "--port", `${port}`, "--log-level", "warning", ...options, "web:asgi"],
  isSupervised,
  work: "http",
});
const script = (name: string, word: string): Deployment => ({
  name,
  words: () => ["script.py", word],
  isSupervised: false,
  work: "none",
});

export const DEPLOYMENTS: readonly Deployment[] = [
  gunicorn("1 worker", "--workers", "1"),
  gunicorn("4 sync workers", "--workers", "4"),
  gunicorn("4 workers with threads", "--workers", "4", "--worker-class", "gthread", "--threads", "4"),
  gunicorn("4 preloaded workers", "--workers", "4", "--preload"),
  uvicorn("1 process", false),
  uvicorn("2 workers", true, "--workers", "2"),
  {
    name: "celery, prefork",
    words: () => ["-m", "celery", "-A", "tasks", "worker", "--concurrency", "2", "--loglevel", "WARNING"],
    isSupervised: true,
    work: "queue",
  },
  script("a script", "loop"),
  script("an asyncio daemon", "asyncio"),
  script("a process that uses all of its processor", "busy"),
];

export const PACKAGES: readonly string[] = ["gunicorn>=23", "uvicorn>=0.30", "celery>=5.3"];

export interface RunningDeployment extends AsyncDisposable {
  /** Of the process that was started. */
  readonly pid: number;
  /** Matches it and its workers, and no other deployment that runs at the same time. */
  readonly pattern: RegExp;
  readonly complaints: () => string;
}

/** Starts it and its traffic in the environment that `prepare` makes, and gives it a moment to warm up. Everything has ended when this is disposed. */
export async function deploy(
  python: string,
  deployment: Deployment,
  prepare: (given: NodeJS.ProcessEnv) => NodeJS.ProcessEnv = (given) => given,
  warmUpMs: number = WARM_UP_MS,
): Promise<RunningDeployment> {
  const folder = mkdtempSync(join(tmpdir(), "dw-deployed-"));
  const queue = join(folder, "queue");
  mkdirSync(queue);
  const port = await freePort();
  const env = prepare({ ...process.env, PYTHONDONTWRITEBYTECODE: "1", PYTHONPATH: SERVED, SHOP_QUEUE: queue });
  const running: ChildProcess[] = [];
  const log: string[] = [];
  const start = (words: readonly string[]): ChildProcess => {
    const child = spawn(python, words, { cwd: SERVED, env, stdio: ["ignore", "pipe", "pipe"], detached: true });
    for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk: Buffer) => log.push(String(chunk)));
    running.push(child);
    return child;
  };
  const stopTraffic = new AbortController();
  const child = start(deployment.words(port));
  if (deployment.work === "queue") start(["tasks.py"]);
  const traffic = deployment.work === "http" ? sendRequests(port, stopTraffic.signal) : null;
  const dispose = async (): Promise<void> => {
    stopTraffic.abort();
    await traffic;
    for (const each of running) await endGroup(each);
    rmSync(folder, { recursive: true, force: true });
  };
  await delay(warmUpMs);
  const words = deployment
    .words(port)
    .join(" ")
    .replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return {
    pid: child.pid ?? 0,
    pattern: new RegExp(`${words}$`),
    complaints: () => log.join("").slice(-2000),
    [Symbol.asyncDispose]: dispose,
  };
}

const WARM_UP_MS = 6000;
const GAP_MS = 15;

/** A connection for each request, as a balancer without keep-alive sends them; several at once, so that several workers serve. */
async function sendRequests(port: number, signal: AbortSignal): Promise<void> {
  let number = 0;
  const underWay = new Set<Promise<void>>();
  while (!signal.aborted) {
    const asked = request(port, number++).finally(() => underWay.delete(asked));
    underWay.add(asked);
    await delay(GAP_MS);
  }
  await Promise.all(underWay);
}

function request(port: number, number: number): Promise<void> {
  return new Promise((settle) => {
    const asked = get(
      { host: "127.0.0.1", port, path: `/visit/${number}`, agent: false, timeout: 10_000 },
      (answer) => {
        answer.resume();
        answer.on("close", () => settle());
      },
    );
    asked.on("timeout", () => asked.destroy());
    // Before it listens, and when it ends.
    asked.on("error", () => settle());
  });
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((settle) => server.listen(0, "127.0.0.1", settle));
  const address = server.address();
  await new Promise<void>((settle) => server.close(() => settle()));
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

async function endGroup(child: ChildProcess): Promise<void> {
  if (child.pid === undefined) return;
  const gone = new Promise<void>((settle) => child.once("exit", () => settle()));
  // Once it is reaped its number may be another group's.
  if (child.exitCode !== null || child.signalCode !== null) return;
  process.kill(-child.pid, "SIGKILL");
  await gone;
}
