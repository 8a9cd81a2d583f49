// The newest pip, for any interpreter that it still runs on: Debian's come without ensurepip, and the pip that one version brings along
// does not run on versions that are much newer.

import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { findInterpreters } from "./interpreters.ts";
import { bundledPip, run, unpackedPip } from "./unpacked-pip.ts";

/** The path to run, downloaded into `folder` the first time. Throws when no interpreter has a pip to begin with, and without a network. */
export function newestPip(folder: string): string {
  return unpackedPip(folder, (aside) => {
    const { program, pip } = anyPip(folder);
    run(program, [pip, "download", "--quiet", "--disable-pip-version-check", "--no-deps", "-d", aside, "pip"]);
    const wheel = readdirSync(aside).find((name) => /^pip-.*\.whl$/.test(name));
    if (wheel === undefined) throw new Error("pip downloaded no wheel of itself");
    run(program, ["-m", "zipfile", "-e", join(aside, wheel), aside]);
    rmSync(join(aside, wheel));
  });
}

function anyPip(folder: string): { readonly program: string; readonly pip: string } {
  for (const { path, version } of findInterpreters().toReversed()) {
    try {
      return { program: path, pip: bundledPip(path, `${folder}-of-${version}`) };
    } catch {
      // Without ensurepip, as Debian ships it.
    }
  }
  throw new Error("no interpreter here brings pip along (ensurepip)");
}
