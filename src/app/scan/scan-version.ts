// Everything that a cached result depends on but the scanned files: our version, and our code while somebody changes it.

import { createHash } from "node:crypto";
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";

/** Folders whose code decides what is found. */
const DECIDING = ["python", "parsers", "csource", "rules", "workers", "model", "app/scan"] as const;

/** A word that changes when the tool does. About 200 looks at files. */
export function scanVersion(version: string): string {
  const hash = createHash("sha256").update(`${version} ${process.versions.node.split(".")[0]}`);
  const source = join(import.meta.dirname, "../..");
  for (const folder of DECIDING.map((name) => join(source, name)).filter((path) => existsSync(path))) {
    for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" }).toSorted()) {
      const { size, mtimeMs } = statSync(join(folder, name));
      hash.update(`\0${name} ${size} ${mtimeMs}`);
    }
  }
  return hash.digest("hex").slice(0, 16);
}
