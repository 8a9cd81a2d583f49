// Builds a CPython that Debian has no package of, from Debian's source package, into the cache folder that tests look in.
//   npx tsx tools/interpreters/build.ts 3.13 --disable-gil       free-threaded
//   npx tsx tools/interpreters/build.ts 3.13 --with-pydebug
// Takes minutes on two processors: never part of a test run, and tests that want such a build are skipped without it.

import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";

import { interpreterCache } from "../../test/support/interpreters.ts";
import { openArchive, run } from "./debian-archive.ts";

/** In this order: the first that has the sources gives them. */
const SUITES = ["trixie", "testing", "sid"];

function build(version: string, option: string): string {
  const folder = join(interpreterCache(), `built-${version}${option.replace("--", "-")}`);
  const aside = `${folder}.${process.pid}`;
  mkdirSync(aside, { recursive: true });
  try {
    const sources = unpackSources(version, aside);
    make(sources, "./configure", [`--prefix=${folder}`, option, "--with-ensurepip=no"]);
    // As low as it goes: whoever builds also works.
    make(sources, "nice", ["make", "-s", "-j2"]);
    make(sources, "make", ["-s", "altinstall", `DESTDIR=${join(aside, "installed")}`]);
    rmSync(folder, { recursive: true, force: true });
    renameSync(join(aside, "installed", folder), folder);
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
  return folder;
}

function unpackSources(version: string, folder: string): string {
  for (const suite of SUITES) {
    const archive = openArchive(suite, join(folder, `apt-${suite}`), "deb-src");
    try {
      run("apt-get", [...archive.options, "source", "--download-only", "-q", `python${version}`], folder);
    } catch {
      continue;
    }
    const tar = readdirSync(folder).find((name) => name.endsWith(".orig.tar.xz"));
    if (tar === undefined) continue;
    const sources = join(folder, "sources");
    mkdirSync(sources);
    run("tar", ["-xf", tar, "-C", sources, "--strip-components=1"], folder);
    return sources;
  }
  throw new Error(`Debian ${SUITES.join(", ")} gave no sources of python${version}`);
}

function make(folder: string, program: string, words: readonly string[]): void {
  const { status } = spawnSync(program, words, { cwd: folder, stdio: ["ignore", "ignore", "inherit"] });
  if (status !== 0) throw new Error(`${program} ${words.join(" ")} ended with ${status}`);
}

function main(): void {
  const [version, option] = process.argv.slice(2);
  if (version === undefined || !["--disable-gil", "--with-pydebug"].includes(option ?? ""))
    throw new Error("say a version and --disable-gil or --with-pydebug, as in: 3.13 --disable-gil");
  const folder = build(version, option ?? "");
  if (!existsSync(join(folder, "bin"))) throw new Error(`nothing was installed in ${folder}`);
  console.log(`built    ${version} ${option}: ${folder}`);
}

main();
