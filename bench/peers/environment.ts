// What has to be there before anything can be measured: our own build, and the tools of others in an environment of their
// own. Nothing is written into the project.

import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, lstatSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";

const PROJECT: string = resolve(import.meta.dirname, "..", "..");
const INSTALL_LIMIT_MS = 180_000;
const run: typeof execFile.__promisify__ = promisify(execFile);

export interface PythonTools {
  /** The program of the environment; the plain interpreter if there can be no environment. */
  readonly python: string;
  /** Requirements that could not be installed, with the reason. */
  readonly missing: ReadonlyMap<string, string>;
}

/** Compiles this checkout into `folder`, so that a build under way elsewhere is not disturbed; returns the program. */
export async function buildDeadweight(folder: string, signal: AbortSignal): Promise<string> {
  for (const part of ["bin", "package.json"]) cpSync(join(PROJECT, part), join(folder, part), { recursive: true });
  symlinkSync(join(PROJECT, "node_modules"), join(folder, "node_modules"));
  const compiler = join(PROJECT, "node_modules", ".bin", "tsc");
  await run(compiler, ["-p", "tsconfig.build.json", "--outDir", join(folder, "dist")], { cwd: PROJECT, signal });
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
  const program = join(folder, "bin", "python");
  const missing = new Map<string, string>();
  try {
    mkdirSync(folder, { mode: 0o700, recursive: true });
    mustBeOurs(folder);
    if (!existsSync(program)) await run(python, ["-m", "venv", folder], { signal, timeout: INSTALL_LIMIT_MS });
  } catch (error) {
    signal.throwIfAborted();
    const reason = `no virtual environment: ${lastLine(error)}`;
    return { python, missing: new Map(requirements.map((requirement) => [requirement, reason])) };
  }
  for (const requirement of requirements) {
    const reason = await install(program, requirement, join(folder, `has-${requirement}`), signal);
    if (reason !== null) missing.set(requirement, reason);
  }
  return { python: program, missing };
}

export async function answerOf(program: string, args: readonly string[], signal: AbortSignal): Promise<string> {
  return (await run(program, [...args], { signal, timeout: 20_000 })).stdout.trim();
}

/** Null, or why it could not be installed. */
async function install(
  program: string,
  requirement: string,
  done: string,
  signal: AbortSignal,
): Promise<string | null> {
  if (existsSync(done)) return null;
  const options = { signal, timeout: INSTALL_LIMIT_MS };
  try {
    await run(program, ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", requirement], options);
    writeFileSync(done, "");
    return null;
  } catch (error) {
    signal.throwIfAborted();
    return `pip could not install ${requirement}: ${lastLine(error)}`;
  }
}

/** The temporary folder belongs to everybody; what is in an environment gets executed. */
function mustBeOurs(folder: string): void {
  const found = lstatSync(folder);
  if (!found.isDirectory() || found.uid !== process.getuid?.()) throw new Error(`${folder} belongs to somebody else`);
}

function lastLine(error: unknown): string {
  const { stderr = "" } = error as { readonly stderr?: string };
  return stderr.trim().split("\n").at(-1) || String(error);
}
