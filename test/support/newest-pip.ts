// pip as one file that any interpreter can run, `python pip.whl/pip install ...`: Debian's interpreters come without ensurepip, and the pip that
// one version brings along does not run on versions that are much newer.

import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { threadId } from "node:worker_threads";
import { findInterpreters } from "./interpreters.ts";

const LIMIT_MS = 60_000;

/** Says where the pip lies that comes with an interpreter. */
const BUNDLED = `
import ensurepip, glob, os
print(*glob.glob(os.path.join(os.path.dirname(ensurepip.__file__), "_bundled", "pip-*.whl")))
`;

/** The path to run, downloaded into `folder` the first time. Throws when no interpreter has a pip to begin with, and without a network. */
export function newestPip(folder: string): string {
  const kept = pipIn(folder);
  if (kept !== null) return kept;
  const { program, wheel } = bundledPip();
  // Made aside and moved into place: two test files may want it at the same time.
  const aside = `${folder}.${process.pid}.${threadId}`;
  try {
    mkdirSync(aside, { recursive: true });
    run(program, [
      join(wheel, "pip"),
      "download",
      "--quiet",
      "--disable-pip-version-check",
      "--no-deps",
      "-d",
      aside,
      "pip",
    ]);
    if (pipIn(folder) === null) renameSync(aside, folder);
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
  const made = pipIn(folder);
  if (made === null) throw new Error("pip downloaded no wheel of itself");
  return made;
}

function pipIn(folder: string): string | null {
  try {
    const wheel = readdirSync(folder).find((name) => /^pip-.*\.whl$/.test(name));
    return wheel === undefined ? null : join(folder, wheel, "pip");
  } catch {
    return null;
  }
}

function bundledPip(): { readonly program: string; readonly wheel: string } {
  for (const { path } of findInterpreters().toReversed()) {
    try {
      const wheel = run(path, ["-I", "-c", BUNDLED]).trim();
      if (wheel.endsWith(".whl")) return { program: path, wheel };
    } catch {
      // Without ensurepip, as Debian ships it.
    }
  }
  throw new Error("no interpreter here brings pip along (ensurepip)");
}

function run(program: string, words: readonly string[]): string {
  return execFileSync(program, words, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"], timeout: LIMIT_MS });
}
