// Versions of the packages that a process has loaded, by the folders that installers leave beside them (`requests-2.31.0.dist-info`).

import { readdirSync } from "node:fs";
import { type InstalledVersions, packageKey } from "../../diagnose/known-leaks.ts";
import type { TargetFiles } from "./read-project-files.ts";

const FOLDER = /^.*\/(?:site|dist)-packages(?=\/)/;
const RECORD = /^(.+?)-(\d[^-]*)(?:-py[\d.]+)?\.(?:dist|egg)-info$/;

/** `python`: version of the interpreter, which is the package "cpython". Folders that cannot be listed are left out. */
export function installedVersions(
  moduleFiles: readonly string[],
  files: TargetFiles,
  python: string,
): InstalledVersions {
  const folders = new Set(moduleFiles.flatMap((file) => FOLDER.exec(file)?.[0] ?? []));
  const versions = new Map([["cpython", python]]);
  for (const folder of folders) {
    for (const entry of entriesOf(files.readable(folder))) {
      const [, name, version] = RECORD.exec(entry) ?? [];
      if (name !== undefined && version !== undefined) versions.set(packageKey(name), version);
    }
  }
  return (name) => versions.get(name) ?? null;
}

function entriesOf(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
