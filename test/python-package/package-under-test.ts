// Our Python package in a real interpreter, from its sources.

import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestInterpreter } from "../support/interpreters.ts";
import { packageVenv } from "../support/package-venv.ts";

export const SOURCES: string = join(import.meta.dirname, "..", "..", "python", "src");
const TEST_PACKAGES: readonly string[] = ["pytest", "pytest-xdist", "memory_profiler"];

/** The interpreter with pytest and the older line profiler beside it. Throws when pip cannot install them. */
export function programWithPackages(python: TestInterpreter): string {
  const made = packageVenv(python, TEST_PACKAGES);
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
  const environment = { ...process.env, PYTHONPATH: SOURCES, PYTHONDONTWRITEBYTECODE: "1" };
  const options = { cwd: folder, env: environment, encoding: "utf8", timeout: 100_000 } as const;
  const { status, stdout, stderr } = spawnSync(program, words, options);
  return { code: status, stdout, stderr };
}
