// A folder for snapshots that never holds more than it may. The first of a process and the latest are worth most: growth
// lies between them.

import { mkdirSync, readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { fail, ok, type Result } from "../../base/result.ts";
import { explainSnapshotFileError } from "../../model/explain-snapshot-file-error.ts";
import type { Snapshot } from "../../heap/snapshot.ts";
import { writeSnapshotFile } from "../snapshot-file/write-snapshot-file.ts";
import type { SnapshotShelf } from "./watch-session.ts";

const OURS = /^deadweight-(\d+)-\d{8}-\d{9}\.dwsnap$/;

/** Writes the snapshot and removes what is one too many. Gives the file, or says in a sentence why there is none. */
export async function shelve(shelf: SnapshotShelf, snapshot: Snapshot): Promise<Result<string, string>> {
  const { folder } = shelf;
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    return fail(`The folder ${folder} for snapshots cannot be made: ${wordsOf(error)}.`);
  }
  const file = join(folder, nameOf(snapshot));
  const written = await writeSnapshotFile(snapshot, file);
  if (!written.ok) return fail(explainSnapshotFileError(written.error));
  makeRoom(shelf);
  return ok(file);
}

/** By process and moment, so that names sort by time: deadweight-4711-20261121-013005123.dwsnap. */
function nameOf({ meta }: Snapshot): string {
  const digits = new Date(meta.takenAtMs).toISOString().replaceAll(/\D/g, "");
  return `deadweight-${meta.pid ?? 0}-${digits.slice(0, 8)}-${digits.slice(8, 17)}.dwsnap`;
}

function makeRoom({ folder, mostFiles, mostBytes }: SnapshotShelf): void {
  const kept = oursIn(folder);
  const bytes = (): number => kept.reduce((sum, each) => sum + each.bytes, 0);
  while (kept.length > 1 && (kept.length > mostFiles || bytes() > mostBytes)) {
    const at = leastTelling(kept);
    const [gone] = kept.splice(at, 1);
    if (gone !== undefined) rmSync(gone.file, { force: true });
  }
}

interface Kept {
  readonly file: string;
  readonly pid: string;
  readonly bytes: number;
  readonly modifiedMs: number;
}

/** Oldest first. */
function oursIn(folder: string): Kept[] {
  return readdirSync(folder)
    .flatMap((name) => {
      const pid = OURS.exec(name)?.[1];
      const facts = pid === undefined ? undefined : statSync(join(folder, name), { throwIfNoEntry: false });
      if (pid === undefined || facts === undefined) return [];
      return [{ file: join(folder, name), pid, bytes: facts.size, modifiedMs: facts.mtimeMs }];
    })
    .sort((a, b) => a.modifiedMs - b.modifiedMs || a.file.localeCompare(b.file));
}

/** The oldest that is neither the first nor the latest of its process; the oldest of all when each is. */
function leastTelling(kept: readonly Kept[]): number {
  const between = kept.findIndex(
    ({ pid }, at) =>
      kept.slice(0, at).some((each) => each.pid === pid) && kept.slice(at + 1).some((each) => each.pid === pid),
  );
  return Math.max(0, between);
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
