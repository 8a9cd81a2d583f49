// How much work a process has done: the number that tells growth with traffic from growth with time. Read from what the user
// named and from nothing else; where nothing was named, CPU time stands in for it.

import { spawn } from "node:child_process";
import { fail, ok, type Result } from "../../base/result.ts";
import { sumOfSamples } from "./prometheus-text.ts";

export interface LoadReader {
  /** For messages: "the command `redis-cli llen q`". */
  readonly what: string;
  /** The number now; null when it could not be had in time. Never rejects. One reading at a time. */
  read(): Promise<number | null>;
}

const TIME_LIMIT_MS = 2000;
const MOST_OUTPUT_BYTES = 1 << 16;
const MOST_PAGE_BYTES = 1 << 24;

/** Runs `/bin/sh -c COMMAND`; the last number it prints counts. It is ended after two seconds. */
export function commandLoad(command: string, timeLimitMs: number = TIME_LIMIT_MS): LoadReader {
  return {
    what: `the command \`${command}\``,
    read: async () => lastNumberIn(await outputOf(command, timeLimitMs)),
  };
}

/** "0.5", "1e6", "-3": the last that stands alone; null when there is none. */
export function lastNumberIn(text: string): number | null {
  const found = text.match(/(?<![\w.])[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?(?![\w.])/g)?.at(-1);
  const value = found === undefined ? Number.NaN : Number(found);
  return Number.isFinite(value) ? value : null;
}

/** A group of its own, so that what the shell started ends with it. */
function outputOf(command: string, timeLimitMs: number): Promise<string> {
  return new Promise((resolve) => {
    const child = spawn("/bin/sh", ["-c", command], { stdio: ["ignore", "pipe", "ignore"], detached: true });
    let text = "";
    const settle = (answer: string): void => {
      clearTimeout(limit);
      resolve(answer);
    };
    const limit = setTimeout(() => {
      // Not reaped yet, so that its number is no other group's.
      endGroup(child.pid);
      child.stdout.destroy();
      settle("");
    }, timeLimitMs);
    child.stdout.on("data", (chunk: Buffer) => {
      text = (text + chunk.toString()).slice(-MOST_OUTPUT_BYTES);
    });
    child.once("error", () => settle(""));
    child.once("close", (code) => settle(code === 0 ? text : ""));
  });
}

function endGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, "SIGKILL");
  } catch {
    // It has ended by itself.
  }
}

/** Why a word after `--load-url` names no counter. */
export type LoadUrlProblem = "not-a-url" | "not-http" | "no-counter";

/** `http://127.0.0.1:8000/metrics#http_requests_total`: that counter, summed over its labels. Redirections are not followed. */
export function counterLoad(text: string): Result<LoadReader, LoadUrlProblem> {
  if (!URL.canParse(text)) return fail("not-a-url");
  const url = new URL(text);
  if (url.protocol !== "http:" && url.protocol !== "https:") return fail("not-http");
  const counter = decodeURIComponent(url.hash.slice(1));
  if (!/^[A-Za-z_:][\w:]*$/.test(counter)) return fail("no-counter");
  url.hash = "";
  return ok({
    what: `the counter ${counter} of ${url.origin}${url.pathname}`,
    read: async () => sumOfSamples(await pageAt(url), counter),
  });
}

async function pageAt(url: URL): Promise<string> {
  try {
    const response = await fetch(url, { redirect: "error", signal: AbortSignal.timeout(TIME_LIMIT_MS) });
    if (!response.ok || response.body === null) return "";
    const decoder = new TextDecoder();
    let text = "";
    for await (const chunk of response.body) {
      text += decoder.decode(chunk as Uint8Array, { stream: true });
      if (text.length > MOST_PAGE_BYTES) return "";
    }
    return text;
  } catch {
    return "";
  }
}
