// A folder that stands for /tmp while a test runs: what is left in it is the test's own, whatever else runs on the machine.

import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface OwnTemporaries extends Disposable {
  /** Names of what is in it now. */
  left(): readonly string[];
}

/** Changes TMPDIR of this thread, and of the programs that it starts, until it is disposed. */
export function ownTemporaries(): OwnTemporaries {
  const before = process.env["TMPDIR"];
  const folder = mkdtempSync(join(tmpdir(), "dw-own-"));
  process.env["TMPDIR"] = folder;
  return {
    left: () => readdirSync(folder),
    [Symbol.dispose]: () => {
      if (before === undefined) delete process.env["TMPDIR"];
      else process.env["TMPDIR"] = before;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
