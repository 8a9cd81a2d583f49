// `deadweight serve` as a real program on a free port, and requests to it as anybody could make them.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { type IncomingHttpHeaders, request } from "node:http";
import { request as secureRequest } from "node:https";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { ServingReport } from "../../src/model/serving-report.ts";

const TOOL = join(import.meta.dirname, "../../bin/deadweight.mjs");

export interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** Of a JSON document. */
  readonly json: <T>() => T;
}

export interface Wish {
  readonly method?: "GET" | "POST" | "DELETE";
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON, unless it is bytes or a text already. */
  readonly body?: unknown;
}

export interface Serving extends AsyncDisposable {
  readonly pid: number;
  readonly port: number;
  readonly address: string;
  readonly token: string;
  /** With no headers but those that are wished for. */
  plain(path: string, wish?: Wish): Promise<Reply>;
  /** As a program that has the token. */
  ask(path: string, wish?: Wish): Promise<Reply>;
  /** Starts a job and waits for what comes of it. */
  job<T>(path: string, body: unknown): Promise<T>;
}

/** Ends by Ctrl-C when it is disposed, and says so when it does not. */
export async function startServing(
  words: readonly string[],
  { folder, environment = {} }: { readonly folder: string; readonly environment?: Readonly<Record<string, string>> },
): Promise<Serving> {
  const args = [TOOL, "serve", "--no-open", "--port", "0", "--json", "--folder", join(folder, "kept"), ...words];
  const child = spawn(process.execPath, args, {
    cwd: folder,
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, ...environment },
  });
  const { address, token } = await servingReport(child);
  const port = Number(new URL(address).port);
  const plain: Serving["plain"] = async (path, wish = {}) => await send(new URL(path, address), wish);
  const ask: Serving["ask"] = async (path, wish = {}) =>
    await plain(path, { ...wish, headers: { authorization: `Bearer ${token}`, ...wish.headers } });
  return {
    pid: child.pid ?? 0,
    port,
    address,
    token,
    plain,
    ask,
    job: async (path, body) => {
      const started = await ask(path, { method: "POST", body });
      if (started.status !== 202) throw new Error(`no job: ${started.text}`);
      const { id } = started.json<{ readonly id: string }>();
      // The last event says how it ended.
      await ask(`/api/jobs/${id}/events`);
      const result = await ask(`/api/jobs/${id}/result`);
      if (result.status !== 200) throw new Error(`no result: ${result.text}`);
      return result.json();
    },
    [Symbol.asyncDispose]: async () => await end(child),
  };
}

/** What it prints when it refuses to serve. */
export async function refusedServing(
  words: readonly string[],
): Promise<{ readonly code: number; readonly said: string }> {
  const args = [TOOL, "serve", "--no-open", "--port", "0", ...words];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  child.stderr.on("data", (chunk: Buffer) => (said += chunk.toString()));
  const [code] = (await once(child, "close")) as [number];
  return { code, said };
}

async function servingReport(child: ChildProcess): Promise<ServingReport> {
  let text = "";
  for await (const line of createInterface({ input: child.stdout ?? process.stdin })) {
    text += line;
    if (line === "}") return JSON.parse(text) as ServingReport;
  }
  throw new Error(`it does not serve: ${text}`);
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "close");
  child.kill("SIGINT");
  const limit = setTimeout(() => child.kill("SIGKILL"), 20_000);
  const [code, signal] = (await ended) as [number | null, string | null];
  clearTimeout(limit);
  if (code !== 0) throw new Error(`the server ended with ${code ?? signal}`);
}

/** Node's own client says what it is told to: a browser's would not send another Host. */
async function send(url: URL, { method = "GET", headers = {}, body }: Wish): Promise<Reply> {
  const isRaw = typeof body === "string" || body instanceof Uint8Array;
  const type = body === undefined || isRaw ? {} : { "content-type": "application/json" };
  const options = { method, headers: { ...type, ...headers }, rejectUnauthorized: false };
  const sent = url.protocol === "https:" ? secureRequest(url, options) : request(url, options);
  // A path with dots is sent as it is written.
  return await new Promise((settle, reject) => {
    sent.on("error", reject);
    sent.on("response", (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => (text += chunk));
      response.on("error", reject);
      response.on("end", () =>
        settle({
          status: response.statusCode ?? 0,
          headers: response.headers,
          text,
          json: <T>() => JSON.parse(text) as T,
        }),
      );
    });
    sent.end(body === undefined ? undefined : isRaw ? body : JSON.stringify(body));
  });
}
