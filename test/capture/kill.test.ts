// The promise: whatever kills us, and whenever, the target runs on. Proved by doing it 100 times.

import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openProcFs } from "../../src/capture/proc-fs.ts";
import { isDeadState, readStat } from "../../src/capture/proc-stat.ts";
import { type CompiledDriver, compileDriver } from "./compile-driver.ts";
import {
  type CountingTarget,
  endProcess,
  isAnyThreadStopped,
  startBusyTarget,
  waitForLine,
  waitUntilCounting,
} from "./start-target.ts";

/** More than a tenth must hit a pause, which half of them aim at. */
const KILLS = 100;
/** Less than the pause that is asked for, whose end would let it go, too. */
const RUNNING_WITHIN_MS = 4000;
const proc = openProcFs();

let driver: CompiledDriver;
beforeAll(() => {
  driver = compileDriver("test/capture/capture-driver.ts");
}, 60_000);
afterAll(() => driver[Symbol.dispose]());

function startDriver(target: CountingTarget): ChildProcess {
  return spawn(process.execPath, [driver.file, String(target.pid), "1000"], { stdio: ["pipe", "pipe", "inherit"] });
}

test("killed at 100 random moments, the target runs on with every thread", { timeout: 300_000 }, async ({
  annotate,
}) => {
  await using target = await startBusyTarget(24);
  const watchdogs = new Set<number>();
  let killedInsidePause = 0;
  let slowestMs = 0;
  let next = startDriver(target);
  for (let kills = 0; kills < KILLS; kills++) {
    const victim = next;
    await waitForLine(victim, "up");
    next = startDriver(target);
    try {
      // Half the kills anywhere in the life of the tool, half soon after a stop.
      const stopped = waitForLine(victim, "stopped");
      victim.stdin?.write("go\n");
      stopped.catch(() => {});
      if (kills % 2 === 0) await delay(Math.random() * 140);
      else await stopped.then(() => delay(Math.random() * 12));
      for (const pid of childrenOf(victim.pid ?? 0)) watchdogs.add(pid);
      victim.kill("SIGKILL");
      if (isAnyThreadStopped(target.pid)) killedInsidePause += 1;
      slowestMs = Math.max(slowestMs, await waitUntilCounting(target, RUNNING_WITHIN_MS));
    } finally {
      await endProcess(victim);
    }
  }
  await endProcess(next);
  expect(watchdogs.size).toBeGreaterThan(KILLS / 10);
  await expectGone(watchdogs);
  expect(isAnyThreadStopped(target.pid)).toBe(false);
  // A proof that never hit a pause would prove nothing.
  expect(killedInsidePause).toBeGreaterThan(KILLS / 10);
  await annotate(
    `${KILLS} kills, ${killedInsidePause} inside a pause, slowest back to work after ${slowestMs.toFixed(0)} ms`,
  );
});

function childrenOf(pid: number): number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, "latin1").split(" ").filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

/** A watchdog whose tool died while it was still starting needs a moment to notice. */
async function expectGone(pids: ReadonlySet<number>): Promise<void> {
  const alive = (): number[] => [...pids].filter(isAlive);
  for (let waited = 0; waited < 200 && alive().length > 0; waited++) await delay(10);
  expect(alive(), "watchdogs that outlived the tool").toEqual([]);
}

/** Ended processes may stay zombies until init looks. */
function isAlive(pid: number): boolean {
  const stat = readStat(proc, pid);
  return stat.ok && !isDeadState(stat.value.state);
}
