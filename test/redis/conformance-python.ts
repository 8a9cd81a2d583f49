// The Python client of the conformance cases, in a process of its own.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { SOURCES } from "../python-package/package-under-test.ts";
import { findInterpreters } from "../support/interpreters.ts";
import type { ConformanceClient, Definition } from "./conformance-step.ts";

const PYTHON = findInterpreters().at(-1)!.path;

/** `arguments`: names of all arguments of the case. */
export type ClientStart = [url: string, app: string, define: Definition & { readonly arguments: readonly string[] }];

/** A Python process that is one client after the other. */
export interface PythonDriver extends AsyncDisposable {
  client(...words: ClientStart): Promise<ConformanceClient>;
}

export function startPython(): PythonDriver {
  const environment = { ...process.env, PYTHONPATH: SOURCES, PYTHONDONTWRITEBYTECODE: "1" };
  const child = spawn(PYTHON, [join(import.meta.dirname, "conformance-driver.py")], {
    env: environment,
    stdio: ["pipe", "pipe", "ignore"],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const send = async (words: unknown): Promise<unknown> => {
    child.stdin.write(`${JSON.stringify(words)}\n`);
    const { value, done } = await lines.next();
    if (done === true) throw new Error("the Python client has ended");
    return JSON.parse(value) as unknown;
  };
  return {
    client: async (url, app, define) => {
      await send({ start: url, app, define });
      return { do: send, [Symbol.asyncDispose]: async () => await Promise.resolve() };
    },
    [Symbol.asyncDispose]: async () => {
      child.stdin.end();
      if (child.exitCode === null) await once(child, "exit");
    },
  };
}
