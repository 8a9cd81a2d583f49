// Which file each module of a process comes from, as the process names it. Snapshots keep no values, so `__file__` is most
// often not there: functions say it, and modules without functions are looked for beside the others.

import { basename, dirname, isAbsolute, join } from "node:path";
import type { HeapAnalysis } from "../../heap/analyse.ts";
import { moduleFileOf } from "../../heap/holders/module-files.ts";
import type { TargetFiles } from "./read-project-files.ts";

export interface ModuleFile {
  /** As in `sys.modules`. */
  readonly module: string;
  /** Absolute, as the process sees it. */
  readonly file: string;
  readonly isPackage: boolean;
}

/** Every module whose source can be named, the main program first. O(modules and their globals). */
export function modulesOfProcess(analysis: HeapAnalysis, files: TargetFiles): readonly ModuleFile[] {
  const found = new Map<string, ModuleFile>();
  const enter = (module: string, file: string): void => {
    const source = sourceOf(files.absolute(file));
    if (source !== null) found.set(module, { module, file: source, isPackage: basename(source) === "__init__.py" });
  };
  const main = mainFile(analysis);
  if (main !== null) enter("__main__", main);
  for (const { name } of analysis.modules.rows) {
    if (found.has(name)) continue;
    const file = moduleFileOf(analysis, name);
    if (file !== null) enter(name, file);
  }
  enterBesideOthers(analysis, files, found);
  return [...found.values()];
}

/** The folder that `module` is imported from: `/srv` for `app.web` in `/srv/app/web.py`; null when they do not fit. */
export function rootOfModule({ module, file, isPackage }: ModuleFile): string | null {
  const parts = module.split(".");
  let at = isPackage ? dirname(file) : file.replace(/\.py$/, "");
  for (const part of parts.toReversed()) {
    if (basename(at) !== part) return null;
    at = dirname(at);
  }
  return at;
}

/** The script: of its own functions, else of the outermost frame of the main thread. */
function mainFile(analysis: HeapAnalysis): string | null {
  const known = moduleFileOf(analysis, "__main__");
  if (known !== null) return known;
  for (const { frames } of analysis.snapshot.threads) {
    const outermost = frames.findLast((frame) => frame.function === "<module>" && !frame.file.startsWith("<"));
    if (outermost !== undefined) return outermost.file;
  }
  return null;
}

/** A module that is compiled keeps the name of its source in a folder beside `__pycache__`. */
function sourceOf(file: string): string | null {
  if (!isAbsolute(file)) return null;
  if (file.endsWith(".py")) return file;
  const cached = /^(.*)\/__pycache__\/([^/]+?)\.cpython-\d+(?:\.opt-\d)?\.pyc$/.exec(file);
  if (cached !== null) return `${cached[1] ?? ""}/${cached[2] ?? ""}.py`;
  // A script needs no ending.
  return /\.(?:pyc|so|pyd|pyo)$/.test(file) || file.includes("<") ? null : file;
}

/** `settings.py` has no function: where its package or its neighbours lie, there it is. */
function enterBesideOthers(analysis: HeapAnalysis, files: TargetFiles, found: Map<string, ModuleFile>): void {
  const roots = new Set<string>();
  for (const each of found.values()) {
    const root = each.module === "__main__" ? dirname(each.file) : rootOfModule(each);
    if (root !== null && !/\/lib(?:64)?\/python3(?:\.\d+)?(?:\/lib-dynload)?$/.test(root)) roots.add(root);
  }
  for (const { name } of analysis.modules.rows) {
    if (found.has(name) || name === "" || name.startsWith("_")) continue;
    const parts = name.split(".");
    for (const root of roots) {
      const place = join(root, ...parts);
      const file = [`${place}.py`, join(place, "__init__.py")].find((path) => files.stat(path) !== null);
      if (file === undefined) continue;
      found.set(name, { module: name, file, isPackage: file.endsWith("/__init__.py") });
      break;
    }
  }
}
