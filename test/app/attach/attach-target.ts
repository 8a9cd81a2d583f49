// Programs to attach to, on every interpreter that can be attached to.

import { join } from "node:path";
import { vi } from "vitest";
import { readableInterpreters, type TestInterpreter } from "../../support/interpreters.ts";
import { startProcess, type TestProcess } from "../../capture/start-target.ts";

const ANSWERS_WITHIN_MS = 20_000;
const FOLDER = join(import.meta.dirname, "targets");

/** Up to 3.13 by a queue of calls, from 3.14 on by a script from outside. */
export function attachableInterpreters(): readonly TestInterpreter[] {
  return readableInterpreters();
}

export interface AskedProgram extends TestProcess {
  /** What the program answers to a word; its own view. */
  readonly ask: (word: "state" | "fork") => Promise<unknown>;
}

/** answers.py: a loop that allocates, and tells what it sees of itself. loaded.py: threads that check what they compute. */
export async function startAsked(
  python: string,
  script: "answers.py" | "loaded.py" = "answers.py",
): Promise<AskedProgram> {
  let said = "";
  const program = await startProcess(python, [join(FOLDER, script)], undefined, (text) => (said += text));
  return {
    ...program,
    ask: async (word) => {
      said = "";
      program.child.stdin?.write(`${word}\n`);
      // The end of the line "ready" may come after its word.
      const whole = (): boolean => said.trimStart().startsWith(word) && said.endsWith("\n");
      await vi.waitUntil(whole, { timeout: ANSWERS_WITHIN_MS, interval: 5 });
      return JSON.parse(said.trimStart().slice(word.length + 1)) as unknown;
    },
  };
}

/** busy.py: `threads` of them beside the main one. */
export function startBusy(python: string, threads: number): Promise<TestProcess> {
  return startProcess(python, [join(FOLDER, "busy.py"), String(threads)]);
}

/** What an attach asks for by default in tests. */
export const QUIETLY = { waitSeconds: 20, gdb: false, say: (): void => {} };
