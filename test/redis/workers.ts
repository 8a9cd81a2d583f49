// Worker processes over one source of truth, for tests that clear and break things meanwhile.

import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { endProcess } from "../capture/start-target.ts";
import { SOURCES } from "../python-package/package-under-test.ts";
import { findInterpreters } from "../support/interpreters.ts";

/** What one process has counted. */
export interface Counted {
  readonly pid: number;
  readonly calls: number;
  readonly loads: number;
  readonly hits: number;
  /** Answers older than a clear that was acknowledged before the call began. */
  readonly violations: number;
  readonly setBack: number;
  readonly bypassed: number;
  readonly unconfirmed: number;
}

export interface Workers extends AsyncDisposable {
  readonly pids: readonly number[];
  /** The version that loaders read from now on. */
  change(version: number): void;
  /** No call that begins from now on may get an older one. */
  acknowledge(version: number): void;
  end(): Promise<readonly Counted[]>;
}

export interface WorkersWish {
  readonly url: string;
  readonly app: string;
  readonly folder: string;
  readonly processes: number;
  readonly threads: number;
  /** Children of each process; it does nothing itself then. */
  readonly forks?: number;
  readonly isJoined?: boolean;
}

/** Looked for once: every interpreter is started for it. */
const NEWEST = findInterpreters().at(-1);

export async function startWorkers(wish: WorkersWish): Promise<Workers> {
  const { url, app, folder, processes, threads, forks = 0, isJoined = false } = wish;
  const file = join(folder, "source");
  writeFileSync(file, Buffer.alloc(4096));
  const fd = openSync(file, "r+");
  const set = (word: number, value: number): void => {
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64LE(BigInt(value));
    writeSync(fd, bytes, 0, 8, word * 8);
  };
  const script = join(import.meta.dirname, "worker.py");
  const words = [script, url, app, file, String(threads), String(forks), isJoined ? "1" : "0"];
  const environment = {
    ...process.env,
    PYTHONPATH: SOURCES,
    PYTHONDONTWRITEBYTECODE: "1",
    DEADWEIGHT_CACHES: join(folder, "tables"),
  };
  const children: ChildProcess[] = [];
  const lines: string[] = [];
  for (let each = 0; each < processes; each++) {
    const child = spawn(NEWEST!.path, words, { env: environment, stdio: ["ignore", "pipe", "ignore"] });
    createInterface({ input: child.stdout }).on("line", (line) => lines.push(line));
    children.push(child);
  }
  await until(() => lines.length >= processes);
  const pids = lines.splice(0).flatMap((line) => line.split(" ").slice(1).map(Number));
  return {
    pids,
    change: (version) => set(0, version),
    acknowledge: (version) => set(1, version),
    end: async () => {
      set(2, 1);
      await Promise.all(children.map(async (child) => await exited(child)));
      return lines.map((line) => JSON.parse(line) as Counted);
    },
    [Symbol.asyncDispose]: async () => {
      set(2, 1);
      closeSync(fd);
      for (const child of children) await endProcess(child);
      // A child of a fork that was stopped outlives its parent.
      for (const pid of forks > 0 ? pids : []) killIfThere(pid);
    },
  };
}

async function exited(child: ChildProcess): Promise<void> {
  await until(() => child.exitCode !== null || child.signalCode !== null);
  // Its last line may be on the way.
  await delay(20);
}

function killIfThere(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended.
  }
}

export async function until(isTrue: () => boolean | Promise<boolean>, limitMs = 30_000): Promise<void> {
  for (const end = performance.now() + limitMs; !(await isTrue()); ) {
    if (performance.now() > end) throw new Error("it did not happen in time");
    await delay(5);
  }
}
