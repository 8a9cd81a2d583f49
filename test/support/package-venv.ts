// A virtual environment with some packages, made once per interpreter and kept between runs.

import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { threadId } from "node:worker_threads";
import type { TestInterpreter } from "./interpreters.ts";
import { newestPip } from "./newest-pip.ts";

const VENVS = join(import.meta.dirname, "..", "..", "node_modules", ".cache", "deadweight-venvs");
const PIP = join(VENVS, "pip");
const INSTALL_LIMIT_MS = 110_000;

/** The program of the environment, or the reason why there is none. */
export function packageVenv(
  python: TestInterpreter,
  requirements: readonly string[],
): { readonly program: string } | { readonly reason: string } {
  const name = requirements.join("+").replaceAll("<", "-below-").replaceAll(">=", "-from-");
  const folder = join(VENVS, `${python.version}-${name}`);
  const program = join(folder, "bin", "python");
  const done = join(folder, "complete");
  if (existsSync(done) && existsSync(program)) return { program };
  // Made aside and moved into place: two test files may want it at the same time.
  const aside = `${folder}.${process.pid}.${threadId}`;
  try {
    mkdirSync(VENVS, { recursive: true });
    const quietly = ["--quiet", "--disable-pip-version-check", "--only-binary=:all:"];
    const pip = makeEmpty(python, aside);
    run(join(aside, "bin", "python"), [...pip, "install", ...quietly, ...requirements]);
    writeFileSync(join(aside, "complete"), requirements.join(" "));
    if (!existsSync(done)) {
      rmSync(folder, { recursive: true, force: true });
      renameSync(aside, folder);
    }
    return { program };
  } catch (error) {
    if (existsSync(done)) return { program };
    const { stderr } = error as { readonly stderr?: Buffer };
    const lastLine = stderr?.toString("utf8").trim().split("\n").at(-1) ?? String(error);
    return { reason: `pip could not install ${requirements.join(", ")} for ${python.version}: ${lastLine}` };
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
}

/** The oldest that the newest pip still runs on. */
const FIRST_MINOR_OF_NEWEST_PIP = 10;

/** Makes the environment; answers the words that run pip in it. */
function makeEmpty(python: TestInterpreter, folder: string): readonly string[] {
  if (python.minor < FIRST_MINOR_OF_NEWEST_PIP) {
    run(python.path, ["-m", "venv", folder]);
    return ["-m", "pip"];
  }
  const pip = newestPip(PIP);
  run(python.path, ["-m", "venv", "--without-pip", folder]);
  return [pip];
}

function run(program: string, args: readonly string[]): void {
  execFileSync(program, args, { stdio: ["ignore", "ignore", "pipe"], timeout: INSTALL_LIMIT_MS });
}
