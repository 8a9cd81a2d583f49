// Workers under test: started, given orders, and gone when it is over.

import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { openProcFs } from "../../src/capture/proc-fs.ts";
import { readRunState } from "../../src/capture/process-signals/run-state.ts";
import { makeWords, type Words } from "./words.ts";

export const MODES = ["deadweight", "lru_cache", "cachetools", "broadcast"] as const;
/** Through a server: ours, and what programs write. */
export const SERVER_MODES = ["tier", "cache-aside", "pub/sub"] as const;
export type Mode = (typeof MODES)[number] | (typeof SERVER_MODES)[number];

const PYTHON_SOURCES = join(import.meta.dirname, "../../python/src");
const WORKERS_PROGRAM = join(import.meta.dirname, "workers.py");
const START_LIMIT_MS = 20_000;

/** How many processes ask, and in how many threads each. */
export interface FleetSize {
  readonly workers: number;
  readonly threads: number;
}

export interface Fleet extends AsyncDisposable {
  readonly mode: Mode;
  readonly words: Words;
  readonly folder: string;
  /** Of the process that starts the workers. */
  readonly pid: number;
  readonly size: FleetSize;
  /** For commands: where the tables and the audit log lie. */
  readonly environment: Readonly<Record<string, string>>;
  /** Tells every connected worker to clear, and waits until each has said it did. False: some did not. */
  tellAll(): Promise<boolean>;
}

export interface FleetAsked {
  readonly mode: Mode;
  /** An interpreter, with the packages that the mode needs. */
  readonly python: string;
  readonly size: FleetSize;
  /** Longest load. */
  readonly loadMs: number;
  /** After each call; 0: the processors are busy with nothing else. */
  readonly pauseMs: number;
  /** Instead of the interpreter and workers.py; sees the environment of the workers. */
  readonly command?: (words: readonly string[]) => readonly [program: string, ...args: string[]];
  /** For the workers: where their server is, whether they share a table. */
  readonly told?: Readonly<Record<string, string>>;
}

export async function startFleet({ mode, python, size, loadMs, pauseMs, command, told }: FleetAsked): Promise<Fleet> {
  const folder = mkdtempSync(join(tmpdir(), "deadweight-faults-"));
  const environment = { DEADWEIGHT_CACHES: join(folder, "tables"), DEADWEIGHT_AUDIT: join(folder, "audit") };
  mkdirSync(environment.DEADWEIGHT_CACHES, { mode: 0o700 });
  const words = makeWords(join(folder, "words"));
  words.order("loadUs", loadMs * 1000);
  words.order("pauseUs", pauseMs * 1000);
  const hub = await openHub(`${words.path}.socket`);
  const given = [WORKERS_PROGRAM, String(size.workers), String(size.threads)];
  const [program, ...args] = command?.(given) ?? [python, ...given];
  const child = spawn(program, args, {
    // A group of its own, so that whatever it starts can be ended with it.
    detached: true,
    env: {
      ...process.env,
      ...environment,
      ...told,
      FAULT_WORKERS: `${mode} ${words.path}`,
      PYTHONPATH: `${PYTHON_SOURCES}:${import.meta.dirname}`,
      PYTHONDONTWRITEBYTECODE: "1",
      // Forking with threads is what one of the cases is about.
      PYTHONWARNINGS: "ignore",
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  createInterface({ input: child.stdout }).on("line", () => {});
  const fleet: Fleet = {
    mode,
    words,
    folder,
    pid: child.pid ?? 0,
    size,
    environment,
    tellAll: async () => await hub.tellAll(),
    [Symbol.asyncDispose]: async () => {
      words.order("over", 1);
      await endGroup(child);
      // Whoever has just been killed may be in the middle of a write to the folder.
      await untilGone(words);
      await hub[Symbol.asyncDispose]();
      words[Symbol.dispose]();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  await untilAllAsk(fleet, child);
  return fleet;
}

/** Calls between two counts of a thread, as workers.py has it. */
const TURN = 60;

/** Each worker has been answered something. */
async function untilAllAsk({ words, size }: Fleet, child: ChildProcess): Promise<void> {
  for (const end = performance.now() + START_LIMIT_MS; ; await delay(20)) {
    const { calls, loads } = words.counts();
    // Through a server one loads for all.
    const hasAnswers = loads > size.workers * size.threads || calls > size.workers * size.threads * TURN;
    if (words.pids().length >= size.workers && hasAnswers) return;
    if (performance.now() > end || child.exitCode !== null) throw new Error("the workers did not begin to ask");
  }
}

const END_LIMIT_MS = 3000;

async function endGroup(child: ChildProcess): Promise<void> {
  const { pid } = child;
  if (pid === undefined) return;
  const signal = (name: NodeJS.Signals): void => {
    try {
      process.kill(-pid, name);
    } catch {
      // It has ended.
    }
  };
  // What a fault has stopped must go on to end.
  signal("SIGCONT");
  signal("SIGTERM");
  for (const end = performance.now() + END_LIMIT_MS; child.exitCode === null && child.signalCode === null; ) {
    if (performance.now() > end) break;
    await delay(10);
  }
  signal("SIGKILL");
}

async function untilGone(words: Words): Promise<void> {
  for (const end = performance.now() + END_LIMIT_MS; words.pids().some(isLiving); await delay(10))
    if (performance.now() > end) return;
}

/** Whoever is dead and not yet waited for does not count. */
export function isLiving(pid: number): boolean {
  const state = readRunState(openProcFs(), pid);
  return state !== null && !state.isDead;
}

interface Hub extends AsyncDisposable {
  tellAll(): Promise<boolean>;
}

const ANSWER_LIMIT_MS = 1000;

/** A socket that every worker of a peer listens at. */
async function openHub(path: string): Promise<Hub> {
  const sockets = new Map<Socket, number>();
  const server: Server = createServer((socket) => {
    sockets.set(socket, 0);
    socket.on("error", () => sockets.delete(socket));
    socket.on("close", () => sockets.delete(socket));
    // The last line of what it says; a worker that is killed may say half of one.
    socket.on("data", (chunk) => sockets.set(socket, Number(String(chunk).trim().split("\n").at(-1))));
  });
  await new Promise<void>((settle) => server.listen(path, settle));
  let order = 0;
  return {
    tellAll: async () => {
      order++;
      const told = [...sockets.keys()];
      for (const socket of told) socket.write(`${order}\n`);
      const isWaiting = (socket: Socket): boolean => sockets.has(socket) && sockets.get(socket) !== order;
      for (const end = performance.now() + ANSWER_LIMIT_MS; told.some(isWaiting); await delay(1))
        if (performance.now() > end) return false;
      return true;
    },
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets.keys()) socket.destroy();
      await new Promise<void>((settle) => server.close(() => settle()));
    },
  };
}
