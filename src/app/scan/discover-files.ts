// From the paths on the command line to the files that are scanned.

import { type Dirent, readdirSync, statSync } from "node:fs";
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
}

/** Generated data in the clothes of source; nobody writes so much. */
const LARGEST_BYTES = 50 * 1024 * 1024;

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
  for (const path of paths) visitNamed(resolve(folder, path), walk);
  const files = [...walk.files.values()].toSorted((a, b) => (a.path < b.path ? -1 : 1));
  return { files, problems: walk.problems };
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

function visitNamed(path: string, walk: Walk): void {
  let isFolder: boolean;
  try {
    isFolder = statSync(path).isDirectory();
  } catch (error) {
    walk.problems.push(problemOf(path, walk, `It cannot be read: ${reasonOf(error)}.`));
    return;
  }
  if (isFolder) walkFolder(path, walk);
  else addFile(path, languageOf(path) ?? "python", walk);
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
    if (bytes > LARGEST_BYTES) {
      const message = `It is skipped: ${formatBytes(bytes)} is more than the ${formatBytes(LARGEST_BYTES)} that are read of one file.`;
      walk.problems.push(problemOf(absolute, walk, message));
    } else {
      const path = shownPath(absolute, walk.folder);
      walk.files.set(absolute, { path, absolute, language, bytes, modifiedMs });
    }
  } catch (error) {
    walk.problems.push(problemOf(absolute, walk, `It cannot be read: ${reasonOf(error)}.`));
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
};

/** Why a file or folder cannot be read, without a full stop. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = "code" in error ? String(error.code) : "";
  return REASONS[code] ?? error.message;
}
