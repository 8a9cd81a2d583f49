// A virtual environment with some packages, made once per interpreter and kept between runs.

import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { threadId } from "node:worker_threads";
import type { TestInterpreter } from "./interpreters.ts";
import { newestPip } from "./newest-pip.ts";
import { bundledPip } from "./unpacked-pip.ts";

const VENVS = join(import.meta.dirname, "..", "..", "node_modules", ".cache", "deadweight-venvs");
const PIP = join(VENVS, "unpacked-pip");
const INSTALL_LIMIT_MS = 110_000;

/**
 * The program of the environment, or the reason why there is none. Packages are compiled when they are imported, which is a tenth of
 * compiling them all; `isCompiled` is for programs that may not write what they compile and are started often.
 */
export function packageVenv(
  python: TestInterpreter,
  requirements: readonly string[],
  isCompiled = false,
): { readonly program: string } | { readonly reason: string } {
  const name = requirements.join("+").replaceAll("<", "-below-").replaceAll(">=", "-from-");
  const folder = join(VENVS, `${python.version}${python.build === "plain" ? "" : `-${python.build}`}-${name}`);
  const program = join(folder, "bin", "python");
  const done = join(folder, "complete");
  if (existsSync(done) && existsSync(program)) return { program };
  // Made aside and moved into place: two test files may want it at the same time.
  const aside = `${folder}.${process.pid}.${threadId}`;
  try {
    mkdirSync(VENVS, { recursive: true });
    const quietly = ["--quiet", "--disable-pip-version-check", "--only-binary=:all:"];
    if (!isCompiled) quietly.push("--no-compile");
    run(python.path, ["-m", "venv", "--without-pip", aside]);
    run(join(aside, "bin", "python"), [pipFor(python), "install", ...quietly, ...requirements]);
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

/** The path to run. */
function pipFor({ minor, path, version }: TestInterpreter): string {
  return minor < FIRST_MINOR_OF_NEWEST_PIP ? bundledPip(path, `${PIP}-of-${version}`) : newestPip(PIP);
}

function run(program: string, args: readonly string[]): void {
  execFileSync(program, args, { stdio: ["ignore", "ignore", "pipe"], timeout: INSTALL_LIMIT_MS });
}
