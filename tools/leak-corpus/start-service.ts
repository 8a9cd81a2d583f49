// One service of the corpus as a child process: started on a free port, ended by closing its standard input.

import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { readableProgram } from "../demo/allow-siblings.ts";
import type { LeakCase } from "./cases.ts";

const START_LIMIT_MS = 60_000;
const END_LIMIT_MS = 20_000;

export interface Service extends AsyncDisposable {
  readonly pid: number;
  readonly port: number;
  /** What it wrote to standard error so far. */
  readonly complaints: () => string;
  /** Tells it to end; resolves to how it did: exit code, or the signal that was needed. */
  end(by: "end of input" | "SIGTERM"): Promise<number | NodeJS.Signals>;
}

/** Starts a case; rejects when it does not print its address in time. When we die its input ends, and so does it. */
export async function startService(python: string, { program, id }: LeakCase): Promise<Service> {
  const { args } = readableProgram([...program, "--port", "0"]);
  const env = { ...process.env, PYTHONDONTWRITEBYTECODE: "1" };
  const child = spawn(python, args, { stdio: ["pipe", "pipe", "pipe"], env });
  const kill = (): void => void child.kill("SIGKILL");
  let complaints = "";
  child.stderr.on("data", (chunk: Buffer) => {
    complaints = (complaints + chunk.toString("utf8")).slice(-4000);
  });
  // A service that ended by itself no longer reads what closing its input sends.
  child.stdin.on("error", () => {});
  const ended = new Promise<number | NodeJS.Signals>((settle) => {
    child.once("exit", (code, signal) => settle(code ?? signal ?? 1));
  });
  const end: Service["end"] = async (by) => {
    if (by === "SIGTERM") child.kill(by);
    else child.stdin.end();
    const limit = setTimeout(kill, END_LIMIT_MS);
    const how = await ended;
    clearTimeout(limit);
    return how;
  };
  try {
    const address = await firstLine(child.stdout);
    const port = Number(/:(\d+)$/.exec(address)?.[1]);
    return {
      pid: child.pid ?? 0,
      port,
      complaints: () => complaints,
      end,
      [Symbol.asyncDispose]: async () => void (await end("end of input")),
    };
  } catch (error) {
    kill();
    throw new Error(`${id} on ${python} did not start: ${complaints}`, { cause: error });
  }
}

async function firstLine(stdout: Readable): Promise<string> {
  const lines = createInterface({ input: stdout, signal: AbortSignal.timeout(START_LIMIT_MS) });
  for await (const line of lines) return line;
  throw new Error("it printed no address");
}
