// Where a scan keeps what it has learned.

import { accessSync, constants, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { createHash } from "node:crypto";

/** Source: bford.info/cachedir, "Cache Directory Tagging Specification". */
const TAG = `Signature: 8a477f597d28d172789f06886806bc55
# This folder is a cache of deadweight scan. It can be deleted at any time.
`;

/**
 * A folder that is there and can be written to: `given`, else .deadweight_cache in `root`, else one in the user's cache.
 * Null when nothing can be written: the scan goes without.
 */
export function openCacheFolder(root: string, given: string | null, environment: NodeJS.ProcessEnv): string | null {
  const beside = join(root, ".deadweight_cache");
  const user = environment["XDG_CACHE_HOME"] ?? join(homedir(), ".cache");
  const name = createHash("sha256").update(root).digest("hex").slice(0, 16);
  const places = given === null ? [beside, join(user, "deadweight", name)] : [given];
  return places.find(prepare) ?? null;
}

function prepare(folder: string): boolean {
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK);
    const tag = join(folder, "CACHEDIR.TAG");
    if (!existsSync(tag)) {
      writeFileSync(join(folder, ".gitignore"), "*\n");
      writeFileSync(tag, TAG);
    }
    return true;
  } catch {
    // Read-only, full, or a file: no cache is no failure.
    return false;
  }
}
