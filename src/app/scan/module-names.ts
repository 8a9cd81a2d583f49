// The dotted name under which Python would import a file.

import { existsSync } from "node:fs";
import { basename, dirname, join, relative, sep } from "node:path";

export interface ModuleName {
  /** app.sessions */
  readonly module: string;
  /** An `__init__.py`. */
  readonly isPackage: boolean;
}

/** What lies at the top of a project. */
const PROJECT_MARKS = ["pyproject.toml", "setup.py", "setup.cfg", "requirements.txt", "manage.py", ".git"] as const;
/** Folders that projects put their packages into. */
const SOURCE_FOLDERS = ["src", "lib", "python"] as const;

/**
 * Names for files (absolute paths). A folder with an `__init__.py` is a package; what lies in no package is named from where
 * packages of this scan begin, else from the top of its project, else from `folder`, where the scan began. Looks at each
 * folder once.
 */
export function nameModules(files: readonly string[], folder: string): ReadonlyMap<string, ModuleName> {
  const folders = new Set(files.map((file) => dirname(file)));
  const tops = new Map<string, string>();
  const roots = new Set<string>();
  for (const each of folders) {
    const top = topOfPackages(each);
    if (top !== null) {
      tops.set(each, top);
      roots.add(top);
    }
  }
  for (const each of folders) if (!tops.has(each)) tops.set(each, rootOf(each, roots, folder));
  return new Map(files.map((file) => [file, nameBelow(file, tops.get(dirname(file)) ?? folder)]));
}

/** The folder in which the outermost package around `folder` lies; null when `folder` is no package. */
function topOfPackages(folder: string): string | null {
  let at = folder;
  while (isPackage(at) && dirname(at) !== at) at = dirname(at);
  return at === folder ? null : at;
}

function isPackage(folder: string): boolean {
  return existsSync(join(folder, "__init__.py")) || existsSync(join(folder, "__init__.pyi"));
}

function rootOf(folder: string, roots: ReadonlySet<string>, start: string): string {
  for (let at = folder; dirname(at) !== at; at = dirname(at)) {
    if (roots.has(at)) return at;
    if (at !== folder && (SOURCE_FOLDERS as readonly string[]).includes(basename(at)) && isProjectTop(dirname(at)))
      return at;
    if (isProjectTop(at)) return SOURCE_FOLDERS.some((name) => folder === join(at, name)) ? folder : at;
    if (at === start) return at;
  }
  return folder;
}

function isProjectTop(folder: string): boolean {
  return PROJECT_MARKS.some((mark) => existsSync(join(folder, mark)));
}

function nameBelow(file: string, root: string): ModuleName {
  const name = basename(file).replace(/\.[^.]*$/, "");
  const folders = relative(root, dirname(file)).split(sep);
  const parts = folders.filter((part) => part !== "" && part !== "..");
  const isInit = name === "__init__";
  return { module: (isInit ? parts : [...parts, name]).join(".") || name, isPackage: isInit };
}
