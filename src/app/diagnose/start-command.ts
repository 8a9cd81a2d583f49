// `diagnose -- COMMAND`: starts a program, waits until a Python process has come of it, and ends it when we are done.

import { type ChildProcess, spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { fail, ok, type Result } from "../../base/result.ts";
import { shellWord } from "../../base/format-shell.ts";
import { chooseDescendant, type ChosenTarget } from "./choose-target.ts";

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
  const child = spawn(program, rest, { stdio: ["ignore", 2, 2] });
  const ending = ended(child);
  // Also when a signal ends us: what we started does not outlive us.
  process.once("exit", () => child.kill("SIGTERM"));
  const command = words.map(shellWord).join(" ");
  const deadline = Date.now() + STARTED_WITHIN_MS;
  let found: ChosenTarget | null = null;
  while (found === null && Date.now() < deadline) {
    const end = await Promise.race([ending, sleep(ASK_EVERY_MS, null)]);
    if (end !== null) return fail(`\`${command}\` ${end} before a Python process came of it`);
    found = child.pid === undefined ? null : chooseDescendant(child.pid);
  }
  if (found === null) {
    await end(child, ending);
    return fail(
      `\`${command}\` runs, but no Python process that can be read came of it in ${STARTED_WITHIN_MS / 1000} s`,
    );
  }
  await Promise.race([ending, sleep(SETTLE_MS)]);
  const target = (child.pid === undefined ? null : chooseDescendant(child.pid)) ?? found;
  return ok({ target, [Symbol.asyncDispose]: () => end(child, ending) });
}

/** How it ended, in words. */
function ended(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once("error", (error) => resolve(`could not be started (${error.message})`));
    child.once("exit", (code, signal) =>
      resolve(signal === null ? `ended with exit code ${code}` : `was ended by ${signal}`),
    );
  });
}

async function end(child: ChildProcess, ending: Promise<string>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGTERM");
  const gone = await Promise.race([ending, sleep(ENDED_WITHIN_MS, null)]);
  if (gone === null) child.kill("SIGKILL");
  await ending;
}
