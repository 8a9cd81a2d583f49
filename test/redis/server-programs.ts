// Finds Redis and Valkey for tests: installed ones, or packages of Debian unpacked into a folder that is kept between runs. Nothing is
// installed, no service is started.

import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { threadId } from "node:worker_threads";

export const SERVER_KINDS = ["redis", "valkey"] as const;
export type ServerKind = (typeof SERVER_KINDS)[number];

/** `libraries`: where its own lie; null for an installed one. */
export type ServerProgram =
  | { readonly kind: ServerKind; readonly path: string; readonly libraries: string | null; readonly version: string }
  | { readonly kind: ServerKind; readonly reason: string };

const CACHE = join(import.meta.dirname, "..", "..", "node_modules", ".cache", "deadweight-servers");
const LIMIT_MS = 100_000;
const FAILED_MS = 600_000;
const KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg";

/** One of each kind, or the reason why there is none. */
export function findServerPrograms(): readonly ServerProgram[] {
  return SERVER_KINDS.map((kind) => {
    const failed = join(CACHE, `${kind}.failed`);
    try {
      const found = installed(kind);
      if (found !== null) return found;
      if (isRecent(failed)) return { kind, reason: readFileSync(failed, "utf8") };
      return unpacked(kind);
    } catch (error) {
      const reason = `no ${kind}-server: ${String((error as Error).message).split("\n", 1)[0]}`;
      mkdirSync(CACHE, { recursive: true });
      writeFileSync(failed, reason);
      return { kind, reason };
    }
  });
}

/** Without a network each test file would wait for it anew. */
function isRecent(path: string): boolean {
  return existsSync(path) && Date.now() - statSync(path).mtimeMs < FAILED_MS;
}

function installed(kind: ServerKind): ServerProgram | null {
  for (const folder of (process.env["PATH"] ?? "").split(delimiter)) {
    const path = join(folder, `${kind}-server`);
    if (folder !== "" && existsSync(path)) return { kind, path, libraries: null, version: versionOf(path, null) };
  }
  return null;
}

function unpacked(kind: ServerKind): ServerProgram {
  const folder = join(CACHE, kind);
  if (!existsSync(join(folder, "complete"))) unpack(kind, folder);
  const path = join(folder, "usr", "bin", `${kind}-server`);
  const lib = join(folder, "usr", "lib");
  const libraries = readdirSync(lib)
    .map((name) => join(lib, name))
    .filter((each) => each.endsWith("-linux-gnu"))
    .join(delimiter);
  return { kind, path, libraries, version: versionOf(path, libraries) };
}

function versionOf(path: string, libraries: string | null): string {
  const text = execFileSync(path, ["--version"], { encoding: "utf8", env: environmentOf(libraries), timeout: 10_000 });
  return /v=(\S+)/.exec(text)?.[1] ?? "unknown";
}

/** What a server's process is started with. */
export function environmentOf(libraries: string | null): NodeJS.ProcessEnv {
  return libraries === null ? process.env : { ...process.env, LD_LIBRARY_PATH: libraries };
}

/** Made aside and moved into place: two test files may want it at the same time. */
function unpack(kind: ServerKind, folder: string): void {
  const aside = `${folder}.${process.pid}.${threadId}`;
  const lists = join(aside, "apt", "lists", "partial");
  try {
    mkdirSync(lists, { recursive: true });
    mkdirSync(join(aside, "apt", "archives", "partial"), { recursive: true });
    const apt = aptFor(kind, aside);
    run("apt-get", [...apt, "update", "-q"], aside);
    run("apt-get", [...apt, "download", "-q", `${kind}-server`, `${kind}-tools`, "libjemalloc2", "liblzf1"], aside);
    for (const name of readdirSync(aside).filter((each) => each.endsWith(".deb")))
      run("dpkg-deb", ["-x", name, "."], aside);
    rmSync(join(aside, "apt"), { recursive: true });
    writeFileSync(join(aside, "complete"), "");
    if (!existsSync(join(folder, "complete"))) {
      rmSync(folder, { recursive: true, force: true });
      renameSync(aside, folder);
    }
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
}

/** apt with lists of its own: those of the machine may be absent, and Debian 12 has Valkey in its backports only. */
function aptFor(kind: ServerKind, aside: string): readonly string[] {
  const release = /^VERSION_CODENAME=(.+)$/m.exec(readFileSync("/etc/os-release", "utf8"))?.[1] ?? "";
  const isBackported = kind === "valkey" && release === "bookworm";
  const suites = isBackported ? [release, `${release}-backports`] : [release];
  const sources = suites.map((suite) => `deb [signed-by=${KEYRING}] http://deb.debian.org/debian ${suite} main\n`);
  writeFileSync(join(aside, "apt", "sources.list"), sources.join(""));
  const options = {
    "Dir::Etc::sourcelist": join(aside, "apt", "sources.list"),
    "Dir::Etc::sourceparts": "-",
    "Dir::State::lists": join(aside, "apt", "lists"),
    "Dir::Cache": join(aside, "apt"),
    "APT::Sandbox::User": "root",
    "Acquire::http::Timeout": "10",
    "Acquire::Retries": "1",
    ...(isBackported ? { "APT::Default-Release": `${release}-backports` } : {}),
  };
  return Object.entries(options).flatMap(([name, value]) => ["-o", `${name}=${value}`]);
}

function run(program: string, words: readonly string[], folder: string): void {
  execFileSync(program, words, { cwd: folder, stdio: ["ignore", "ignore", "pipe"], timeout: LIMIT_MS });
}
