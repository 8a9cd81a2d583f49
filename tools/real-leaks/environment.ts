// A virtual environment with one version of a library, made once and kept.

import { execFile } from "node:child_process";
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import type { TestInterpreter } from "../../test/support/interpreters.ts";
import type { RealLeak } from "./cases.ts";

const run = promisify(execFile);
const INSTALL_LIMIT_MS = 480_000;
/** What most wheels are made for comes first. */
const MINORS = [11, 10, 12, 9, 13, 8];

/** Null when no interpreter of this machine suits the case. */
export function interpreterFor(
  { package: name, python: clauses }: RealLeak,
  version: string,
  found: readonly TestInterpreter[],
): TestInterpreter | null {
  if (name === "cpython") return found.find(({ minor }) => version === `3.${minor}`) ?? null;
  const suitable = found.filter(({ minor }) => isWithin(minor, clauses));
  return MINORS.flatMap((wanted) => suitable.find(({ minor }) => minor === wanted) ?? [])[0] ?? null;
}

function isWithin(minor: number, clauses: string): boolean {
  return [...clauses.matchAll(/(>=|<)3\.(\d+)/g)].every(([, operator, bound]) =>
    operator === ">=" ? minor >= Number(bound) : minor < Number(bound),
  );
}

/** Path of the Python in it. Rejects when pip cannot install the version. */
export async function environmentFor(
  leak: RealLeak,
  version: string,
  python: TestInterpreter,
  folder: string,
): Promise<string> {
  if (leak.package === "cpython") return python.path;
  const place = join(folder, `${leak.id}-${version}-py3.${python.minor}`);
  const program = join(place, "bin", "python");
  const mark = join(place, "installed");
  if (existsSync(mark)) return program;
  rmSync(place, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  await run(python.path, ["-m", "venv", place]);
  const wanted = [`${leak.package}==${version}`, ...leak.needs];
  await run(program, ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", ...wanted], {
    timeout: INSTALL_LIMIT_MS,
  });
  writeFileSync(mark, "");
  return program;
}
