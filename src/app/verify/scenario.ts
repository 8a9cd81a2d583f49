// What is run over and over: a command against a process that serves, or a program that repeats its work by itself.

import { type ChildProcess, spawn } from "node:child_process";
import { setTimeout as delay } from "node:timers/promises";
import { fail, ok, type Result } from "../../base/result.ts";
import { shellWord } from "../../base/format-shell.ts";
import { countOf } from "../../base/format-count.ts";

export interface Scenario extends AsyncDisposable {
  /** Lets it work until at least so many more calls are done; how many were. Fails with a sentence when a call does. */
  readonly run: (calls: number, signal: AbortSignal) => Promise<Result<number, string>>;
  /** Nothing is done until `release`; how many calls were finished before it stood still. */
  readonly hold: () => Promise<number>;
  readonly release: () => void;
  /** A sentence when it cannot go on, and with it the process that is looked at. */
  readonly endedEarly: () => Promise<string | null>;
}

/** Its number, from 1, is in this variable of each call. */
const CALL_VARIABLE = "DEADWEIGHT_CALL";
/** Of what a call that fails has said. */
const MOST_SAID_CHARACTERS = 500;

/** One call is one run of the command. */
export function commandScenario(words: readonly string[]): Scenario {
  let number = 0;
  return {
    run: async (calls, signal) => {
      for (let done = 0; done < calls; done++) {
        if (signal.aborted) return ok(done);
        number += 1;
        const problem = await runOnce(words, number, signal);
        if (problem !== null && !signal.aborted) return fail(problem);
      }
      return ok(calls);
    },
    hold: async () => 0,
    endedEarly: async () => null,
    release: () => {},
    [Symbol.asyncDispose]: async () => {},
  };
}

/** Null when it went well. */
function runOnce(words: readonly string[], number: number, signal: AbortSignal): Promise<string | null> {
  const [program = "", ...rest] = words;
  const command = words.map(shellWord).join(" ");
  return new Promise((settle) => {
    const env = { ...process.env, [CALL_VARIABLE]: `${number}` };
    const child = spawn(program, rest, { stdio: ["ignore", "ignore", "pipe"], env, signal });
    let said = "";
    child.stderr.on("data", (chunk: Buffer) => {
      said = `${said}${chunk.toString()}`.slice(-MOST_SAID_CHARACTERS);
    });
    child.once("error", (error) => settle(`\`${command}\` could not be started (${error.message})`));
    child.once("close", (code, killer) => {
      const how = killer === null ? `failed with exit code ${code}` : `was ended by ${killer}`;
      const why = said.trim() === "" ? "" : `; it said: ${said.trim()}`;
      settle(code === 0 ? null : `\`${command}\` ${how} in call ${number}${why}`);
    });
  });
}

/** A pipe that brings nothing for so long is empty. */
const QUIET_MS = 40;
/** How often a program that seems to have ended is waited for. */
const ASKED_TIMES = 5;

/** A program that prints one line per call. It is stopped while it is looked at, so that lines and calls stay the same. */
export interface LineProgram extends Scenario {
  readonly pid: number;
}

export function lineProgram(words: readonly string[]): LineProgram {
  const [program = "", ...rest] = words;
  const env = { ...process.env, PYTHONUNBUFFERED: "1" };
  const child = spawn(program, rest, { stdio: ["ignore", "pipe", 2], env, detached: true });
  const counter = countLines(child);
  let counted = 0;
  const fresh = (): number => {
    const calls = counter.lines() - counted;
    counted += calls;
    return calls;
  };
  const signalGroup = (signal: NodeJS.Signals): void => sendToGroup(child, signal);
  process.once("exit", () => signalGroup("SIGKILL"));
  const endSentence = (): string | null => {
    const how = counter.ended();
    const command = words.map(shellWord).join(" ");
    return how === null ? null : `\`${command}\` ${how} after ${countOf(counter.lines(), "line")}, and more are needed`;
  };
  return {
    pid: child.pid ?? 0,
    endedEarly: async () => {
      // What cannot be read any more may have ended a moment ago.
      for (let times = 0; times < ASKED_TIMES && counter.ended() === null; times++) await counter.next();
      return endSentence();
    },
    run: async (calls, signal) => {
      const wanted = counter.lines() + calls;
      while (counter.lines() < wanted && counter.ended() === null && !signal.aborted) await counter.next();
      const done = fresh();
      const end = endSentence();
      return end === null || done >= calls ? ok(done) : fail(end);
    },
    hold: async () => {
      signalGroup("SIGSTOP");
      for (let before = -1; before !== counter.lines(); await delay(QUIET_MS)) before = counter.lines();
      return fresh();
    },
    release: () => signalGroup("SIGCONT"),
    [Symbol.asyncDispose]: async () => {
      // What is stopped hears nothing but SIGKILL.
      signalGroup("SIGKILL");
      while (counter.ended() === null) await counter.next();
    },
  };
}

interface LineCounter {
  readonly lines: () => number;
  /** How it ended, in words; null while it runs. */
  readonly ended: () => string | null;
  /** Something was printed, it ended, or some time has passed. */
  readonly next: () => Promise<void>;
}

const NEXT_WITHIN_MS = 200;

function countLines(child: ChildProcess): LineCounter {
  let lines = 0;
  let how: string | null = null;
  let wake = (): void => {};
  child.stdout?.on("data", (chunk: Buffer) => {
    for (const byte of chunk) if (byte === NEWLINE) lines += 1;
    wake();
  });
  const end = (words: string): void => {
    how ??= words;
    wake();
  };
  child.once("error", (error) => end(`could not be started (${error.message})`));
  // Not "exit": what it printed last is still under way then.
  child.once("close", (code, signal) =>
    end(signal === null ? `ended with exit code ${code}` : `was ended by ${signal}`),
  );
  return {
    lines: () => lines,
    ended: () => how,
    next: async () => {
      await Promise.race([new Promise<void>((settle) => (wake = settle)), delay(NEXT_WITHIN_MS)]);
    },
  };
}

const NEWLINE = 10;

function sendToGroup({ pid, exitCode, signalCode }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined || exitCode !== null || signalCode !== null) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // It has ended by itself.
  }
}
