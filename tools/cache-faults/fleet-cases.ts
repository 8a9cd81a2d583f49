// Faults of the workers: killed, stopped, forked, slow, with a clock that jumps.

import { setTimeout as delay } from "node:timers/promises";
import { clearFunction } from "../../src/app/caches/clear-function.ts";
import { CLEAR_WORDS, reportIn, startCommand } from "./command.ts";
import {
  answerOf,
  APP,
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

export function send(pid: number | null, signal: NodeJS.Signals): void {
  try {
    if (pid !== null) process.kill(pid, signal);
  } catch {
    // It has just ended.
  }
}

const steady: FaultCase = {
  name: "loads under way, nothing else",
  numbers: [1, 2, 3, 7],
  modes: MODES,
  run: (place, mode) => drive(place, mode, {}),
};

const killed: FaultCase = {
  name: "kill -9 of a worker at every 4th clear",
  numbers: [8, 20],
  modes: MODES,
  run: (place, mode) =>
    drive(place, mode, {
      before: (state, round) => {
        if (round % 4 === 1) send(someWorker(state, round), "SIGKILL");
      },
    }),
};

const STOP_MS = 120;

const stopped: FaultCase = {
  name: "SIGSTOP of a worker over every 4th clear",
  numbers: [10],
  modes: MODES,
  run: async (place, mode) => {
    let pid: number | null = null;
    return await drive(place, mode, {
      before: (state, round) => {
        pid = round % 4 === 1 ? someWorker(state, round) : null;
        send(pid, "SIGSTOP");
      },
      after: async () => {
        if (pid !== null) await delay(STOP_MS);
        send(pid, "SIGCONT");
      },
    });
  },
};

const forked: FaultCase = {
  name: "workers that fork in the middle of loads, all the time",
  numbers: [18],
  modes: ["deadweight"],
  run: (place, mode) => drive(place, mode, { before: ({ fleet }) => fleet.words.order("forks", 1) }),
};

/** The loads of one key hang while everything is cleared; their values arrive much later. */
const hanging: FaultCase = {
  name: "loads of one key hang for 0.5 s over each clear",
  numbers: [3, 4],
  modes: ["deadweight"],
  run: (place, mode) => drive(place, mode, { before: ({ fleet }) => fleet.words.order("hangMs", 500) }),
};

/** So that a command that is started gets a turn. */
const PACED = { pauseMs: 2 } as const;

const HOURS = [0, 1, 2] as const;

const clockJumps: FaultCase = {
  name: "wall clocks jump by an hour at each clear, the command's too",
  numbers: [17],
  modes: ["deadweight"],
  run: (place, mode) =>
    drive(
      place,
      mode,
      {
        clear: async (state, key) =>
          state.version % 8 === 3 ? await clearWithWrongClock(state) : clearByTable(state, key),
        before: ({ fleet }, round) => fleet.words.order("skew", HOURS[round % 3] ?? 0),
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
  if (report === null) state.broken.push(ended.text);
  return report === null ? "refused" : answerOf(state, report, before);
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
  run: (place, mode) => drive(place, mode, { clear: (state) => clearFenced(state, 20, BOTH) }, PACED),
};

/** Until it is told otherwise. */
const HANG_MS = 60_000;
const HANG_LIMIT_MS = 20_000;
const SHORT_WAIT_SECONDS = 3;

const unpreparedHanging: FaultCase = {
  name: "`caches clear --pid --wait 3` while loads hang, then when they have ended",
  numbers: [1, 27],
  modes: ["lru_cache"],
  isFenced: true,
  run: (place, mode) =>
    drive(
      { ...place, seconds: 0.1 },
      mode,
      {
        before: async ({ fleet: { words, size } }) => {
          words.order("hangMs", HANG_MS);
          // Sooner or later every thread comes to the key whose loads hang.
          for (const end = performance.now() + HANG_LIMIT_MS; words.loadsUnderWay() < size.workers * size.threads; )
            if (performance.now() > end) break;
            else await delay(50);
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
