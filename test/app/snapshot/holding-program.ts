// A program that holds objects in all the ways that have names, and writes its heap down when it is told to.

import { createInterface } from "node:readline";
import { join } from "node:path";
import { startProcess } from "../../capture/start-target.ts";
import type { TestInterpreter } from "../../support/interpreters.ts";

const PROGRAM = join(import.meta.dirname, "holding_program.py");
const SOURCES = join(import.meta.dirname, "..", "..", "..", "python", "src");

export interface HoldingProgram extends AsyncDisposable {
  readonly pid: number;
  /** Sends a line and returns the answer. */
  readonly tell: (line: string) => Promise<string>;
}

export async function startHolding(python: TestInterpreter): Promise<HoldingProgram> {
  const environment = { ...process.env, PYTHONPATH: SOURCES, PYTHONDONTWRITEBYTECODE: "1" };
  const started = await startProcess(python.path, [PROGRAM], environment);
  const { child, pid } = started;
  if (child.stdout === null || child.stdin === null) throw new Error("the program has no pipes");
  const { stdin } = child;
  const lines = createInterface({ input: child.stdout });
  return {
    pid,
    tell: async (line) => {
      const answer = new Promise<string>((resolve) => {
        lines.on("line", function take(answered) {
          // What is left of the line that said it was ready.
          if (answered === "" || answered === "ready") return;
          lines.off("line", take);
          resolve(answered);
        });
      });
      stdin.write(`${line}\n`);
      return await answer;
    },
    [Symbol.asyncDispose]: async () => {
      lines.close();
      await started[Symbol.asyncDispose]();
    },
  };
}
