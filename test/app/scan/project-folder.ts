// A folder of files that is gone when the test ends.

import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

export interface ProjectFolder extends Disposable {
  readonly path: string;
  readonly write: (files: Readonly<Record<string, string | Uint8Array>>) => void;
}

/** Texts by path. */
export function projectFolder(files: Readonly<Record<string, string | Uint8Array>> = {}): ProjectFolder {
  const path = realpathSync(mkdtempSync(join(tmpdir(), "deadweight-scan-")));
  const write: ProjectFolder["write"] = (texts) => {
    for (const [name, text] of Object.entries(texts)) {
      mkdirSync(dirname(join(path, name)), { recursive: true });
      writeFileSync(join(path, name), text);
    }
  };
  write(files);
  return { path, write, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}
