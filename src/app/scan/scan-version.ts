// Everything that a cached result depends on but the scanned files: our version, and our code while somebody changes it.

import { createHash } from "node:crypto";
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Folders whose code decides what is found; all of it lies in `chunks` when the tool is bundled. */
const DECIDING = ["python", "parsers", "csource", "rules", "workers", "model", "app/scan", "chunks"] as const;

/** A word that changes when the tool does. A look at each file of the code: about 200, or 20 of a bundle. */
export function scanVersion(version: string): string {
  const hash = createHash("sha256").update(`${version} ${process.versions.node.split(".")[0]}`);
  const source = join(fileURLToPath(import.meta.url), "../../..");
  for (const folder of DECIDING.map((name) => join(source, name)).filter((path) => existsSync(path))) {
    for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" }).toSorted()) {
      const { size, mtimeMs } = statSync(join(folder, name));
      hash.update(`\0${name} ${size} ${mtimeMs}`);
    }
  }
  return hash.digest("hex").slice(0, 16);
}
