// Faults of what lies around: gunicorn that reloads, a full disk, a table that is removed, another time namespace.

import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, readlinkSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import {
  type Around,
  came,
  clearByTable,
  clearOnce,
  type Drive,
  drive,
  type FaultCase,
  livingOf,
  type Place,
} from "./drive.ts";
import { historyOf } from "./command.ts";

const isRoot = (): boolean => process.getuid?.() === 0;

/** More workers, fewer, all new ones: the pids of a moment ago are not those of now. */
const SUPERVISOR_SIGNALS: readonly NodeJS.Signals[] = ["SIGHUP", "SIGTTIN", "SIGTTOU", "SIGTTIN", "SIGTTOU"];

const NEW_WORKER = "worker that gunicorn started anew";

/** A signal to the supervisor at every `rounds`th clear. */
export function supervising(rounds: number): Around {
  const seen = new Set<number>();
  const named = new Map(SUPERVISOR_SIGNALS.map((signal) => [signal, `${signal} to gunicorn`]));
  return {
    faults: [...named.values(), NEW_WORKER],
    before: (state, round) => {
      const { fleet } = state;
      for (const pid of fleet.words.pids()) seen.add(pid);
      came(state, NEW_WORKER, Math.max(0, seen.size - fleet.size.workers));
      const signal = SUPERVISOR_SIGNALS[Math.floor(round / rounds) % SUPERVISOR_SIGNALS.length] ?? "SIGHUP";
      if (round % rounds === rounds - 1 && process.kill(fleet.pid, signal)) came(state, named.get(signal) ?? "");
    },
  };
}

const gunicorn: FaultCase = {
  name: "gunicorn --preload, HUP, TTIN and TTOU during clears",
  numbers: [19],
  modes: ["deadweight"],
  run: (row, mode) => drive(row, mode, supervising(6), { command: () => gunicornCommand(row) }),
};

export function gunicornCommand({ python, size }: Place): readonly [string, ...string[]] {
  const words = ["--preload", `--workers=${size.workers}`, "--graceful-timeout=1", "--bind=127.0.0.1:0"];
  return [python, "-m", "gunicorn", ...words, "--log-level=error", "--config=python:gunicorn_app", "gunicorn_app:app"];
}

const AHEAD = ["--time", "--boottime", "1000000", "--monotonic", "1000000"];
const OTHER_TIME = "clear of workers with another clock";

const timeNamespace: FaultCase = {
  name: "workers in a time namespace that is 11 days ahead",
  numbers: [17],
  modes: ["deadweight"],
  impossible: () => (isRoot() ? null : "a time namespace needs root"),
  run: (row, mode) =>
    drive(
      row,
      mode,
      {
        faults: [OTHER_TIME],
        before: (state) => {
          const own = readlinkSync("/proc/self/ns/time");
          const living = livingOf(state.fleet);
          if (living.length > 0 && living.every((pid) => readlinkSync(`/proc/${pid}/ns/time`) !== own))
            came(state, OTHER_TIME);
        },
      },
      { command: (words) => ["unshare", ...AHEAD, row.python, ...words] },
    ),
};

const DISK_BYTES = 64 * 1024;
const DISK_FULL = "clear with no room for the log";

/** The audit log lies on a disk of 64 KiB. When it is full nothing is cleared; when there is room again the log is whole. */
const fullDisk: FaultCase = {
  name: "the disk of the audit log is full",
  numbers: [],
  modes: ["deadweight"],
  impossible: () => (isRoot() ? null : "a small disk of its own needs root"),
  run: (row, mode) =>
    drive(row, mode, {
      faults: [DISK_FULL],
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
  const broken = state.broken.length;
  for (let round = 0, refused = 0; round < 40 && refused < 3; round++)
    if ((await clearOnce(state, clearByTable, null)) === "refused") refused++;
  const sentences = state.broken.splice(broken);
  came(state, DISK_FULL, state.answers.refused);
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

const TABLE_REMOVED = "table removed and made anew";

/** Somebody removes the table, and a new process makes a new one: those of before must be named as missing, never as cleared. */
const removedTable: FaultCase = {
  name: "the table is removed and made anew while workers read the old one",
  numbers: [23],
  modes: ["deadweight"],
  run: (row, mode) =>
    drive(row, mode, {
      faults: [TABLE_REMOVED],
      wanted: "partial",
      before: async (state, round) => {
        const { fleet } = state;
        if (round % 4 !== 0) return;
        const table = join(fleet.environment["DEADWEIGHT_CACHES"] ?? "", "faults", "table");
        renameSync(table, `${table}.removed`);
        rmSync(`${table}.removed`);
        execFileSync(row.python, ["-c", "import deadweight; deadweight.join('faults')"], {
          env: { ...process.env, ...fleet.environment, PYTHONPATH: join(import.meta.dirname, "../../python/src") },
        });
        if (readFileSync(table).length > 0 && livingOf(fleet).length > 0) came(state, TABLE_REMOVED);
        await delay(50);
      },
      after: (state, _, answer) => {
        if (answer !== "partial") state.broken.push(`a clear of a table that nobody reads was ${answer}`);
      },
    }),
};

export const PLACE_CASES: readonly FaultCase[] = [gunicorn, timeNamespace, fullDisk, removedTable];
