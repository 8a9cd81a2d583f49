// Puts fixed texts on the disk: each file whole or not at all, with the mode it had.

import { realpathSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { reasonOf } from "./discover-files.ts";
import type { FixedFile } from "./fix-findings.ts";

/** A file that is as it was, and a sentence that says why. */
export interface UnwrittenFix {
  readonly file: string;
  readonly message: string;
}

/** Gives those that could not be written. */
export function writeFixes(files: readonly FixedFile[], folder: string): readonly UnwrittenFix[] {
  return files.flatMap(({ file, bytes }) => {
    try {
      replaceSource(realpathSync(resolve(folder, file)), bytes);
      return [];
    } catch (error) {
      return [{ file, message: `${file} was not changed: ${reasonOf(error)}.` }];
    }
  });
}

function replaceSource(path: string, bytes: Uint8Array): void {
  const partial = `${path}.${process.pid}.partial`;
  try {
    writeFileSync(partial, bytes, { mode: statSync(path).mode, flag: "wx" });
    renameSync(partial, path);
  } catch (error) {
    rmSync(partial, { force: true });
    throw error;
  }
}
