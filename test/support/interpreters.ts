// Finds the CPython interpreters of this machine, so that tests run on every one there is and say which there were.
// DEADWEIGHT_PYTHONS narrows it: "3.11,3.13.0,/usr/bin/python3.11" keeps what matches one of its parts.

import { execFileSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";

import { freeThreadedVersions } from "../../src/cpython/layout-for-version.ts";

export interface TestInterpreter {
  /** Real path: no symlink, no pyenv shim. */
  readonly path: string;
  /** "3.11.7". */
  readonly version: string;
  readonly minor: number;
  /** Lives in a libpython of its own rather than in the executable. */
  readonly shared: boolean;
  /** Without `.symtab`, as distributions ship it. */
  readonly stripped: boolean;
  /** Folder of Python.h with the internal headers, null when they are not installed. */
  readonly include: string | null;
  /** Built with --disable-gil, with --with-pydebug, or as most are. */
  readonly build: "plain" | "free-threaded" | "debug";
  /** Lies in the cache folder of tools/interpreters: without pip, and its file was fitted to where it lies. */
  readonly unpacked: boolean;
}

/** What the run of the tests has found, so that not every test file starts every interpreter again: a second of two processors each. */
export const FOUND_BEFORE = "DEADWEIGHT_FOUND_INTERPRETERS";

const FIRST_SUPPORTED_MINOR = 8;
const LAST_SUPPORTED_MINOR = 15;

/**
 * Installed interpreters of a version we read, oldest first, for tests that also need packages or the files as they were installed.
 * Throws when there is none: a test on nothing is not a test.
 */
export function findInterpreters(): readonly TestInterpreter[] {
  return readable(everyInterpreter().filter(({ unpacked }) => !unpacked));
}

/** Those, and what tools/interpreters unpacked of the versions that are not installed: for tests that read the process alone. */
export function readableInterpreters(): readonly TestInterpreter[] {
  return readable(everyInterpreter());
}

/** Those and builds without a GIL, for tests that read a process from outside and do nothing else. */
export function outsideInterpreters(): readonly TestInterpreter[] {
  return [...readableInterpreters(), ...freeThreadedInterpreters()];
}

/** Builds without a GIL of a version that we read; none where tools/interpreters/build.ts made none. */
export function freeThreadedInterpreters(): readonly TestInterpreter[] {
  const wanted = wantedParts();
  const found = everyInterpreter().filter(
    (python) =>
      python.build === "free-threaded" &&
      freeThreadedVersions.includes(`3.${python.minor}`) &&
      (wanted.length === 0 || isWanted(python, wanted)),
  );
  // `python3.14` and `python3.14t` are one file under two names.
  return found.filter((python, at) => found.findIndex(({ version }) => version === python.version) === at);
}

/** One of each minor version: for what our Python package does, which no way of building the interpreter changes. */
export function interpretersByMinor(
  found: readonly TestInterpreter[] = findInterpreters(),
): readonly TestInterpreter[] {
  return found.filter(({ minor }, at) => found.findIndex((other) => other.minor === minor) === at);
}

function readable(every: readonly TestInterpreter[]): readonly TestInterpreter[] {
  const found = every.filter((python) => python.build === "plain" && isSupported(python));
  const wanted = wantedParts();
  const kept = wanted.length === 0 ? found : found.filter((python) => isWanted(python, wanted));
  if (kept.length > 0) return kept;
  const narrowed = wanted.length === 0 ? "" : ` matching DEADWEIGHT_PYTHONS=${wanted.join(",")}`;
  throw new Error(
    `found no CPython 3.${FIRST_SUPPORTED_MINOR} - 3.${LAST_SUPPORTED_MINOR}${narrowed}; looked in ${searchFolders().join(", ")}`,
  );
}

/** Interpreters that we must refuse: of a version we do not know, or built in a way that we do not read; often none. */
export function findForeignInterpreters(): readonly TestInterpreter[] {
  return everyInterpreter().filter((python) => python.build !== "plain" || !isSupported(python));
}

function isSupported({ minor }: TestInterpreter): boolean {
  return minor >= FIRST_SUPPORTED_MINOR && minor <= LAST_SUPPORTED_MINOR;
}

/** "3.11.7 (shared)", "3.11.2 (static, stripped)" or "3.13.5 (static, free-threaded)": names a test. */
export function describeInterpreter({ version, shared, stripped, build }: TestInterpreter): string {
  const traits = [
    shared ? "shared" : "static",
    ...(stripped ? ["stripped"] : []),
    ...(build === "plain" ? [] : [build]),
  ];
  return `${version} (${traits.join(", ")})`;
}

/** Where tools/interpreters unpacks what the machine lacks; DEADWEIGHT_INTERPRETERS names another folder. */
export function interpreterCache(): string {
  const cache = process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache");
  return process.env["DEADWEIGHT_INTERPRETERS"] ?? join(cache, "deadweight", "interpreters");
}

function wantedParts(): readonly string[] {
  return (process.env["DEADWEIGHT_PYTHONS"] ?? "").split(/[,:\s]+/).filter((part) => part !== "");
}

function isWanted(python: TestInterpreter, wanted: readonly string[]): boolean {
  return wanted.some((part) => part === python.path || part === python.version || part === `3.${python.minor}`);
}

/** Every CPython of this machine, also those that we do not read, oldest first. */
export function everyInterpreter(): readonly TestInterpreter[] {
  const known = process.env[FOUND_BEFORE];
  return known === undefined ? askEveryInterpreter() : (JSON.parse(known) as readonly TestInterpreter[]);
}

function askEveryInterpreter(): readonly TestInterpreter[] {
  const byPath = new Map<string, TestInterpreter>();
  for (const candidate of candidates()) {
    const python = askInterpreter(candidate);
    if (python !== null) byPath.set(`${python.path} ${python.version}`, python);
  }
  return [...byPath.values()].sort((a, b) => a.minor - b.minor || a.path.localeCompare(b.path));
}

function candidates(): readonly string[] {
  return searchFolders().flatMap((folder) =>
    list(folder)
      .filter((name) => /^python3\.\d+(t|d|-dbg)?$/.test(name))
      .map((name) => join(folder, name)),
  );
}

function searchFolders(): readonly string[] {
  const uv = join(process.env["XDG_DATA_HOME"] ?? join(homedir(), ".local", "share"), "uv", "python");
  const cache = interpreterCache();
  const roots = [
    cache,
    join(process.env["PYENV_ROOT"] ?? join(homedir(), ".pyenv"), "versions"),
    uv,
    "/opt",
    "/opt/python",
  ];
  const folders = [
    ...roots.flatMap((root) => list(root).map((name) => join(root, name, "bin"))),
    ...list(cache).map((name) => join(cache, name, "usr", "bin")),
    ...(process.env["PATH"] ?? "").split(delimiter),
    "/usr/bin",
    "/usr/local/bin",
  ];
  return [...new Set(folders)].filter((folder) => folder !== "" && existsSync(folder));
}

function list(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

interface Facts extends Omit<TestInterpreter, "build" | "unpacked"> {
  readonly implementation: string;
  readonly freeThreaded: boolean;
  readonly debug: boolean;
}

/** What the program says about itself; null when it does not run (a shim of a version that is off) or is no CPython. */
function askInterpreter(path: string): TestInterpreter | null {
  try {
    const script = join(import.meta.dirname, "interpreter_facts.py");
    const answer = execFileSync(path, ["-I", script], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
      timeout: 20_000,
    });
    const { implementation, freeThreaded, debug, ...python } = JSON.parse(answer) as Facts;
    const build = freeThreaded ? "free-threaded" : debug ? "debug" : "plain";
    const unpacked = path.startsWith(join(interpreterCache(), "/"));
    return implementation === "cpython" ? { ...python, build, unpacked } : null;
  } catch {
    return null;
  }
}
