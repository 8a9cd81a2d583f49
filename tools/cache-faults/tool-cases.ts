// Faults of the command: killed or stopped in the middle of a clear, at every place where it writes; several at once; taken back.

import { undoClear } from "../../src/app/caches/clear-caches.ts";
import { CLEAR_WORDS, type Ended, historyOf, reportIn, startCommand } from "./command.ts";
import { answerOf, APP, came, type Clear, clearByTable, type Drive, drive, type FaultCase, livingOf } from "./drive.ts";
import { isStopped } from "./fleet-cases.ts";

/** Writes of a clear: intent, then twice a token and word 0, the result, and how far the log was checked. */
const WRITES = 7;

/** So that a command that is started gets a turn. */
const PACED = { pauseMs: 4 } as const;

async function clearByCommand(state: Drive, preload: Parameters<typeof startCommand>[2] = null): Promise<Ended> {
  return await startCommand(state.fleet, CLEAR_WORDS, preload).ended;
}

const faultAt = (signal: NodeJS.Signals, write: number): NonNullable<Parameters<typeof startCommand>[2]> => ({
  file: "end-at-write.mjs",
  environment: { CACHE_FAULT: `${signal}:${write}` },
});

const KILLED_BEFORE_EACH = "kill -9 before each of the writes";

/** A command that dies has promised nothing; the next one works, and the log names what was interrupted. */
const killed: FaultCase = {
  name: "kill -9 of the command before each of its writes, then a clear",
  numbers: [11],
  modes: ["deadweight"],
  run: async (row, mode) => {
    let interrupted = 0;
    const kills = Array.from({ length: WRITES }, () => 0);
    return await drive(
      row,
      mode,
      {
        faults: [KILLED_BEFORE_EACH],
        before: async (state, round) => {
          const write = 1 + (round % WRITES);
          const { signal, text } = await clearByCommand(state, faultAt("SIGKILL", write));
          // Before the first nothing is known and nothing was done; before the last all is.
          if (signal === "SIGKILL" && write > 1 && write < WRITES) interrupted++;
          if (signal === "SIGKILL") kills[write - 1] = (kills[write - 1] ?? 0) + 1;
          came(state, KILLED_BEFORE_EACH, Math.min(...kills));
          if (signal !== "SIGKILL") state.broken.push(`it was not killed before write ${write}: ${text}`);
        },
        clear: clearByTable,
        after: async (state, round) => {
          if (round % WRITES === WRITES - 1) await checkInterrupted(state, interrupted);
        },
      },
      PACED,
    );
  },
};

async function checkInterrupted({ fleet, broken }: Drive, expected: number): Promise<void> {
  const { commands, fault } = await historyOf(fleet);
  if (fault !== null) broken.push(`the log is not whole: line ${fault.line} ${fault.because}`);
  const unfinished = commands.filter(({ outcome }) => outcome === null).length;
  if (unfinished !== expected) broken.push(`${unfinished} of ${expected} interrupted commands are in the history`);
}

const STOP_MS = 250;
const STOPPED_INSIDE = "command stopped in the middle of a clear";

/** Another command waits for the one that is stopped; when that goes on, both are done, one after the other. */
const stopped: FaultCase = {
  name: "SIGSTOP of the command in the middle of a clear, while another one begins",
  numbers: [11],
  modes: ["deadweight"],
  run: (row, mode) =>
    drive(
      row,
      mode,
      {
        faults: [STOPPED_INSIDE],
        clear: async (state): ReturnType<Clear> => {
          const before = livingOf(state.fleet);
          const first = startCommand(state.fleet, CLEAR_WORDS, faultAt("SIGSTOP", 2 + (state.version % (WRITES - 1))));
          const second = clearByCommand(state);
          let wasStopped = false;
          const resume = (): void => {
            wasStopped ||= isStopped(first.child.pid ?? 0);
            first.child.kill("SIGCONT");
          };
          // The first may be the second at the lock; it stops late then.
          const again = setInterval(resume, STOP_MS);
          const ended = await Promise.all([first.ended, second]);
          clearInterval(again);
          if (wasStopped) came(state, STOPPED_INSIDE);
          return (
            ended.map((each) => answerIn(state, each, before)).find((each) => each !== "acknowledged") ?? "acknowledged"
          );
        },
      },
      PACED,
    ),
};

function answerIn(state: Drive, ended: Ended, before: readonly number[]): Awaited<ReturnType<Clear>> {
  const report = reportIn(ended);
  if (report !== null) return answerOf(state, report, before);
  state.broken.push(ended.text);
  return "refused";
}

const AT_ONCE = 5;
const LOCK_OF_DEAD = "lock left by a killed command";

/** Beside one that was killed while it held the lock. */
const together: FaultCase = {
  name: `${AT_ONCE} commands at once, after one was killed that held the lock`,
  numbers: [6, 11],
  modes: ["deadweight"],
  run: (row, mode) =>
    drive(
      row,
      mode,
      {
        faults: [LOCK_OF_DEAD],
        before: async (state) => {
          const { signal } = await clearByCommand(state, faultAt("SIGKILL", 2));
          if (signal === "SIGKILL") came(state, LOCK_OF_DEAD);
        },
        clear: async (state): ReturnType<Clear> => {
          const before = livingOf(state.fleet);
          const all = await Promise.all(Array.from({ length: AT_ONCE }, () => clearByCommand(state)));
          const { fault } = await historyOf(state.fleet);
          if (fault !== null) state.broken.push(`the log is not whole: line ${fault.line} ${fault.because}`);
          const answers = all.map((each) => answerIn(state, each, before));
          return answers.find((each) => each !== "acknowledged") ?? "acknowledged";
        },
      },
      PACED,
    ),
};

const TAKEN_BACK = "clear taken back";

/** Taking back makes old values answers again, knowingly; the clear after it must make an end of them all. */
const undone: FaultCase = {
  name: "each clear is taken back under load, then made again",
  numbers: [26],
  modes: ["deadweight"],
  run: (row, mode) =>
    drive(row, mode, {
      faults: [TAKEN_BACK],
      clear: async (state, key) => {
        await clearByTable(state, key);
        state.fleet.words.setFloor(0, null);
        const { environment } = state.fleet;
        const undo = await undoClear({ app: APP, op: null, reason: "the wrong one", environment });
        if (undo.ok && undo.value.outcome === "undone") came(state, TAKEN_BACK);
        else state.broken.push("it was not taken back");
        return await clearByTable(state, key);
      },
    }),
};

export const TOOL_CASES: readonly FaultCase[] = [killed, stopped, together, undone];
