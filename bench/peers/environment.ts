// What has to be there before anything can be measured: our own build, and the tools of others in an environment of their
// own. Nothing is written into the project.

import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, lstatSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { spend } from "./spend.ts";

const PROJECT: string = resolve(import.meta.dirname, "..", "..");
const INSTALL_LIMIT_SECONDS = 180;
const run: typeof execFile.__promisify__ = promisify(execFile);

export interface PythonTools {
  /** The program of the environment; the plain interpreter if there can be no environment. */
  readonly python: string;
  /** Requirements that could not be installed, with the reason. */
  readonly missing: ReadonlyMap<string, string>;
}

/** Compiles this checkout into `folder`, so that a build under way elsewhere is not disturbed; returns the program. */
export async function buildDeadweight(python: string, folder: string, signal: AbortSignal): Promise<string> {
  for (const part of ["bin", "package.json"]) cpSync(join(PROJECT, part), join(folder, part), { recursive: true });
  symlinkSync(join(PROJECT, "node_modules"), join(folder, "node_modules"));
  const compiler = join(PROJECT, "node_modules", ".bin", "tsc");
  const words = [compiler, "-p", "tsconfig.build.json", "--outDir", join(folder, "dist")];
  const output = join(folder, "compiler-output");
  await spend({ words, python, folder: PROJECT, output, limitSeconds: INSTALL_LIMIT_SECONDS }, signal).catch(
    (error: unknown) => {
      signal.throwIfAborted();
      throw new Error("this checkout does not compile", { cause: error });
    },
  );
  return join(folder, "bin", "deadweight.mjs");
}

/** Kept between runs, in a folder named after the interpreter and the requirements. */
export async function installTools(
  python: string,
  requirements: readonly string[],
  signal: AbortSignal,
): Promise<PythonTools> {
  const identity = await answerOf(python, ["-c", "import sys; print(sys.executable, sys.version)"], signal);
  const name = createHash("sha256")
    .update([identity, ...requirements].join("\n"))
    .digest("hex")
    .slice(0, 12);
  const folder = join(tmpdir(), `deadweight-peers-${process.getuid?.() ?? 0}-${name}`);
  const program = join(folder, "venv", "bin", "python");
  const missing = new Map<string, string>();
  try {
    mkdirSync(folder, { mode: 0o700, recursive: true });
    mustBeOurs(folder);
    // Written last, so that half an environment is not taken for a whole one.
    const complete = join(folder, "complete");
    if (!existsSync(complete)) {
      await install(python, ["-m", "venv", "--clear", join(folder, "venv")], folder, signal);
      writeFileSync(complete, "");
    }
  } catch (error) {
    signal.throwIfAborted();
    const reason = `no virtual environment: ${reasonOf(error)}`;
    return { python, missing: new Map(requirements.map((requirement) => [requirement, reason])) };
  }
  for (const requirement of requirements) {
    const done = join(folder, `has-${requirement}`);
    if (existsSync(done)) continue;
    const words = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", requirement];
    try {
      await install(program, words, folder, signal);
      writeFileSync(done, "");
    } catch (error) {
      signal.throwIfAborted();
      missing.set(requirement, `pip could not install ${requirement}: ${reasonOf(error)}`);
    }
  }
  return { python: program, missing };
}

export async function answerOf(program: string, args: readonly string[], signal: AbortSignal): Promise<string> {
  return (await run(program, [...args], { signal, timeout: 20_000 })).stdout.trim();
}

async function install(python: string, args: readonly string[], folder: string, signal: AbortSignal): Promise<void> {
  const output = join(folder, "install-output");
  await spend({ words: [python, ...args], python, folder, output, limitSeconds: INSTALL_LIMIT_SECONDS }, signal);
}

/** The temporary folder belongs to everybody; what is in an environment gets executed. */
function mustBeOurs(folder: string): void {
  const found = lstatSync(folder);
  if (!found.isDirectory() || found.uid !== process.getuid?.()) throw new Error(`${folder} belongs to somebody else`);
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : JSON.stringify(error);
}
