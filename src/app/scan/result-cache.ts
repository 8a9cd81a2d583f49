// The result of a whole scan, kept for the case that nothing has changed: then no facts are read at all.

import { createHash } from "node:crypto";
import { readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { replaceFile } from "./fact-cache.ts";
import type { ModuleName } from "./module-names.ts";
import type { ScanRun, ScanWork } from "./scan-files.ts";
import { stablePaths } from "./stable-path.ts";

/** Where the result for exactly these files, as they are now, is kept. */
export interface ResultPlace {
  readonly folder: string;
  readonly file: string;
  readonly stamp: string;
  readonly newestMs: number;
  /** Before the first file was read. */
  readonly startedMs: number;
}

interface KeptResult {
  readonly stamp: string;
  readonly startedMs: number;
  readonly run: ScanRun;
}

const RESULT = /^result-[0-9a-f]{16}\.json$/;
const MOST_RESULTS = 16;
/** As in fact-cache.ts: a file changed so shortly before the scan may have changed again while it ran. */
const DOUBT_MS = 2000;

/**
 * Null when nothing is kept, or contents are not those on the disk. `names` depend on files that are not scanned: a new
 * requirements.txt moves the top of a project.
 */
export function resultPlace(work: ScanWork, names: ReadonlyMap<string, ModuleName>): ResultPlace | null {
  if (work.cacheFolder === null || work.overlay.size > 0 || work.files.length === 0) return null;
  const which = createHash("sha256").update(work.folder);
  const stamp = createHash("sha256").update(`${work.version} ${work.targetVersion}`);
  const stablePath = stablePaths(work.folder, work.named);
  let newestMs = 0;
  for (const { absolute, path, bytes, modifiedMs } of work.files) {
    which.update(`\0${absolute}`);
    stamp.update(`\0${bytes} ${modifiedMs} ${JSON.stringify(names.get(absolute) ?? "")} ${stablePath(path)}`);
    newestMs = Math.max(newestMs, modifiedMs);
  }
  const file = `result-${which.digest("hex").slice(0, 16)}.json`;
  return { folder: work.cacheFolder, file, stamp: stamp.digest("hex"), newestMs, startedMs: Date.now() };
}

export function readResult({ folder, file, stamp, newestMs }: ResultPlace): ScanRun | null {
  try {
    const kept = JSON.parse(readFileSync(join(folder, file), "utf8")) as KeptResult;
    return kept.stamp === stamp && newestMs < kept.startedMs - DOUBT_MS ? kept.run : null;
  } catch {
    // Not there, or damaged: the files are scanned.
    return null;
  }
}

export function keepResult({ folder, file, stamp, startedMs }: ResultPlace, run: ScanRun): void {
  const kept: KeptResult = { stamp, startedMs, run };
  replaceFile(join(folder, file), [Buffer.from(JSON.stringify(kept))]);
  dropOldResults(folder);
}

function dropOldResults(folder: string): void {
  try {
    const names = readdirSync(folder).filter((name) => RESULT.test(name));
    if (names.length <= MOST_RESULTS) return;
    const aged = names.map((name) => ({ name, atMs: statSync(join(folder, name)).mtimeMs }));
    for (const { name } of aged.toSorted((a, b) => b.atMs - a.atMs).slice(MOST_RESULTS)) rmSync(join(folder, name));
  } catch {
    // Another scan tidies up at the same time.
  }
}
