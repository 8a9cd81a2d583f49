// Gets the interpreters that tests want and the machine lacks, out of Debian's packages, into a cache folder. Installs nothing.
//   npx tsx tools/interpreters/fetch.ts           says what there is and gets what is missing
// Without a network or without apt it says what was skipped, and that is no failure: tests run on what there is.

import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";

import { describeInterpreter, everyInterpreter, interpreterCache } from "../../test/support/interpreters.ts";
import { type DebianArchive, hasPackages, openArchive } from "./debian-archive.ts";
import { packagesOf, unpackInterpreter, unpackPatchelf } from "./unpack-interpreter.ts";

/** What no machine with an older system has by itself. */
const WANTED_VERSIONS = ["3.14", "3.15"];
/** In this order: the first that has a version gives it. */
const SUITES = ["testing", "sid"];

function isThere(version: string): boolean {
  return everyInterpreter().some((python) => python.build === "plain" && `3.${python.minor}` === version);
}

function getMissing(versions: readonly string[], cache: string): void {
  const scratch = join(cache, `scratch.${process.pid}`);
  mkdirSync(scratch, { recursive: true });
  try {
    const fixer = unpackPatchelf(scratch);
    const archives = SUITES.map((suite) => openArchive(suite, join(scratch, `apt-${suite}`)));
    for (const version of versions) getVersion(version, archives, cache, fixer);
  } catch (error) {
    skip(versions, error);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function getVersion(version: string, archives: readonly DebianArchive[], cache: string, fixer: string): void {
  const archive = archives.find((each) => hasPackages(each, packagesOf(version)));
  try {
    if (archive === undefined) throw new Error(`Debian ${SUITES.join(" and ")} have no python${version}`);
    console.log(
      `unpacked ${version} from Debian ${archive.suite}: ${unpackInterpreter(archive, version, cache, fixer)}`,
    );
  } catch (error) {
    skip([version], error);
  }
}

function skip(versions: readonly string[], error: unknown): void {
  const reason = String((error as Error).message).split("\n", 1)[0];
  console.log(`skipped  ${versions.join(", ")}: ${reason}`);
}

function main(): void {
  const cache = interpreterCache();
  const missing = WANTED_VERSIONS.filter((version) => !isThere(version));
  if (missing.length > 0) getMissing(missing, cache);
  for (const python of everyInterpreter()) console.log(`found    ${describeInterpreter(python)}: ${python.path}`);
}

main();
