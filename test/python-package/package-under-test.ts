// Our Python package in a real interpreter, from its sources.

import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import type { TestInterpreter } from "../support/interpreters.ts";
import { packageVenv } from "../support/package-venv.ts";

export const SOURCES: string = join(import.meta.dirname, "..", "..", "python", "src");
const TEST_PACKAGES: readonly string[] = ["pytest", "pytest-xdist", "memory_profiler"];

/** The interpreter with pytest and the older line profiler beside it. Throws when pip cannot install them. */
export function programWithPackages(python: TestInterpreter): string {
  const made = packageVenv(python, TEST_PACKAGES, true);
  if ("reason" in made) throw new Error(made.reason);
  return made.program;
}

/** A folder with Python files that goes away with the handle. */
export class PythonFiles {
  readonly folder: string = mkdtempSync(join(tmpdir(), "deadweight-python-"));

  constructor(files: Readonly<Record<string, string>>) {
    for (const [name, text] of Object.entries(files)) writeFileSync(this.path(name), text);
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end with our sources on its path. */
export function runPython(program: string, words: readonly string[], folder: string): Ended {
  const { status, stdout, stderr } = spawnSync(program, words, { ...optionsIn(folder), encoding: "utf8" });
  return { code: status, stdout, stderr };
}

/** The same beside others: for programs that wait. */
export async function startPython(program: string, words: readonly string[], folder: string): Promise<Ended> {
  const child = spawn(program, words, { ...optionsIn(folder), stdio: ["ignore", "pipe", "pipe"] });
  const ended = once(child, "close");
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  await ended;
  return { code: child.exitCode, stdout, stderr };
}

function optionsIn(folder: string): {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly timeout: number;
} {
  return { cwd: folder, env: { ...process.env, PYTHONPATH: SOURCES, PYTHONDONTWRITEBYTECODE: "1" }, timeout: 100_000 };
}
