// `diagnose -- COMMAND`: starts a program, waits until a Python process has come of it, and ends it when we are done.

import { type ChildProcess, spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { fail, ok, type Result } from "../../base/result.ts";
import { shellWord } from "../../base/format-shell.ts";
import { chooseDescendant, type ChosenTarget, hasPythonBelow } from "./choose-target.ts";

export interface StartedCommand extends AsyncDisposable {
  readonly target: ChosenTarget;
}

/** A shell, a wrapper and an interpreter with many imports have started by then. */
const STARTED_WITHIN_MS = 15_000;
const ASK_EVERY_MS = 100;
/** Supervisors fork their workers a moment after they have started themselves. */
const SETTLE_MS = 1500;
const ENDED_WITHIN_MS = 10_000;

/** Its output goes to our stderr: stdout is for the report. */
export async function startCommand(words: readonly string[]): Promise<Result<StartedCommand, string>> {
  const [program = "", ...rest] = words;
  // A group of its own: Ctrl-C on the terminal means us, who then say what was seen, and what a shell started ends with it.
  // An input that brings nothing and stays open: many programs take its end for their own.
  const child = spawn(program, rest, { stdio: ["pipe", 2, 2], detached: true });
  const ending = ended(child);
  // Also when a signal ends us: what we started does not outlive us.
  process.once("exit", () => endGroup(child, "SIGTERM"));
  const command = words.map(shellWord).join(" ");
  const deadlineMs = performance.now() + STARTED_WITHIN_MS;
  let isFound = false;
  while (!isFound && performance.now() < deadlineMs) {
    const end = await Promise.race([ending, sleep(ASK_EVERY_MS, null)]);
    if (child.pid === undefined) return fail(`\`${command}\` ${await ending}`);
    if (end !== null) return fail(`\`${command}\` ${end} before a Python process came of it`);
    isFound = hasPythonBelow(child.pid);
  }
  if (!isFound) {
    await end(child, ending);
    return fail(
      `\`${command}\` runs, but no Python process that can be read came of it in ${STARTED_WITHIN_MS / 1000} s`,
    );
  }
  const early = await Promise.race([ending, sleep(SETTLE_MS, null)]);
  const target = child.pid === undefined ? null : await chooseDescendant(child.pid);
  if (target === null) {
    await end(child, ending);
    return fail(
      `\`${command}\` ${early ?? "left no Python process behind"} as soon as it had started: there was nothing to watch`,
    );
  }
  return ok({ target, [Symbol.asyncDispose]: () => end(child, ending) });
}

/** How it ended, in words. */
function ended(child: ChildProcess): Promise<string> {
  // Where the program cannot be started the pipe breaks, too: `error` says so already.
  child.stdin?.on("error", () => {});
  return new Promise((resolve) => {
    child.once("error", (error) => resolve(`could not be started (${error.message})`));
    child.once("exit", (code, signal) =>
      resolve(signal === null ? `ended with exit code ${code}` : `was ended by ${signal}`),
    );
  });
}

async function end(child: ChildProcess, ending: Promise<string>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  endGroup(child, "SIGTERM");
  const gone = await Promise.race([ending, sleep(ENDED_WITHIN_MS, null)]);
  if (gone === null) endGroup(child, "SIGKILL");
  await ending;
}

/** As long as it is not reaped its number is no other group's. */
function endGroup({ pid, exitCode, signalCode }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined || exitCode !== null || signalCode !== null) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // It has ended by itself.
  }
}
