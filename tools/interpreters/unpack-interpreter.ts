// Makes an interpreter of Debian's packages that runs where it lies, beside the machine's own libraries: a newer release
// has a newer C library, so the program is told to use the loader and the libraries that were unpacked with it. Only
// the two names of that kind in its header change; everything that is read from outside stays as Debian built it.

import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";

import { type DebianArchive, openArchive, ownRelease, run, unpackPackages } from "./debian-archive.ts";

/** What the standard library's modules link to, besides the interpreter itself. */
const LIBRARIES = [
  "libc6",
  "libexpat1",
  "zlib1g",
  "libssl3t64",
  "libffi8",
  "libsqlite3-0",
  "liblzma5",
  "libbz2-1.0",
  "libzstd1",
  "libuuid1",
];

/** The packages of one version, such as "3.14": program, standard library, headers. */
export function packagesOf(version: string): readonly string[] {
  const own = [`python${version}-minimal`, `libpython${version}-minimal`, `libpython${version}-stdlib`];
  return [...own, `libpython${version}-dev`, ...LIBRARIES];
}

/**
 * Unpacks `version` from `archive` into `cache`/debian-VERSION and returns the path of the program. Made aside and moved into
 * place, so that an interrupted run leaves nothing half done. `fixer`: see unpackPatchelf. Throws when anything fails.
 */
export function unpackInterpreter(archive: DebianArchive, version: string, cache: string, fixer: string): string {
  const folder = join(cache, `debian-${version}`);
  const aside = `${folder}.${process.pid}`;
  try {
    mkdirSync(aside, { recursive: true });
    unpackPackages(archive, packagesOf(version), aside);
    if (!existsSync(folder)) renameSync(aside, folder);
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
  const program = join(folder, "usr", "bin", `python${version}`);
  useOwnLibraries(program, folder, fixer);
  return program;
}

function useOwnLibraries(program: string, folder: string, fixer: string): void {
  const libraries = readdirSync(join(folder, "usr", "lib"))
    .filter((name) => name.endsWith("-linux-gnu"))
    .map((name) => join(folder, "usr", "lib", name));
  const loader = libraries
    .flatMap((each) => readdirSync(each).map((name) => join(each, name)))
    .find((path) => /\/ld-linux[^/]*\.so\.\d+$/.test(path));
  if (loader === undefined) throw new Error("the packages have no loader");
  // An rpath of the old kind also holds for what modules of the standard library link to.
  run(fixer, ["--set-interpreter", loader, "--force-rpath", "--set-rpath", libraries.join(":"), program], folder);
}

/** The program patchelf, of the machine's own release: `folder` keeps it. */
export function unpackPatchelf(folder: string): string {
  const archive = openArchive(ownRelease(), join(folder, "apt-own"));
  unpackPackages(archive, ["patchelf"], folder);
  return join(folder, "usr", "bin", "patchelf");
}
