// Faults of what lies around: gunicorn that reloads, a full disk, a table that is removed, another time namespace.

import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { clearByTable, clearOnce, type Drive, drive, type FaultCase, livingOf, type Place } from "./drive.ts";
import { historyOf } from "./command.ts";

const isRoot = (): boolean => process.getuid?.() === 0;

/** More workers, fewer, all new ones: the pids of a moment ago are not those of now. */
export const SUPERVISOR_SIGNALS: readonly NodeJS.Signals[] = ["SIGHUP", "SIGTTIN", "SIGTTOU", "SIGTTIN", "SIGTTOU"];

const gunicorn: FaultCase = {
  name: "gunicorn --preload, HUP, TTIN and TTOU during clears",
  numbers: [19],
  modes: ["deadweight"],
  run: (place, mode) =>
    drive(
      { ...place, seconds: Math.max(place.seconds, 3) },
      mode,
      {
        before: ({ fleet }, round) => {
          const signal = SUPERVISOR_SIGNALS[Math.floor(round / 6) % SUPERVISOR_SIGNALS.length];
          if (round % 6 === 3 && signal !== undefined) process.kill(fleet.pid, signal);
        },
      },
      {
        command: () => gunicornCommand(place),
      },
    ),
};

export function gunicornCommand({ python, size }: Place): readonly [string, ...string[]] {
  const words = ["--preload", `--workers=${size.workers}`, "--graceful-timeout=1", "--bind=127.0.0.1:0"];
  return [python, "-m", "gunicorn", ...words, "--log-level=error", "--config=python:gunicorn_app", "gunicorn_app:app"];
}

const timeNamespace: FaultCase = {
  name: "workers in a time namespace that is 11 days ahead",
  numbers: [17],
  modes: ["deadweight"],
  impossible: () => (isRoot() ? null : "a time namespace needs root"),
  run: (place, mode) =>
    drive(
      place,
      mode,
      {},
      {
        command: (words) => [
          "unshare",
          "--time",
          "--boottime",
          "1000000",
          "--monotonic",
          "1000000",
          place.python,
          ...words,
        ],
      },
    ),
};

const DISK_BYTES = 64 * 1024;

/** The audit log lies on a disk of 64 KiB. When it is full nothing is cleared; when there is room again the log is whole. */
const fullDisk: FaultCase = {
  name: "the disk of the audit log is full",
  numbers: [],
  modes: ["deadweight"],
  impossible: () => (isRoot() ? null : "a small disk of its own needs root"),
  run: (place, mode) =>
    drive({ ...place, seconds: 0.1 }, mode, {
      before: async (state, round) => {
        if (round > 0) return;
        const folder = state.fleet.environment["DEADWEIGHT_AUDIT"] ?? "";
        mkdirSync(folder);
        execFileSync("mount", ["-t", "tmpfs", "-o", `size=${DISK_BYTES}`, "none", folder]);
        try {
          await fillUp(state, folder);
        } finally {
          execFileSync("umount", ["--lazy", folder]);
        }
      },
    }),
};

/** Ends with room on the disk. */
async function fillUp(state: Drive, folder: string): Promise<void> {
  const ballast = join(folder, "ballast");
  // All but a page and a half, so that the disk ends within a line.
  writeFileSync(ballast, Buffer.alloc(DISK_BYTES - 5 * 4096));
  let refused = 0;
  const broken = state.broken.length;
  for (let round = 0; round < 40 && refused < 3; round++)
    if ((await clearOnce(state, clearByTable, null)) === "refused") refused++;
  const sentences = state.broken.splice(broken);
  if (refused < 3) state.broken.push("the disk did not become full");
  if (!sentences.every((each) => each.includes("ENOSPC") && each.includes("Nothing is changed")))
    state.broken.push(`a full disk was not said: ${sentences.join(" ")}`);
  await checkLog(state);
  rmSync(ballast);
  if ((await clearOnce(state, clearByTable, null)) !== "acknowledged")
    state.broken.push("with room on the disk again it was not cleared");
  await checkLog(state);
}

async function checkLog({ fleet, broken }: Drive): Promise<void> {
  const { fault } = await historyOf(fleet);
  if (fault !== null) broken.push(`the log is not whole: line ${fault.line} ${fault.because}`);
}

/** Somebody removes the table, and a new process makes a new one: those of before must be named as missing, never as cleared. */
const removedTable: FaultCase = {
  name: "the table is removed and made anew while workers read the old one",
  numbers: [23],
  modes: ["deadweight"],
  run: (place, mode) =>
    drive({ ...place, seconds: 0.2 }, mode, {
      before: async ({ fleet, broken }, round) => {
        if (round !== 0) return;
        const table = join(fleet.environment["DEADWEIGHT_CACHES"] ?? "", "faults", "table");
        renameSync(table, `${table}.removed`);
        rmSync(`${table}.removed`);
        execFileSync(place.python, ["-c", "import deadweight; deadweight.join('faults')"], {
          env: { ...process.env, ...fleet.environment, PYTHONPATH: join(import.meta.dirname, "../../python/src") },
        });
        if (readFileSync(table).length === 0 || livingOf(fleet).length === 0) broken.push("no new table was made");
        await delay(50);
      },
      after: (state, _, answer) => {
        if (answer !== "partial") state.broken.push(`a clear of a table that nobody reads was ${answer}`);
      },
    }),
};

export const PLACE_CASES: readonly FaultCase[] = [gunicorn, timeNamespace, fullDisk, removedTable];
