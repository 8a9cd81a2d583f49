// Completes package-lock.json. A registry that does not carry the binaries of other platforms makes `npm install` write a
// lock without them, and `npm ci` then refuses that lock everywhere. Their versions are pinned exactly by the packages that
// want them, so the entries can be written without asking anyone.
//   npx tsx tools/lock-file.ts           adds what is missing

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

/** The part of a lock's entry that matters here. */
export interface LockEntry {
  readonly version?: string;
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
  readonly libc?: readonly string[];
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}
/** By place in the tree: "" is the project, "node_modules/tsx" a package. */
export type LockPackages = Readonly<Record<string, LockEntry>>;

const SYSTEMS = [
  "aix",
  "android",
  "darwin",
  "freebsd",
  "linux",
  "netbsd",
  "openbsd",
  "openharmony",
  "sunos",
  "wasi",
  "win32",
];
const PROCESSORS = ["arm64", "arm", "x64", "ia32", "loong64", "mips64el", "ppc64", "riscv64", "s390x", "wasm32"];

/** Entries for optional packages that some package wants and the lock does not have, by place. */
export function missingEntries(packages: LockPackages): Record<string, LockEntry> {
  const missing: Record<string, LockEntry> = {};
  for (const [place, entry] of Object.entries(packages)) {
    for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
      const found = placeOf(packages, place, name);
      const fits = (candidate: LockEntry | undefined): boolean =>
        candidate !== undefined && (candidate.version === version || !/^\d/.test(version));
      if (found !== null && fits(packages[found])) continue;
      const wanted = found === null && !(`node_modules/${name}` in missing) ? `node_modules/${name}` : null;
      if (wanted === null && fits(missing[`node_modules/${name}`])) continue;
      missing[wanted ?? `${place}/node_modules/${name}`] = entryFor(name, version, entry.dev === true);
    }
  }
  return missing;
}

/** Where Node would find `name` from `place`; null when nowhere. */
function placeOf(packages: LockPackages, place: string, name: string): string | null {
  for (let from = place; ; from = from.slice(0, Math.max(0, from.lastIndexOf("/node_modules/")))) {
    const candidate = from === "" ? `node_modules/${name}` : `${from}/node_modules/${name}`;
    if (candidate in packages) return candidate;
    if (from === "") return null;
  }
}

/** The platform is part of such a package's name; npm skips the entry elsewhere. */
function entryFor(name: string, version: string, dev: boolean): LockEntry {
  const words = name.split(/[/-]/);
  const system = name === "fsevents" ? "darwin" : SYSTEMS.find((word) => words.includes(word));
  const processor = PROCESSORS.find((word) => words.includes(word));
  return {
    version: version.replace(/^[~^]/, ""),
    ...(processor === undefined ? {} : { cpu: [processor] }),
    ...(dev ? { dev } : {}),
    ...(words.includes("musl") ? { libc: ["musl"] } : {}),
    optional: true,
    ...(system === undefined || system === "wasi" ? {} : { os: [system] }),
  };
}

function main(): void {
  const path = join(import.meta.dirname, "..", "package-lock.json");
  const lock = JSON.parse(readFileSync(path, "utf8")) as { packages: Record<string, LockEntry> };
  const missing = missingEntries(lock.packages);
  const all = { ...lock.packages, ...missing };
  const ordered = Object.fromEntries(Object.entries(all).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  writeFileSync(path, `${JSON.stringify({ ...lock, packages: ordered }, null, 2)}\n`);
  console.log(`package-lock.json: ${Object.keys(missing).length} entries added`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) main();
