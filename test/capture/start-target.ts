// Starts real processes to look at, and makes sure that each one is gone when the test is.

import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { onTestFinished } from "vitest";
import { openProcFs } from "../../src/capture/proc-fs.ts";
import { isStoppedState, readTaskStates } from "../../src/capture/proc-stat.ts";

export const TARGETS: string = join(import.meta.dirname, "targets");

export interface TestProcess extends AsyncDisposable {
  readonly pid: number;
  readonly child: ChildProcess;
}

/** Starts a program and waits for its line "ready". */
export async function startProcess(
  command: string,
  args: readonly string[],
  env?: NodeJS.ProcessEnv,
  onText?: (text: string) => void,
): Promise<TestProcess> {
  const child = spawn(command, args, { stdio: ["pipe", "pipe", "inherit"], env: env ?? process.env });
  child.stdout.on("data", (chunk: Buffer) => onText?.(chunk.toString()));
  await waitForLine(child, "ready");
  const pid = child.pid ?? 0;
  // `await using` in the test ends it in time; this also holds when the test itself runs into its time limit.
  onTestFinished(() => endProcess(child));
  return { pid, child, [Symbol.asyncDispose]: () => endProcess(child) };
}

export interface CountingTarget extends TestProcess {
  /** The three threads' counters. */
  counts(): bigint[];
}

/** test/capture/targets/busy.py with a counter file of its own. */
export async function startBusyTarget(megabytes: number): Promise<CountingTarget> {
  const folder = mkdtempSync(join(tmpdir(), "dw-capture-"));
  const file = join(folder, "counter");
  writeFileSync(file, Buffer.alloc(24));
  const target = await startProcess("python3", [join(TARGETS, "busy.py"), file, String(megabytes)]);
  return {
    ...target,
    counts: () => {
      const bytes = readFileSync(file);
      return [0, 8, 16].map((offset) => bytes.readBigInt64LE(offset));
    },
    [Symbol.asyncDispose]: async () => {
      await target[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Rejects when the program ends or 20 s pass before it says `line`. */
export function waitForLine(child: ChildProcess, line: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let text = "";
    const limit = setTimeout(() => settle(new Error(`no "${line}" within 20 s: ${text}`)), 20_000);
    const onData = (chunk: Buffer): void => {
      text += chunk.toString();
      if (text.split("\n").includes(line)) settle(null);
    };
    const onExit = (): void => settle(new Error(`ended before "${line}": ${text}`));
    const settle = (error: Error | null): void => {
      clearTimeout(limit);
      child.stdout?.off("data", onData);
      child.off("exit", onExit);
      if (error === null) resolve();
      else reject(error);
    };
    child.stdout?.on("data", onData);
    child.once("exit", onExit);
    child.once("error", settle);
  });
}

/** Kills a child and waits until it is reaped. */
export async function endProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  child.kill("SIGKILL");
  await exited;
}

/** True when any thread of the process stands still. */
export function isAnyThreadStopped(pid: number): boolean {
  return readTaskStates(openProcFs(), pid).some((task) => isStoppedState(task.state));
}

/** Waits until no thread is stopped and the counters move; the milliseconds it took. Throws after `limitMs`. */
export async function waitUntilCounting(target: CountingTarget, limitMs: number): Promise<number> {
  const startMs = performance.now();
  const before = target.counts();
  for (;;) {
    const isCounting = target.counts().some((count, slot) => count > (before[slot] ?? 0n));
    const elapsedMs = performance.now() - startMs;
    if (isCounting && !isAnyThreadStopped(target.pid)) return elapsedMs;
    if (elapsedMs > limitMs) throw new Error(`the target stood still for ${Math.round(elapsedMs)} ms`);
    await delay(2);
  }
}
