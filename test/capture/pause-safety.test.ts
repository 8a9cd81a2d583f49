// The target runs on whatever interrupts the tool inside the pause, and what stood still before is left standing.

import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { isStopped } from "../../src/capture/pause-target.ts";
import { openProcFs } from "../../src/capture/proc-fs.ts";
import { captureProcess } from "../../src/capture/capture-process.ts";
import { type CompiledDriver, compileDriver } from "./compile-driver.ts";
import {
  endProcess,
  isAnyThreadStopped,
  startBusyTarget,
  startProcess,
  TARGETS,
  waitForLine,
  waitUntilCounting,
} from "./start-target.ts";

/** A busy machine takes its time; less than the pauses that are asked for here, whose end would let the target go, too. */
const RUNNING_WITHIN_MS = 4000;
const quiet = { maxPauseMs: 5000, progress: () => {} };

let driver: CompiledDriver;
beforeAll(() => {
  driver = compileDriver("test/capture/capture-driver.ts");
}, 60_000);
afterAll(() => driver[Symbol.dispose]());

/** The tool, stopped inside its pause for `holdMs` with its event loop blocked. */
async function toolInsidePause(pid: number, maxPauseMs: number, holdMs: number): Promise<ChildProcess> {
  const args = [driver.file, String(pid), "1", String(maxPauseMs), String(holdMs)];
  const tool = spawn(process.execPath, args, { stdio: ["pipe", "pipe", "inherit"] });
  await waitForLine(tool, "up");
  const stopped = waitForLine(tool, "stopped");
  tool.stdin?.write("go\n");
  await stopped;
  return tool;
}

function exitOf(child: ChildProcess): Promise<string> {
  if (child.exitCode !== null || child.signalCode !== null)
    return Promise.resolve(String(child.signalCode ?? child.exitCode));
  return new Promise((resolve) => child.once("exit", (code, signal) => resolve(String(signal ?? code))));
}

describe("interrupted inside the pause", () => {
  test.each(["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGKILL"] as const)(
    "%s: the target runs on, the tool ends as it should",
    async (signal) => {
      await using target = await startBusyTarget(8);
      const tool = await toolInsidePause(target.pid, 5000, 200);
      expect(isAnyThreadStopped(target.pid)).toBe(true);
      tool.kill(signal);
      expect(await exitOf(tool)).toBe(signal);
      await waitUntilCounting(target, RUNNING_WITHIN_MS);
    },
  );

  test("hanging longer than the limit, the watchdog resumes the target and the copy is not kept", async () => {
    await using target = await startBusyTarget(8);
    const tool = await toolInsidePause(target.pid, 300, RUNNING_WITHIN_MS + 500);
    const answer = Promise.race([waitForLine(tool, "pause-limit"), waitForLine(tool, "cannot-stop")]);
    try {
      expect(isAnyThreadStopped(target.pid)).toBe(true);
      await waitUntilCounting(target, RUNNING_WITHIN_MS);
      await answer;
    } finally {
      await endProcess(tool);
    }
  });

  test("stopped itself, as by Ctrl-Z, the watchdog resumes the target at the limit", async () => {
    await using target = await startBusyTarget(8);
    const tool = await toolInsidePause(target.pid, 400, 100);
    tool.kill("SIGSTOP");
    try {
      await waitUntilCounting(target, RUNNING_WITHIN_MS);
    } finally {
      await endProcess(tool);
    }
  });
});

describe("a target that somebody else has stopped", () => {
  test("is copied and left stopped", async () => {
    await using target = await startBusyTarget(8);
    process.kill(target.pid, "SIGSTOP");
    while (!isStopped(openProcFs(), target.pid)) await delay(5);
    const captured = await captureProcess(target.pid, quiet);
    expect(captured.ok && captured.value.facts.wasStopped).toBe(true);
    expect(captured.ok && captured.value.pauseMs).toBe(0);
    if (captured.ok) captured.value[Symbol.dispose]();
    await delay(50);
    expect(readFileSync(`/proc/${target.pid}/status`, "latin1")).toContain("State:\tT");
    process.kill(target.pid, "SIGCONT");
    await waitUntilCounting(target, RUNNING_WITHIN_MS);
  });

  test("stays stopped when the tool is killed", async () => {
    await using target = await startBusyTarget(8);
    process.kill(target.pid, "SIGSTOP");
    await delay(50);
    const tool = await toolInsidePause(target.pid, 5000, 200);
    await endProcess(tool);
    await delay(200);
    expect(readFileSync(`/proc/${target.pid}/status`, "latin1")).toContain("State:\tT");
  });

  test("that goes on while it is copied gives no torn copy", async () => {
    await using target = await startBusyTarget(8);
    let calls = 0;
    const captured = await captureProcess(target.pid, {
      ...quiet,
      inspect: () => {
        calls += 1;
        process.kill(target.pid, "SIGCONT");
        return "take";
      },
    });
    expect(captured.ok ? null : captured.error.code).toBe("cannot-stop");
    expect(calls).toBeGreaterThan(1);
  });
});

describe("a target that changes", () => {
  test("and exits inside the pause is reported as exited", async () => {
    await using target = await startBusyTarget(8);
    const captured = await captureProcess(target.pid, {
      ...quiet,
      inspect: () => {
        process.kill(target.pid, "SIGKILL");
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
        return "take";
      },
    });
    expect(captured.ok ? null : captured.error.code).toBe("exited-during-read");
  });

  test("and exits between preparation and stop is reported as exited", async () => {
    await using target = await startBusyTarget(8);
    const captured = await captureProcess(target.pid, { ...quiet, progress: () => target.child.kill("SIGKILL") });
    expect(captured.ok ? null : captured.error.code).toBe("exited-during-read");
  });

  test.each(["fork", "exec"])(
    "by %s, again and again, is copied whole or refused, and never left stopped",
    async (change) => {
      await using target = await startProcess("python3", [join(TARGETS, "restless.py"), change]);
      let copied = 0;
      for (let tries = 0; tries < 15; tries++) {
        const captured = await captureProcess(target.pid, quiet);
        if (captured.ok) {
          copied += 1;
          captured.value[Symbol.dispose]();
        } else {
          expect(["exited-during-read", "cannot-stop"]).toContain(captured.error.code);
        }
        expect(isAnyThreadStopped(target.pid)).toBe(false);
      }
      expect(copied).toBeGreaterThan(7);
    },
  );

  test("by mapping memory all the time is still copied whole", async () => {
    await using target = await startProcess("python3", [join(TARGETS, "restless.py"), "grow"]);
    for (let tries = 0; tries < 5; tries++) {
      const captured = await captureProcess(target.pid, quiet);
      expect(captured.ok).toBe(true);
      if (captured.ok) captured.value[Symbol.dispose]();
    }
  });
});

describe("the caller's look at the stopped target", () => {
  test("may ask for another moment, which lets the target run in between", async () => {
    await using target = await startBusyTarget(8);
    const counts: bigint[] = [];
    const captured = await captureProcess(target.pid, {
      ...quiet,
      inspect: () => {
        counts.push(target.counts().reduce((sum, count) => sum + count));
        return counts.length < 4 ? "retry" : "take";
      },
    });
    expect(captured.ok && captured.value.facts.pauses).toBe(4);
    expect(captured.ok && captured.value.facts.takenDespiteInspect).toBe(false);
    if (captured.ok) captured.value[Symbol.dispose]();
    // On a busy machine it may not have had a processor in each of them.
    expect(new Set(counts).size).toBeGreaterThan(1);
  });

  test("is overruled after the allowed tries, and the copy says so", async () => {
    await using target = await startBusyTarget(8);
    const captured = await captureProcess(target.pid, { ...quiet, maxRetries: 2, inspect: () => "retry" });
    expect(captured.ok && captured.value.facts.takenDespiteInspect).toBe(true);
    expect(captured.ok && captured.value.facts.pauses).toBe(3);
    if (captured.ok) captured.value[Symbol.dispose]();
  });

  test("reads the stopped target's memory", async () => {
    await using target = await startBusyTarget(8);
    let magic = "";
    const captured = await captureProcess(target.pid, {
      ...quiet,
      inspect: (memory, { mappings }) => {
        const first = mappings[0];
        if (first !== undefined) magic = Buffer.from(memory.read(first.start, 4)).toString("latin1");
        return "take";
      },
    });
    if (captured.ok) captured.value[Symbol.dispose]();
    expect(magic).toBe("\x7fELF");
  });
});

describe("the limit of the pause", () => {
  test("passed while copying resumes the target and says how far it came", async () => {
    await using target = await startBusyTarget(240);
    const captured = await captureProcess(target.pid, { ...quiet, maxPauseMs: 25 });
    expect(captured.ok ? null : captured.error).toMatchObject({ code: "pause-limit", limitMs: 25, estimatedMs: null });
    await waitUntilCounting(target, RUNNING_WITHIN_MS);
  });

  test("far below what the copy will take, the target is not stopped at all", async () => {
    await using target = await startBusyTarget(320);
    let inspected = 0;
    const inspect = (): "take" => {
      inspected += 1;
      return "take";
    };
    const captured = await captureProcess(target.pid, { ...quiet, maxPauseMs: 5, inspect });
    const error = captured.ok ? null : captured.error;
    expect(error).toMatchObject({ code: "pause-limit", limitMs: 5, copiedBytes: 0 });
    expect(error?.code === "pause-limit" && error.estimatedMs).toBeGreaterThan(10);
    expect(inspected).toBe(0);
  });
});
