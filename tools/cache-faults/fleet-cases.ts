// Faults of the workers: killed, stopped, forked, slow, with a clock that jumps.

import { setTimeout as delay } from "node:timers/promises";
import { clearFunction } from "../../src/app/caches/clear-function.ts";
import { CLEAR_WORDS, reportIn, startCommand } from "./command.ts";
import { openProcFs } from "../../src/capture/proc-fs.ts";
import { readRunState } from "../../src/capture/process-signals/run-state.ts";
import {
  answerOf,
  APP,
  type Around,
  came,
  type Clear,
  clearByTable,
  clearOnce,
  type Drive,
  drive,
  type FaultCase,
  livingOf,
} from "./drive.ts";
import { MODES } from "./fleet.ts";

/** One of the living, by turns. */
export function someWorker({ fleet }: Drive, round: number): number | null {
  const living = livingOf(fleet);
  return living[(round * 7) % Math.max(1, living.length)] ?? null;
}

/** False: there is nobody. */
export function send(pid: number | null, signal: NodeJS.Signals): boolean {
  try {
    return pid !== null && process.kill(pid, signal);
  } catch {
    // It has just ended.
    return false;
  }
}

/** A worker stands still over a clear; `resume` says whether it did. */
export function makeStop(): { readonly stop: (drive: Drive, round: number) => void; readonly resume: () => boolean } {
  let pid: number | null = null;
  return {
    stop: (drive, round) => {
      pid = someWorker(drive, round);
      send(pid, "SIGSTOP");
    },
    resume: () => {
      const stopped = pid;
      pid = null;
      const wasStopped = stopped !== null && isStopped(stopped);
      send(stopped, "SIGCONT");
      return wasStopped;
    },
  };
}

export function isStopped(pid: number): boolean {
  return readRunState(openProcFs(), pid)?.isStopped === true;
}

const steady: FaultCase = {
  name: "loads under way, nothing else",
  numbers: [1, 2, 3, 7],
  modes: MODES,
  run: (row, mode) => drive(row, mode, {}),
};

export const KILL_WORKER = "kill -9 of a worker";
export const STOP_WORKER = "SIGSTOP of a worker";

const killed: FaultCase = {
  name: "kill -9 of a worker at every 4th clear",
  numbers: [8, 20],
  modes: MODES,
  run: (row, mode) =>
    drive(row, mode, {
      faults: [KILL_WORKER],
      before: (state, round) => {
        if (round % 4 === 1 && send(someWorker(state, round), "SIGKILL")) came(state, KILL_WORKER);
      },
    }),
};

const STOP_MS = 120;

const stopped: FaultCase = {
  name: "SIGSTOP of a worker over every 4th clear",
  numbers: [10],
  modes: MODES,
  run: async (row, mode) => {
    const { stop, resume } = makeStop();
    return await drive(row, mode, {
      faults: [STOP_WORKER],
      before: (state, round) => {
        if (round % 4 === 1) stop(state, round);
      },
      after: async (state, round) => {
        if (round % 4 === 1) await delay(STOP_MS);
        if (resume()) came(state, STOP_WORKER);
      },
    });
  },
};

/** Counted by the workers. */
export const FORK = "fork in the middle of a load";

const forked: FaultCase = {
  name: "workers that fork in the middle of loads, all the time",
  numbers: [18],
  modes: ["deadweight"],
  run: (row, mode) => drive(row, mode, forking()),
};

export function forking(): Around {
  return {
    faults: [FORK],
    before: (state) => {
      state.fleet.words.order("forks", 1);
      came(state, FORK, state.fleet.words.counts().faults);
    },
  };
}

/** Counted by the workers, too. */
const HANG = "load that hung over a clear";

/** The loads of one key hang while everything is cleared; their values arrive much later. */
const hanging: FaultCase = {
  name: "loads of one key hang for 0.5 s over each clear",
  numbers: [3, 4],
  modes: ["deadweight"],
  run: (row, mode) =>
    drive(row, mode, {
      faults: [HANG],
      before: (state) => {
        state.fleet.words.order("hangMs", 500);
        came(state, HANG, state.fleet.words.counts().faults);
      },
    }),
};

/** So that a command that is started gets a turn. */
const PACED = { pauseMs: 2 } as const;

export const CLOCK_JUMP = "jump of the workers' clocks";
const WRONG_CLOCK = "clear by a command with a wrong clock";

export function jumping(): Around {
  return {
    faults: [CLOCK_JUMP],
    before: (state, round) => {
      state.fleet.words.order("skew", round % 3);
      // The first is the true time.
      if (round > 0) came(state, CLOCK_JUMP);
    },
  };
}

const clockJumps: FaultCase = {
  name: "wall clocks jump by an hour at each clear, the command's too",
  numbers: [17],
  modes: ["deadweight"],
  run: (row, mode) =>
    drive(
      row,
      mode,
      {
        ...jumping(),
        faults: [CLOCK_JUMP, WRONG_CLOCK],
        clear: async (state, key) =>
          state.version % 8 === 3 ? await clearWithWrongClock(state) : clearByTable(state, key),
      },
      PACED,
    ),
};

async function clearWithWrongClock(state: Drive): ReturnType<Clear> {
  const before = livingOf(state.fleet);
  const skew = String((state.version % 16 === 3 ? 1 : -1) * 3_600_000);
  const preload = { file: "skew-clock.mjs", environment: { CLOCK_SKEW_MS: skew } };
  const ended = await startCommand(state.fleet, CLEAR_WORDS, preload).ended;
  const report = reportIn(ended);
  if (report === null) {
    state.broken.push(ended.text);
    return "refused";
  }
  came(state, WRONG_CLOCK);
  return answerOf(state, report, before);
}

/** The outer one twice: between its clear and that of the inner one it may have loaded from that. */
const BOTH = ["__main__.label", "__main__.price", "__main__.label"] as const;

/** The fenced clear of a plain lru_cache; `waitSeconds` for calls under way. */
async function clearFenced(state: Drive, waitSeconds: number, names: readonly string[]): ReturnType<Clear> {
  let isWhole = true;
  for (const name of names) {
    const before = livingOf(state.fleet);
    const report = await clearFunction({
      target: state.fleet.pid,
      name,
      reason: "the truth has changed",
      app: APP,
      waitSeconds,
      isDryRun: false,
      environment: state.fleet.environment,
      signal: new AbortController().signal,
    });
    if (!report.ok) {
      state.broken.push(report.error.message);
      return "refused";
    }
    isWhole &&= answerOf(state, report.value, before) === "acknowledged";
  }
  return isWhole ? "acknowledged" : "partial";
}

const unprepared: FaultCase = {
  name: "`caches clear --pid` of that same lru_cache",
  numbers: [1, 2],
  modes: ["lru_cache"],
  isFenced: true,
  run: (row, mode) => drive(row, mode, { clear: (state) => clearFenced(state, 20, BOTH) }, PACED),
};

/** Until it is told otherwise. */
const HANG_MS = 60_000;
const HANG_LIMIT_MS = 20_000;
const SHORT_WAIT_SECONDS = 3;

const CLEAR_OVER_HANGING = "clear while all threads hang in loads";

const unpreparedHanging: FaultCase = {
  name: "`caches clear --pid --wait 3` while loads hang, then when they have ended",
  numbers: [1, 27],
  modes: ["lru_cache"],
  isFenced: true,
  isSlow: true,
  run: (row, mode) =>
    drive(
      row,
      mode,
      {
        faults: [CLEAR_OVER_HANGING],
        before: async (state) => {
          const { words, size } = state.fleet;
          words.order("hangMs", HANG_MS);
          // Sooner or later every thread comes to the key whose loads hang.
          const doHang = (): boolean => words.loadsUnderWay() >= size.workers * size.threads;
          for (const end = performance.now() + HANG_LIMIT_MS; !doHang() && performance.now() < end; ) await delay(50);
          if (doHang()) came(state, CLEAR_OVER_HANGING);
        },
        clear: async (state) => {
          const answer = await clearFenced(state, SHORT_WAIT_SECONDS, ["__main__.price"]);
          if (answer !== "partial") state.broken.push(`a clear over loads that hang was ${answer}`);
          return answer === "acknowledged" ? "partial" : answer;
        },
        after: async (state) => {
          state.fleet.words.order("hangMs", 0);
          const answer = await clearOnce(state, (each) => clearFenced(each, 20, BOTH), null);
          if (answer !== "acknowledged") state.broken.push(`a clear after they had ended was ${answer}`);
        },
      },
      PACED,
    ),
};

export const FLEET_CASES: readonly FaultCase[] = [
  steady,
  killed,
  stopped,
  forked,
  hanging,
  clockJumps,
  unprepared,
  unpreparedHanging,
];
