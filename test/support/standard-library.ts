// The library of the Python that is on PATH: real sources that are known to be valid.

import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";

/** Where `import os` comes from. */
export function standardLibrary(): string {
  const asked = ["-c", "import sysconfig; print(sysconfig.get_path('stdlib'))"];
  return execFileSync("python3", asked, { encoding: "utf8" }).trim();
}

/**
 * Its sources, in a fixed order, without installed packages and without what is meant to be broken: bad_*, the data of
 * lib2to3, which is Python 2, and the grammar test, which before 3.10 has `0else`, the one valid form pyright does not read.
 */
export function standardLibrarySources(): string[] {
  const root = standardLibrary();
  const names = readdirSync(root, { recursive: true, encoding: "utf8" });
  const isSource = (name: string): boolean =>
    name.endsWith(".py") &&
    !/site-packages|dist-packages|lib2to3\/(?:tests\/)?data|test\/.*bad|test_grammar/.test(name);
  return names
    .filter(isSource)
    .toSorted()
    .map((name) => join(root, name));
}
