// A fresh process of target.py. Disposing of it kills it.

import { type ChildProcessByStdio, spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import type { Answer, Step } from "./measurement.ts";

const PROGRAM: string = join(import.meta.dirname, "target.py");

export interface Target extends AsyncDisposable {
  readonly pid: number;
  mark(limit: AbortSignal): Promise<{ readonly cpuSeconds: number }>;
  read(limit: AbortSignal): Promise<{ readonly cpuSeconds: number; readonly gapMs: number }>;
  run(hook: string, limit: AbortSignal): Promise<HookReport>;
  /** Makes the kernel forget the highest resident size so far (proc(5), clear_refs). */
  forgetPeak(): void;
  residentMib(field: "VmRSS" | "VmHWM"): number;
}

export type HookReport =
  | { readonly steps: readonly Step[]; readonly gapMs: number; readonly answer: Answer }
  | { readonly error: string };

/** Objects and bytes in all, and how many of them go away with CACHE. */
export interface Truth {
  readonly objects: number;
  readonly bytes: number;
  readonly cacheObjects: number;
  readonly cacheBytes: number;
}

type Child = ChildProcessByStdio<Writable, Readable, null>;
type Ask = <T>(command: object, limit: AbortSignal) => Promise<T>;

export async function startTarget(python: string, objects: number, limit: AbortSignal): Promise<Target> {
  const child = spawnTarget(python, [String(objects)]);
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const nextAnswer = async (abort: AbortSignal): Promise<unknown> => {
    const line = await orAbort(answers.next(), abort);
    if (line.done === true) throw new Error("the target ended by itself");
    return JSON.parse(line.value);
  };
  const ask: Ask = async <T>(command: object, abort: AbortSignal) => {
    child.stdin.write(`${JSON.stringify(command)}\n`);
    return (await nextAnswer(abort)) as T;
  };
  try {
    await nextAnswer(limit);
  } catch (error) {
    await end(child);
    throw error;
  }
  return targetOf(child, ask);
}

function targetOf(child: Child, ask: Ask): Target {
  const pid = child.pid ?? 0;
  return {
    pid,
    mark: (limit) => ask({ do: "mark" }, limit),
    read: (limit) => ask({ do: "read" }, limit),
    run: (hook, limit) => ask({ do: "run", hook }, limit),
    forgetPeak: () => writeFileSync(`/proc/${pid}/clear_refs`, "5"),
    residentMib: (field) => residentMib(pid, field),
    [Symbol.asyncDispose]: () => end(child),
  };
}

/** A process of its own finds it out, by taking CACHE away; see target.py. */
export async function truthOf(python: string, objects: number, limit: AbortSignal): Promise<Truth> {
  const child = spawnTarget(python, [String(objects), "--truth"]);
  try {
    const line = await orAbort(createInterface({ input: child.stdout })[Symbol.asyncIterator]().next(), limit);
    return JSON.parse(String(line.value)) as Truth;
  } finally {
    await end(child);
  }
}

/** Rejects with the reason of the signal when it fires first. */
export async function orAbort<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  const { promise, reject } = withReject();
  const stop = (): void => reject(signal.reason);
  signal.addEventListener("abort", stop, { once: true });
  try {
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

/** Promise.withResolvers is not in Node 20. */
function withReject(): { readonly promise: Promise<never>; readonly reject: (reason: unknown) => void } {
  let reject: (reason: unknown) => void = () => {};
  const promise = new Promise<never>((_, rejectIt) => {
    reject = rejectIt;
  });
  return { promise, reject };
}

/** In a group of its own, so that Ctrl-C reaches it by way of us only; -B leaves no compiled file in the project. */
function spawnTarget(python: string, args: readonly string[]): Child {
  const child = spawn(python, ["-B", PROGRAM, ...args], { stdio: ["pipe", "pipe", "inherit"], detached: true });
  child.on("error", () => {}); // seen as the end of its output
  child.stdin.on("error", () => {});
  return child;
}

async function end(child: Child): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGKILL");
  await gone;
}

function residentMib(pid: number, field: string): number {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  return Number(new RegExp(`${field}:\\s+(\\d+)`).exec(status)?.[1]) / 1024;
}
