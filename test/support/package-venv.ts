// A virtual environment with packages, made once per interpreter and set of requirements and kept between runs.

import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TestInterpreter } from "./interpreters.ts";

const VENVS = join(import.meta.dirname, "..", "..", "node_modules", ".cache", "deadweight-venvs");
const INSTALL_LIMIT_MS = 110_000;

/** The program of the environment, or the reason why there is none. */
export function packageVenv(
  python: TestInterpreter,
  requirements: readonly string[],
): { readonly program: string } | { readonly reason: string } {
  const named = requirements.join("-").replaceAll("<", "-below-").replaceAll(">=", "-from-");
  const folder = join(VENVS, `${python.version}-${named}`);
  const program = join(folder, "bin", "python");
  // Written last, so that half an environment is not taken for a whole one.
  const done = join(folder, "complete");
  if (existsSync(done) && existsSync(program)) return { program };
  try {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(VENVS, { recursive: true });
    run(python.path, ["-m", "venv", folder]);
    run(program, [
      "-m",
      "pip",
      "install",
      "--quiet",
      "--disable-pip-version-check",
      "--only-binary=:all:",
      ...requirements,
    ]);
    writeFileSync(done, requirements.join("\n"));
    return { program };
  } catch (error) {
    const { stderr } = error as { readonly stderr?: Buffer };
    const lastLine = stderr?.toString("utf8").trim().split("\n").at(-1) ?? String(error);
    return { reason: `pip could not install ${requirements.join(", ")} for ${python.version}: ${lastLine}` };
  }
}

function run(program: string, args: readonly string[]): void {
  execFileSync(program, args, { stdio: ["ignore", "ignore", "pipe"], timeout: INSTALL_LIMIT_MS });
}
