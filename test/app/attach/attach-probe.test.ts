// The probe in a process that was started without it, and nothing of it afterwards.

import { spawn } from "node:child_process";
import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";
import { type AttachedProbe, type AttachOptions, attachProbe } from "../../../src/app/attach/attach-probe.ts";
import { detachProbe } from "../../../src/app/attach/detach-probe.ts";
import type { ProbeConnection } from "../../../src/app/probe/probe-connection.ts";
import { type CompiledDriver, compileDriver } from "../../capture/compile-driver.ts";
import { waitForLine } from "../../capture/start-target.ts";
import { describeInterpreter, findInterpreters } from "../../support/interpreters.ts";
import { type AskedProgram, attachableInterpreters, QUIETLY, startAsked } from "./attach-target.ts";
import { ownTemporaries } from "../../support/own-temporaries.ts";

const python = findInterpreters().at(-1)?.path ?? "python3";
const PROJECT = join(import.meta.dirname, "../../..");
const stateHome = process.env["XDG_STATE_HOME"];
beforeAll(() => {
  process.env["XDG_STATE_HOME"] = join(PROJECT, "node_modules/.cache/state");
});
afterAll(() => {
  if (stateHome === undefined) delete process.env["XDG_STATE_HOME"];
  else process.env["XDG_STATE_HOME"] = stateHome;
});

describe.each(attachableInterpreters().map((each) => [describeInterpreter(each), each] as const))(
  "Python %s",
  (_, { path, version }) => {
    it("answers, and leaves nothing behind", { timeout: 120_000 }, async () => {
      await using target = await startAsked(path);
      const before = await target.ask("state");
      const attached = await attach(target);
      expect(attached.connection.hello).toMatchObject({ pid: target.pid, python: version });
      const stats = await attached.connection.request("stats");
      expect(stats).toMatchObject({ ok: true, value: { tracing: false } });
      expect(await target.ask("state")).not.toEqual(before);
      await attached[Symbol.asyncDispose]();
      await sameAs(target, before);
      // A fork after it: none of its hooks starts a thread.
      expect(await target.ask("fork")).toBe(1);
    });

    it("is taken out from elsewhere, whatever was switched on", { timeout: 120_000 }, async () => {
      await using target = await startAsked(path);
      const before = await target.ask("state");
      await using attached = await attach(target);
      await attached.connection.request("gc-events");
      await attached.connection.request("trace-start");
      expect(await detachProbe(target.pid, QUIETLY)).toMatchObject({ ok: true });
      await attached.connection.closed;
      await sameAs(target, before);
      expect(await detachProbe(target.pid, QUIETLY)).toMatchObject({ ok: false, error: { code: "not-attached" } });
    });
  },
);

it("one process has one probe; when it has left there is room for another", { timeout: 60_000 }, async () => {
  await using target = await startAsked(python);
  const first = await attach(target);
  expect(await attachProbe(target.pid, QUIETLY)).toMatchObject({ ok: false, error: { code: "already-attached" } });
  expect((await first.connection.request("ping")).ok).toBe(true);
  await first[Symbol.asyncDispose]();
  await vi.waitUntil(async () => ((await target.ask("state")) as { modules: [] }).modules.length === 0, 20_000);
  await using second = await attach(target);
  expect((await second.connection.request("ping")).ok).toBe(true);
});

it("a forked child has a connection of its own while it lives", { timeout: 60_000 }, async () => {
  await using target = await startAsked(python);
  const connections: ProbeConnection[] = [];
  await using _attached = await attach(target, { connected: (connection) => connections.push(connection) });
  expect(await target.ask("fork")).toBe(2);
  expect(connections.map(({ hello }) => hello.pid === target.pid)).toEqual([true, false]);
  await connections[1]?.closed;
});

describe("a tool that is killed", () => {
  let driver: CompiledDriver;
  beforeAll(() => {
    driver = compileDriver("test/app/attach/attach-driver.ts");
    // What it sends is beside it.
    symlinkSync(join(PROJECT, "python"), join(driver.file, "../../../..", "python"));
  }, 60_000);
  afterAll(() => driver[Symbol.dispose]());

  it("while it is connected: the probe switches all off and leaves", { timeout: 60_000 }, async () => {
    using _own = ownTemporaries();
    await using target = await startAsked(python);
    const before = await target.ask("state");
    const tool = startTool(driver, target);
    await waitForLine(tool, "tracing");
    expect(await target.ask("state")).toMatchObject({ tracing: true });
    tool.kill("SIGKILL");
    await sameAs(target, before);
  });

  it("at any moment of attaching: the process runs on, and can be attached to", { timeout: 240_000 }, async () => {
    using _own = ownTemporaries();
    await using target = await startAsked(python);
    for (let kills = 0; kills < 25; kills++) {
      const tool = startTool(driver, target);
      await waitForLine(tool, "up");
      await sleep(kills * 8);
      tool.kill("SIGKILL");
      expect(await target.ask("state")).toMatchObject({ tracing: expect.any(Boolean) as boolean });
    }
    await vi.waitUntil(async () => ((await target.ask("state")) as { modules: [] }).modules.length === 0, 20_000);
    await using attached = await attach(target);
    expect((await attached.connection.request("ping")).ok).toBe(true);
  });
});

function startTool({ file }: CompiledDriver, { pid }: AskedProgram): ReturnType<typeof spawn> {
  const tool = spawn(process.execPath, [file, String(pid)], { stdio: ["pipe", "pipe", "inherit"] });
  onTestFinished(() => void tool.kill("SIGKILL"));
  return tool;
}

async function attach({ pid }: AskedProgram, more: Partial<AttachOptions> = {}): Promise<AttachedProbe> {
  const attached = await attachProbe(pid, { ...QUIETLY, ...more });
  if (!attached.ok) throw new Error(JSON.stringify(attached.error));
  return attached.value;
}

/** The thread's last steps take a moment after the connection is closed. */
async function sameAs(target: AskedProgram, before: unknown): Promise<void> {
  const text = JSON.stringify(before);
  await vi.waitUntil(async () => JSON.stringify(await target.ask("state")) === text, 20_000).catch(() => undefined);
  expect(await target.ask("state")).toEqual(before);
}
