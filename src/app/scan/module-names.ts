// The dotted name under which Python would import a file.

import { existsSync } from "node:fs";
import { basename, dirname, join, relative, sep } from "node:path";

export interface ModuleName {
  /** app.sessions */
  readonly module: string;
  /** An `__init__.py`. */
  readonly isPackage: boolean;
  /** See python/resolve-import.ts; absent where no name is taken twice. */
  readonly neighbours?: Readonly<Record<string, string>>;
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
  const named = new Map(files.map((file) => [file, nameBelow(file, tops.get(dirname(file)) ?? folder)]));
  return withNeighbours(toldApart(named, folder), folders);
}

/** Files of several projects that have one name are named from where the scan began. */
function toldApart(named: ReadonlyMap<string, ModuleName>, folder: string): ReadonlyMap<string, ModuleName> {
  const files = groupBy(
    [...named].filter(([file]) => !file.endsWith(".pyi")),
    ([, { module }]) => module,
  );
  const renamed = new Map(named);
  for (const same of files.values()) {
    if (same.length === 1) continue;
    for (const [file] of same) {
      const isBelow = !relative(folder, file).startsWith("..");
      if (isBelow) renamed.set(file, nameBelow(file, folder));
    }
  }
  return renamed;
}

/** For files that are in no package and beside which lies one whose name another folder has, too. */
function withNeighbours(
  named: ReadonlyMap<string, ModuleName>,
  folders: ReadonlySet<string>,
): ReadonlyMap<string, ModuleName> {
  const loose = new Set([...folders].filter((each) => !isPackage(each)));
  const scripts = [...named].filter(([file]) => loose.has(dirname(file)) && /\.(?:py|ipynb)$/.test(file));
  const stems = groupBy(scripts, ([file]) => stemOf(file));
  const beside = new Map<string, Record<string, string>>();
  for (const [stem, same] of stems) {
    if (same.length === 1) continue;
    for (const [file, { module }] of same) {
      const known = beside.get(dirname(file)) ?? {};
      known[stem] = module;
      beside.set(dirname(file), known);
    }
  }
  return new Map(
    [...named].map(([file, name]) => {
      const neighbours = beside.get(dirname(file));
      return [file, neighbours === undefined ? name : { ...name, neighbours }];
    }),
  );
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}

function stemOf(file: string): string {
  return basename(file).replace(/\.[^.]*$/, "");
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

/** Whether a project begins here. */
export function isProjectTop(folder: string): boolean {
  return PROJECT_MARKS.some((mark) => existsSync(join(folder, mark)));
}

function nameBelow(file: string, root: string): ModuleName {
  const name = stemOf(file);
  const folders = relative(root, dirname(file)).split(sep);
  const parts = folders.filter((part) => part !== "" && part !== "..");
  const isInit = name === "__init__";
  return { module: (isInit ? parts : [...parts, name]).join(".") || name, isPackage: isInit };
}
