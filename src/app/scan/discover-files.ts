// From the paths on the command line to the files that are scanned.

import { accessSync, constants, type Dirent, readdirSync, statSync } from "node:fs";
import { join, relative, resolve, sep } from "node:path";
import ignore, { type Ignore } from "ignore";
import { formatBytes } from "../../base/format-bytes.ts";
import type { ScanProblem } from "../../model/finding.ts";
import type { ScanSettings } from "../../model/scan-settings.ts";
import { enterFolder, type IgnoredPaths, ignoredPathsFrom, isIgnored } from "./ignored-paths.ts";
import { shownPath } from "./shown-path.ts";
import { languageOf, type SourceLanguage } from "./source-language.ts";

export interface SourceFile {
  /** As reports name it. */
  readonly path: string;
  readonly absolute: string;
  readonly language: SourceLanguage;
  readonly bytes: number;
  readonly modifiedMs: number;
}

export interface Discovery {
  /** By path. */
  readonly files: readonly SourceFile[];
  /** What was named and cannot be read, and files that are too large. */
  readonly problems: readonly ScanProblem[];
  /** Something that was named is not there or is no file: the caller's mistake, whatever else was found. */
  readonly isNameWrong: boolean;
}

/** Generated data in the clothes of source: a tree takes up to 40 times as much memory. Notebooks carry pictures. */
const LARGEST_BYTES: Readonly<Record<SourceLanguage, number>> = {
  python: 8 * 1024 * 1024,
  notebook: 50 * 1024 * 1024,
  c: 8 * 1024 * 1024,
  cython: 8 * 1024 * 1024,
};

/** What other people's code and generated code lie in. */
const DEFAULT_EXCLUDES = [
  ".bzr",
  ".direnv",
  ".eggs",
  ".git",
  ".git-rewrite",
  ".hg",
  ".ipynb_checkpoints",
  ".mypy_cache",
  ".nox",
  ".pants.d",
  ".pytest_cache",
  ".pytype",
  ".ruff_cache",
  ".deadweight_cache",
  ".svn",
  ".tox",
  ".venv",
  ".vscode",
  "__pycache__",
  "__pypackages__",
  "_build",
  "buck-out",
  "build",
  "dist",
  "node_modules",
  "site-packages",
  "venv",
] as const;

/**
 * Finds sources below `paths`. Files that are named are always scanned; in folders, what git ignores and what the settings
 * exclude is left out, and symbolic links are not followed: what they lead to is found at its own place, if it belongs to
 * the project. `folder` is where the scan began (absolute). Time grows with the number of entries.
 */
export function discoverFiles(paths: readonly string[], folder: string, settings: ScanSettings): Discovery {
  const walk: Walk = { folder, settings, excludes: excludesOf(settings), files: new Map(), problems: [] };
  // Each of them is visited, also after one that is wrong.
  const isNameWrong = paths.map((path) => visitNamed(path, walk)).includes(false);
  const files = [...walk.files.values()].toSorted((a, b) => (a.path < b.path ? -1 : 1));
  return { files, problems: walk.problems, isNameWrong };
}

interface Walk {
  readonly folder: string;
  readonly settings: ScanSettings;
  readonly excludes: Excludes;
  /** By absolute path: a file may be named twice. */
  readonly files: Map<string, SourceFile>;
  readonly problems: ScanProblem[];
}

interface Excludes {
  /** Looked at below the folder that was named: .venv/lib/site-packages/flask can be scanned by naming it. */
  readonly byDefault: Ignore;
  /** Relative to the configuration's folder. */
  readonly bySettings: Ignore;
}

function excludesOf(settings: ScanSettings): Excludes {
  return {
    byDefault: ignore().add(settings.exclude === null ? [...DEFAULT_EXCLUDES] : []),
    bySettings: ignore({ allowRelativePaths: true }).add([...(settings.exclude ?? []), ...settings.extendExclude]),
  };
}

/** False when there is nothing to read. */
function visitNamed(name: string, walk: Walk): boolean {
  const path = resolve(walk.folder, name);
  const fault = faultOf(name, path);
  if (fault !== null) {
    walk.problems.push({
      file: name === "" ? '""' : shownPath(path, walk.folder),
      line: null,
      column: null,
      message: fault,
    });
    return false;
  }
  if (statSync(path).isDirectory()) walkFolder(path, walk);
  else addFile(path, languageOf(path) ?? "python", walk);
  return true;
}

/** Why what was named cannot be scanned: a sentence; null when it can. */
function faultOf(name: string, path: string): string | null {
  // Most often a variable of a shell that is not set; the folder here would be a surprise.
  if (name === "") return "It cannot be read: the path is empty.";
  try {
    const stat = statSync(path);
    if (stat.isDirectory()) return null;
    // A pipe may never end, and a device has no end.
    if (!stat.isFile())
      return "It cannot be read: it is no file; `deadweight scan -` reads what another program writes.";
    accessSync(path, constants.R_OK);
    return null;
  } catch (error) {
    return `It cannot be read: ${reasonOf(error)}.`;
  }
}

function walkFolder(top: string, walk: Walk): void {
  const pending: { readonly path: string; readonly ignored: IgnoredPaths }[] = [
    { path: top, ignored: ignoredPathsFrom(top) },
  ];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    for (const entry of entriesOf(next.path, walk)) {
      const path = join(next.path, entry.name);
      if (isExcluded(path, entry.isDirectory(), top, walk) || isIgnored(next.ignored, path, entry.isDirectory()))
        continue;
      if (entry.isDirectory()) pending.push({ path, ignored: enterFolder(path, next.ignored) });
      else {
        const language = languageOf(path);
        if (language !== null) addFile(path, language, walk);
      }
    }
  }
}

/** Folders, and files that have a name of ours. */
function entriesOf(folder: string, walk: Walk): Dirent[] {
  try {
    const entries = readdirSync(folder, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory() || (entry.isFile() && languageOf(entry.name) !== null));
  } catch (error) {
    walk.problems.push(problemOf(folder, walk, `The folder cannot be read: ${reasonOf(error)}.`));
    return [];
  }
}

function isExcluded(path: string, isFolder: boolean, top: string, { excludes, settings }: Walk): boolean {
  const mark = isFolder ? "/" : "";
  return (
    excludes.byDefault.ignores(slashed(relative(top, path)) + mark) ||
    excludes.bySettings.ignores(slashed(relative(settings.root, path)) + mark)
  );
}

function slashed(path: string): string {
  return sep === "/" ? path : path.split(sep).join("/");
}

function addFile(absolute: string, language: SourceLanguage, walk: Walk): void {
  try {
    const { size: bytes, mtimeMs: modifiedMs } = statSync(absolute);
    const most = LARGEST_BYTES[language];
    if (bytes > most) {
      const message = `It is skipped: ${formatBytes(bytes)} is more than the ${formatBytes(most)} that are read of one file.`;
      walk.problems.push(problemOf(absolute, walk, message));
    } else {
      const path = shownPath(absolute, walk.folder);
      walk.files.set(absolute, { path, absolute, language, bytes, modifiedMs });
    }
  } catch (error) {
    const reason = absolute.includes("\ufffd") ? "its name is not UTF-8" : reasonOf(error);
    walk.problems.push(problemOf(absolute, walk, `It cannot be read: ${reason}.`));
  }
}

function problemOf(path: string, walk: Walk, message: string): ScanProblem {
  return { file: shownPath(path, walk.folder), line: null, column: null, message };
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file or folder",
  EACCES: "there is no permission",
  EPERM: "there is no permission",
  ELOOP: "its symbolic links lead in a circle",
  ENOTDIR: "a part of its path is a file",
  EISDIR: "it is a folder",
  ENOSPC: "no space is left on the device",
  EROFS: "the file system is read-only",
  EIO: "the device failed",
};

/** Why a file or folder cannot be read, without a full stop. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = "code" in error ? String(error.code) : "";
  return REASONS[code] ?? error.message;
}
