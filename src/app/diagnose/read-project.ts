// Finds and reads the sources of a process: its own files, and those of installed packages that somebody asks for. The
// front end, the rules and the cache are those of `scan`.

import { readFileSync } from "node:fs";
import { relative } from "node:path";
import { countOf } from "../../base/format-count.ts";
import type { ProcessSource } from "../../diagnose/process-source.ts";
import type { SourcesConcerned } from "../../diagnose/sources-concerned.ts";
import type { HeapAnalysis } from "../../heap/analyse.ts";
import type { Finding, TextEdit } from "../../model/finding.ts";
import type { ModuleFacts } from "../../python/facts.ts";
import { linkProject } from "../../python/project.ts";
import { decodeSource } from "../../python/source-text.ts";
import { unifiedDiff } from "../../report/unified-diff.ts";
import { ALL_RULES } from "../../rules/all-rules.ts";
import { scanInThreads, type SizedJob } from "../../workers/scan-in-threads.ts";
import type { FileScan } from "../../workers/scan-jobs.ts";
import { keepScan, parseScan } from "../scan/cached-scans.ts";
import { applyEdits } from "../scan/edit-text.ts";
import { type FactCache, NO_CACHE, openFactCache } from "../scan/fact-cache.ts";
import { judgeProject } from "../scan/judge-project.ts";
import { installedVersions } from "./installed-versions.ts";
import { openTargetFiles, type TargetFiles } from "./read-project-files.ts";
import { type ModuleFile, modulesOfProcess, rootOfModule } from "./read-project-modules.ts";
import { librariesConcerned } from "./read-project-libraries.ts";
import { sortModules } from "./read-project-owners.ts";

export interface ProjectAsked {
  /** The last snapshot: by then everything is imported. */
  readonly analysis: HeapAnalysis;
  /** Null when the process is gone: its paths are taken as ours. */
  readonly pid: number | null;
  /** The packages that these belong to are read too. */
  readonly concerned: SourcesConcerned;
  /** Folder of the fact cache; null: none. */
  readonly cacheFolder: string | null;
  /** Of the tool, with its code: see `scanVersion`. */
  readonly version: string;
}

/** More own files than this are not read: what was imported first goes first. */
const MOST_OWN_FILES = 6000;
const MOST_LIBRARY_FILES = 2000;
/** btime of /proc/stat is in whole seconds. */
const CLOCK_DOUBT_MS = 2000;

/** Never fails: what cannot be read is a warning. Time: the scan of the files that are not in the cache. */
export async function readProject(asked: ProjectAsked): Promise<ProcessSource> {
  const { snapshot } = asked.analysis;
  const files = openTargetFiles(asked.pid, snapshot.meta.processStartTicks);
  // 1. Which files, and whose.
  const modules = modulesOfProcess(asked.analysis, files);
  const { own, libraries } = sortModules(modules);
  const wanted = [
    ...own.slice(0, MOST_OWN_FILES),
    ...librariesConcerned(libraries, asked.concerned, files).slice(0, MOST_LIBRARY_FILES),
  ];
  // 2. Their facts.
  const main = mainInProject(modules);
  const named = wanted.flatMap((each) => (each.module === "__main__" ? { ...each, ...main } : each));
  const readable = present(named, files);
  const scans = await scanModules(readable, files, asked);
  // 3. What they say together.
  const linesOf = rememberLines(files);
  const { findings } = judgeProject(withoutTwins(scans), {
    rules: ALL_RULES,
    targetVersion: snapshot.meta.python.split(".").slice(0, 2).join("."),
    lineOf: (file, line) => linesOf(file)[line - 1] ?? null,
    stablePath: (file) => file,
  });
  const ownFiles = new Set(own.map((each) => each.file));
  return {
    project: linkProject(scans.flatMap(({ facts }): readonly ModuleFacts[] => (facts === null ? [] : [facts]))),
    findings: findings.filter(({ file }): boolean => ownFiles.has(file)) satisfies readonly Finding[],
    moduleInProject: (module) => (module === "__main__" ? main.module : module),
    absolutePath: files.absolute,
    isOwn: (file) => ownFiles.has(file),
    linesOf,
    patchOf: (edits) => patchOf(edits, files),
    installed: installedVersions(
      libraries.map(({ file }) => file),
      files,
      snapshot.meta.python,
    ),
    warnings: warningsOf(named, own.length, files),
  };
}

/** `python -m app.worker` is `__main__` and lies in a package: its relative imports need its other name. */
function mainInProject(modules: readonly ModuleFile[]): { readonly module: string } {
  const main = modules.find(({ module }) => module === "__main__");
  if (main === undefined || modules.some((each) => each !== main && each.file === main.file))
    return { module: "__main__" };
  for (const each of modules) {
    if (!each.isPackage || !main.file.startsWith(each.file.replace(/__init__\.py$/, ""))) continue;
    const root = rootOfModule(each);
    const name = root === null ? "" : relative(root, main.file).replace(/\.py$/, "").replaceAll("/", ".");
    if (/^[\w.]+$/.test(name)) return { module: name };
  }
  return { module: "__main__" };
}

interface PresentModule extends ModuleFile {
  readonly bytes: number;
  readonly modifiedMs: number;
  readonly device: number;
}

function present(modules: readonly ModuleFile[], files: TargetFiles): readonly PresentModule[] {
  return modules.flatMap((each) => {
    const stat = files.stat(each.file);
    return stat === null || stat.bytes > LARGEST_BYTES ? [] : { ...each, ...stat };
  });
}

/** Generated tables; as for `scan`. */
const LARGEST_BYTES = 8 * 1024 * 1024;

async function scanModules(
  modules: readonly PresentModule[],
  files: TargetFiles,
  { cacheFolder, version }: ProjectAsked,
): Promise<readonly FileScan[]> {
  const cache: FactCache = cacheFolder === null ? NO_CACHE : openFactCache(cacheFolder, version, Date.now());
  const scans = new Map<string, FileScan>();
  const jobs: SizedJob[] = [];
  const keys = new Map<string, PresentModule>();
  for (const each of modules) {
    const key = keyOf(each);
    const known = parseScan(cache.find(key, each));
    if (known !== null) scans.set(key, known);
    else {
      const { module, isPackage, file, bytes } = each;
      const absolute = files.readable(file);
      const knownHash = cache.hashOf(key);
      // What a process has loaded it uses, whatever its folder is called.
      const job = { path: file, absolute, language: "python", module, isPackage, isTest: false } as const;
      jobs.push({ job: { ...job, bytes: null, knownHash }, bytes });
      keys.set(`${module}\0${file}`, each);
    }
  }
  await scanInThreads(jobs, ALL_RULES, {
    threads: null,
    onDone: (job, done) => {
      const place = keys.get(`${job.module}\0${job.path}`);
      if (place !== undefined) scans.set(keyOf(place), keepScan(job, done, keyOf(place), place, cache));
    },
  });
  cache.save();
  return modules.flatMap((each) => scans.get(keyOf(each)) ?? []);
}

function keyOf({ device, file, module }: PresentModule): string {
  return ["process", device, file, module].join("\0");
}

/** One file may be two modules, `__main__` and its own name: two states, and one set of findings. */
function withoutTwins(scans: readonly FileScan[]): readonly FileScan[] {
  const byPath = new Map(scans.map((scan) => [scan.path, scan]));
  return [...byPath.values()];
}

function rememberLines(files: TargetFiles): (file: string) => readonly string[] {
  const known = new Map<string, readonly string[]>();
  return (file) => {
    let lines = known.get(file);
    if (lines === undefined) {
      lines = textOf(file, files)?.split(/\r\n|\n|\r/) ?? [];
      known.set(file, lines);
    }
    return lines;
  };
}

function textOf(file: string, files: TargetFiles): string | null {
  try {
    return decodeSource(readFileSync(files.readable(file))).text;
  } catch {
    // It was there when it was scanned; a report can do without the line.
    return null;
  }
}

/** Files are named from the folder of the process, so that the patch can be applied there. */
function patchOf(edits: readonly TextEdit[], files: TargetFiles): string | null {
  const parts: string[] = [];
  for (const file of new Set(edits.map((edit) => edit.file))) {
    const before = textOf(file, files);
    if (before === null) return null;
    const after = applyEdits(
      before,
      edits.filter((edit) => edit.file === file),
    );
    const shown = relative(files.absolute("."), file);
    parts.push(unifiedDiff(shown.startsWith("..") ? file.replace(/^\//, "") : shown, before, after));
  }
  return parts.length === 0 ? null : parts.join("");
}

function warningsOf(modules: readonly ModuleFile[], own: number, files: TargetFiles): readonly string[] {
  const warnings: string[] = [];
  const missing = modules.filter(({ file }) => files.stat(file) === null).map(({ file }) => file);
  if (missing.length > 0)
    warnings.push(
      `${countOf(missing.length, "source file")} cannot be found (deleted, inside an archive, or compiled only), so no lines are named there: ${listed(missing)}.`,
    );
  const { startedMs } = files;
  const changed = modules.filter(({ file }) => {
    const stat = files.stat(file);
    return startedMs !== null && stat !== null && stat.modifiedMs > startedMs + CLOCK_DOUBT_MS;
  });
  if (changed.length > 0)
    warnings.push(
      `${countOf(changed.length, "source file")} changed after the process had started; it runs the older text, so lines may be off: ${listed(changed.map(({ file }) => file))}.`,
    );
  if (own === 0) warnings.push("No source file of the program was found, so no line of it is named.");
  if (own > MOST_OWN_FILES)
    warnings.push(`The program has ${own} files; the first ${MOST_OWN_FILES} that it imported were read.`);
  return warnings;
}

const MOST_NAMED = 3;

function listed(paths: readonly string[]): string {
  const rest = paths.length > MOST_NAMED ? ` and ${paths.length - MOST_NAMED} more` : "";
  return `${paths.slice(0, MOST_NAMED).join(", ")}${rest}`;
}
