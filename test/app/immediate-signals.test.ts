// Ctrl-C during work that never comes back to the event loop.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const PROJECT = join(import.meta.dirname, "..", "..");
const BUSY_PROGRAM = `
  import { writeSync } from "node:fs";
  import { immediateSignals } from "./src/app/immediate-signals.ts";
  const hear = (signal) => { writeSync(1, "heard " + signal); process.exit(3); };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, hear);
  const signals = immediateSignals();
  if (process.argv.includes("busy")) { writeSync(1, "busy"); for (;;); }
  signals[Symbol.dispose]();
  writeSync(1, "done ");
  setInterval(() => undefined, 60_000);
`;

async function endedBy(signal: NodeJS.Signals, mode: string): Promise<unknown> {
  const child = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", BUSY_PROGRAM, mode], {
    cwd: PROJECT,
    stdio: ["ignore", "pipe", "inherit"],
  });
  let text = "";
  child.stdout.on("data", (chunk: Buffer) => {
    if (text === "") child.kill(signal);
    text += chunk.toString();
  });
  await once(child, "close");
  return { text, code: child.exitCode, signal: child.signalCode };
}

describe.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)("%s", (signal) => {
  it("ends a program that is busy at once, with listeners or without", async () => {
    expect(await endedBy(signal, "busy")).toEqual({ text: "busy", code: null, signal });
  });
});

it("listeners are heard again afterwards", async () => {
  expect(await endedBy("SIGTERM", "idle")).toEqual({ text: "done heard SIGTERM", code: 3, signal: null });
});
