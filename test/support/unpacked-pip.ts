// pip as a folder that an interpreter can run, `python FOLDER/pip install ...`: run from its wheel, it would be compiled anew each time.

import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { threadId } from "node:worker_threads";

const LIMIT_MS = 60_000;

/** Says where the newest pip lies that comes with an interpreter; nothing where Debian left it out. */
const BUNDLED = `
import ensurepip, glob, os
print(*sorted(glob.glob(os.path.join(os.path.dirname(ensurepip.__file__), "_bundled", "pip-*.whl")))[-1:])
`;

/** The pip that an interpreter brings along, to be run by it: unpacked into `folder` the first time. Throws when it has none. */
export function bundledPip(program: string, folder: string): string {
  return unpackedPip(folder, (aside) => {
    const wheel = run(program, ["-I", "-c", BUNDLED]).trim();
    run(program, ["-m", "zipfile", "-e", wheel, aside]);
  });
}

/** The path to run in `folder`, which `fill` makes the first time. */
export function unpackedPip(folder: string, fill: (aside: string) => void): string {
  const pip = join(folder, "pip");
  if (existsSync(pip)) return pip;
  // Made aside and moved into place: two test files may want it at the same time.
  const aside = `${folder}.${process.pid}.${threadId}`;
  try {
    mkdirSync(aside, { recursive: true });
    fill(aside);
    if (!existsSync(pip)) renameSync(aside, folder);
  } catch (error) {
    // The other one was first.
    if (!existsSync(pip)) throw error;
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
  return pip;
}

export function run(program: string, words: readonly string[]): string {
  return execFileSync(program, words, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"], timeout: LIMIT_MS });
}
