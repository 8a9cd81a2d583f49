// The built command, as a person starts it.

import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import type { CacheCommandReport, CacheHistory } from "../../src/model/cache-command.ts";
import { APP } from "./drive.ts";
import type { Fleet } from "./fleet.ts";

const TOOL = join(import.meta.dirname, "../../bin/deadweight.mjs");

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly text: string;
}

export interface RunningCommand {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
}

/** `preload`: a file of this folder that it loads first. */
export function startCommand(
  fleet: Fleet,
  words: readonly string[],
  preload: { readonly file: string; readonly environment: Readonly<Record<string, string>> } | null = null,
): RunningCommand {
  const env = {
    ...process.env,
    ...fleet.environment,
    ...(preload === null
      ? {}
      : { ...preload.environment, NODE_OPTIONS: `--import=${join(import.meta.dirname, preload.file)}` }),
  };
  const child = spawn(process.execPath, [TOOL, "caches", ...words, "--app", APP, "--json"], {
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const text: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => text.push(String(chunk)));
  const ended = new Promise<Ended>((settle) => {
    child.on("close", (code, signal) => settle({ code, signal, text: text.join("") }));
  });
  return { child, ended };
}

export const CLEAR_WORDS: readonly string[] = ["clear", "ns:prices", "--reason", "the truth has changed"];

/** Null when it did not say one. */
export function reportIn({ text }: Ended): CacheCommandReport | null {
  const report = objectIn(text) as { readonly schema?: string } | null;
  return report?.schema === "deadweight/cache-command@1" ? (report as CacheCommandReport) : null;
}

export async function historyOf(fleet: Fleet): Promise<CacheHistory> {
  return objectIn((await startCommand(fleet, ["history"]).ended).text) as CacheHistory;
}

function objectIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
