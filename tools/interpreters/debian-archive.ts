// Packages of Debian, unpacked into a folder. Nothing is installed: apt works on lists of its own, so that the machine's
// stay as they are and root is not needed.

import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const LIMIT_MS = 100_000;
const KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg";

/** Where packages come from: a release of Debian, and apt's lists of it. */
export interface DebianArchive {
  readonly suite: string;
  readonly options: readonly string[];
  /** Holds the lists; the caller removes it. */
  readonly folder: string;
}

/** "bookworm"; "" where the system does not say. */
export function ownRelease(): string {
  return /^VERSION_CODENAME=(.+)$/m.exec(readFileSync("/etc/os-release", "utf8"))?.[1] ?? "";
}

/** Fetches the lists of `suite` into `folder`, of packages or of sources. Throws without apt, without a network and for an unknown suite. */
export function openArchive(suite: string, folder: string, kind: "deb" | "deb-src" = "deb"): DebianArchive {
  mkdirSync(join(folder, "lists", "partial"), { recursive: true });
  mkdirSync(join(folder, "archives", "partial"), { recursive: true });
  const list = join(folder, "sources.list");
  writeFileSync(list, `${kind} [signed-by=${KEYRING}] ${mirrorOfDebian(folder)} ${suite} main\n`);
  const options = Object.entries({
    "Dir::Etc::sourcelist": list,
    "Dir::Etc::sourceparts": "-",
    "Dir::State::lists": join(folder, "lists"),
    "Dir::Cache": folder,
    "APT::Sandbox::User": "root",
    "Acquire::Languages": "none",
    "Acquire::http::Timeout": "10",
    "Acquire::Retries": "1",
  }).flatMap(([name, value]) => ["-o", `${name}=${value}`]);
  run("apt-get", [...options, "update", "-q"], folder);
  return { suite, options, folder };
}

/** The mirror that this machine's own apt uses: any release of Debian is on it. */
function mirrorOfDebian(folder: string): string {
  const sites = run("apt-get", ["indextargets", "--format", "$(SITE)", "Created-By: Packages"], folder).split("\n");
  const mirror = sites.find((site) => /\/debian\/?$/.test(site));
  if (mirror === undefined) throw new Error("apt knows no mirror of Debian here");
  return mirror;
}

/** Whether the archive has all of `packages`. */
export function hasPackages(archive: DebianArchive, packages: readonly string[]): boolean {
  try {
    run("apt-cache", [...archive.options, "show", ...packages], archive.folder);
    return true;
  } catch {
    return false;
  }
}

/** Downloads and unpacks `packages` into `folder`. Throws when one cannot be had. */
export function unpackPackages(archive: DebianArchive, packages: readonly string[], folder: string): void {
  const downloads = join(folder, "downloads");
  mkdirSync(downloads, { recursive: true });
  run("apt-get", [...archive.options, "download", "-q", ...packages], downloads);
  for (const name of readdirSync(downloads)) run("dpkg-deb", ["-x", join(downloads, name), folder], folder);
  rmSync(downloads, { recursive: true });
}

/** Runs a program and gives what it printed. */
export function run(program: string, words: readonly string[], folder: string): string {
  return execFileSync(program, words, {
    cwd: folder,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
    timeout: LIMIT_MS,
    maxBuffer: 1 << 26,
  });
}
