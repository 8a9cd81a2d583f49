// Signals, pipes and the real program.

import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { Writable } from "node:stream";
import { describe, expect, it } from "vitest";
import { streamSink } from "../../src/cli/stream-sink.ts";

const PROJECT = join(import.meta.dirname, "..", "..");
const ENDLESS_PROGRAM = `
  import { exitOnSignals, Interruptions } from "./src/cli/interruptions.ts";
  const interruptions = new Interruptions();
  exitOnSignals(interruptions);
  interruptions.register(() => process.stdout.write("first\\n"));
  interruptions.register(() => process.stdout.write("second\\n"));
  interruptions.register(() => process.stdout.write("never\\n"))[Symbol.dispose]();
  process.on("exit", () => process.stdout.write("exit\\n"));
  setInterval(() => undefined, 60_000);
  process.stdout.write("ready\\n");
`;
const MAIN = "src/cli/main.ts";

describe("signals", () => {
  it.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
    ["SIGHUP", 129],
  ] as const)("%s cleans up, latest first, and ends with %i", async (signal, code) => {
    const child = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", ENDLESS_PROGRAM], {
      cwd: PROJECT,
      stdio: ["ignore", "pipe", "inherit"],
    });
    const text = await textUntilReady(child, () => child.kill(signal));
    expect(text).toBe("ready\nsecond\nfirst\nexit\n");
    expect(child.exitCode).toBe(code);
  });
});

const BUGGY_PROGRAM = (act: string): string => `
  import { exitOnBugs } from "./src/cli/exit-on-bugs.ts";
  exitOnBugs({ argv: ["top", "4711"], version: "1.2.3", environment: process.env });
  process.on("exit", () => process.stdout.write("resumed"));
  setInterval(() => undefined, 60_000);
  ${act}
`;

describe("an error that nobody caught", () => {
  const runBuggy = (act: string, environment: Record<string, string> = {}) =>
    spawnSync(process.execPath, ["--import", "tsx", "--input-type=module", "-e", BUGGY_PROGRAM(act)], {
      cwd: PROJECT,
      encoding: "utf8",
      env: { ...process.env, ...environment },
    });
  it.each([
    ["thrown in a callback", `setTimeout(() => { throw new Error("odd"); });`],
    ["rejected, and awaited by nobody", `void Promise.reject(new Error("odd"));`],
    ["that is no Error", `void Promise.reject("odd");`],
  ])("%s is a sentence and code 70, after all cleaning up", (_, act) => {
    const { status, stdout, stderr } = runBuggy(act);
    expect([status, stdout]).toEqual([70, "resumed"]);
    expect(stderr).toMatch(/^deadweight: odd\nThis is a bug in deadweight/);
    expect(stderr).not.toContain("    at ");
  });
  it("shows the stack with DEADWEIGHT_DEBUG=1", () => {
    const { status, stderr } = runBuggy(`void Promise.reject(new Error("odd"));`, { DEADWEIGHT_DEBUG: "1" });
    expect(status).toBe(70);
    expect(stderr).toContain("    at ");
  });
});

describe("the real program", () => {
  it("knows its version", () => {
    const { stdout, status } = spawnSync(process.execPath, ["--import", "tsx", MAIN, "--version"], {
      cwd: PROJECT,
      encoding: "utf8",
    });
    expect([status, stdout]).toEqual([0, "deadweight 0.1.0\n"]);
  });
  it("is quiet when its reader goes away", () => {
    const line = `{ "${process.execPath}" --import tsx ${MAIN} completion zsh; echo "code $?" >&2; } | true`;
    const { stderr } = spawnSync("bash", ["-c", line], { cwd: PROJECT, encoding: "utf8" });
    expect(stderr).toBe("code 0\n");
  });
  it("says so when the disk is full", () => {
    const { stderr, status } = spawnSync(
      "bash",
      ["-c", `"${process.execPath}" --import tsx ${MAIN} --help > /dev/full`],
      { cwd: PROJECT, encoding: "utf8" },
    );
    expect([status, stderr]).toEqual([2, expect.stringContaining("the output could not be written (ENOSPC")]);
  });
});

describe("a sink", () => {
  const failingWith = (code: string): Writable =>
    new Writable({ write: (_chunk, _encoding, done) => done(Object.assign(new Error(code), { code })) });

  it("takes a reader that went away for done, now and later", async () => {
    const sink = streamSink(failingWith("EPIPE"));
    await expect(sink.write("a")).resolves.toBeUndefined();
    await expect(sink.write("b")).resolves.toBeUndefined();
  });
  it("fails on anything else", async () => {
    await expect(streamSink(failingWith("ENOSPC")).write("a")).rejects.toThrow("could not be written (ENOSPC)");
  });
  it("has columns only on a terminal", () => {
    const stream = (isTTY: boolean) => Object.assign(failingWith("EPIPE"), { isTTY, columns: 132 });
    expect([streamSink(stream(true)).columns, streamSink(stream(false)).columns]).toEqual([132, null]);
  });
});

/** All that the child prints; `act` is called when it says that it is ready. */
async function textUntilReady(child: ChildProcess, act: () => void): Promise<string> {
  let text = "";
  child.stdout?.on("data", (chunk: Buffer) => {
    text += chunk.toString();
    if (text === "ready\n") act();
  });
  await once(child, "close");
  return text;
}
