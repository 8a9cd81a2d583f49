// Real programs with the probe loaded, and a hub that they connect to.

import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { onTestFinished } from "vitest";
import type { ProbeConnection } from "../../../src/app/probe/probe-connection.ts";
import { openProbeHub, type ProbeHub } from "../../../src/app/probe/probe-hub.ts";

export interface TestHub {
  readonly hub: ProbeHub;
  /** In order of connection. */
  readonly connections: readonly ProbeConnection[];
  readonly refused: readonly string[];
}

export async function openHub(): Promise<TestHub> {
  const connections: ProbeConnection[] = [];
  const refused: string[] = [];
  const opened = await openProbeHub({
    connected: (connection) => connections.push(connection),
    refused: (why) => refused.push(why),
  });
  if (!opened.ok) throw new Error(opened.error);
  onTestFinished(() => opened.value[Symbol.asyncDispose]());
  return { hub: opened.value, connections, refused };
}

export interface Program {
  readonly child: ChildProcess;
  readonly pid: number;
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** Exit code; -1 for a signal. */
  readonly ended: Promise<number>;
  /** Waits for a line of its own that begins with `word`. */
  readonly says: (word: string) => Promise<void>;
}

/** Starts a program; whatever happens, it is gone after the test. */
export function startProgram(
  command: string,
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
  folder?: string,
): Program {
  const child = spawn(command, args, { stdio: ["pipe", "pipe", "pipe"], env: environment, cwd: folder });
  const texts = { stdout: "", stderr: "" };
  child.stdout.on("data", (chunk: Buffer) => (texts.stdout += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (texts.stderr += chunk.toString()));
  const ended = new Promise<number>((resolve) => child.once("close", (code) => resolve(code ?? -1)));
  onTestFinished(async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill("SIGKILL");
    // What a child of its own may still hold open.
    child.stdout.destroy();
    child.stderr.destroy();
    await ended;
  });
  return {
    child,
    pid: child.pid ?? 0,
    stdout: () => texts.stdout,
    stderr: () => texts.stderr,
    ended,
    says: (word) => until(() => texts.stdout.split("\n").some((line) => line.startsWith(word))),
  };
}

const PATIENCE_MS = 20_000;

/** Waits until it is so; fails the test when it never is. */
export async function until(isSo: () => boolean): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  while (!isSo()) {
    if (Date.now() > deadline) throw new Error(`never came true: ${isSo.toString()}`);
    await sleep(10);
  }
}

/** A folder with these files, gone after the test. */
export function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), "dw-probe-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

/** The environment of these tests without what would change Python's behaviour. */
export function plainEnvironment(more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith("PYTHON"));
  return { ...Object.fromEntries(kept), ...more };
}

/** The answer's value; fails the test when there is none. */
export async function answer<Value>(
  connection: ProbeConnection | undefined,
  ...asked: Parameters<ProbeConnection["request"]>
): Promise<Value> {
  const outcome = await connection?.request(...asked);
  if (outcome?.ok !== true) throw new Error(outcome?.error ?? "no connection");
  return outcome.value as Value;
}
