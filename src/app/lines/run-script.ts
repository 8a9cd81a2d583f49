// Line-by-line memory of a script: starts it with our Python package beside it and reads the report it leaves.

import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { constants, tmpdir } from "node:os";
import { join } from "node:path";
import { fail, ok, type Result } from "../../base/result.ts";
import { pythonPackagePath } from "../python-package.ts";
import type { LinesReport } from "../../model/lines-report.ts";
import { choosePython } from "./choose-python.ts";

export interface LinesAsked {
  readonly script: string;
  readonly words: readonly string[];
  /** MODULE:FUNCTION patterns. */
  readonly functions: readonly string[];
  readonly modules: readonly string[];
  /** Null: the environment's. */
  readonly python: string | null;
}

export type LinesError =
  | { readonly code: "no-script"; readonly script: string }
  | { readonly code: "no-python"; readonly python: string; readonly why: string }
  | { readonly code: "no-report"; readonly script: string; readonly exitCode: number };

export function explainLinesError(error: LinesError): string {
  switch (error.code) {
    case "no-script":
      return `there is no script ${error.script}; give the path of a Python file`;
    case "no-python":
      return `${error.python} cannot be started (${error.why}); name an interpreter with --python PATH`;
    case "no-report":
      return `${error.script} ended with exit code ${error.exitCode} and left no report: it was killed or left through os._exit, or the interpreter is older than 3.8`;
  }
}

const LAUNCHER = pythonPackagePath("_lines_launch.py");

/** Runs the script to its end. Its output goes to our stderr: stdout is for the report. Costs what the script costs. */
export async function runScript(asked: LinesAsked): Promise<Result<LinesReport, LinesError>> {
  const { script } = asked;
  if (!existsSync(script)) return fail({ code: "no-script", script });
  const python = choosePython(asked.python, process.env, process.cwd());
  const folder = mkdtempSync(join(tmpdir(), "deadweight-lines-"));
  try {
    const file = join(folder, "report.json");
    const patterns = JSON.stringify({ functions: asked.functions, modules: asked.modules });
    const ended = await runToEnd(python, [LAUNCHER, file, patterns, script, ...asked.words]);
    if (!ended.ok) return fail({ code: "no-python", python, why: ended.error });
    if (!existsSync(file)) return fail({ code: "no-report", script, exitCode: ended.value });
    const report = JSON.parse(readFileSync(file, "utf8")) as Omit<LinesReport, "exitCode">;
    return ok({ ...report, exitCode: ended.value });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The exit code; fails with the reason when it cannot be started. */
function runToEnd(program: string, words: readonly string[]): Promise<Result<number, string>> {
  const child = spawn(program, words, { stdio: [0, 2, 2] });
  // Ctrl-C reaches the script by itself; it ends, and its report is still printed.
  const wait = (): void => {};
  const endChild = (): void => {
    child.kill("SIGTERM");
  };
  process.on("SIGINT", wait);
  process.once("exit", endChild);
  return new Promise((resolve) => {
    const settle = (outcome: Result<number, string>): void => {
      process.removeListener("SIGINT", wait);
      process.removeListener("exit", endChild);
      resolve(outcome);
    };
    child.once("error", (error) => settle(fail(error.message)));
    child.once("exit", (code, signal) => settle(ok(code ?? 128 + (signal === null ? 0 : constants.signals[signal]))));
  });
}
