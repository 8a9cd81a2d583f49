// Files in, everything that the rules say of them out. Nothing is left out here for reasons of taste.

import { isAbsolute } from "node:path";
import type { Finding, ScanProblem } from "../../model/finding.ts";
import type { Progress } from "../../model/progress.ts";
import type { Suppression } from "../../model/suppression.ts";
import type { Rule } from "../../rules/rule.ts";
import { scanInThreads, type SizedJob } from "../../workers/scan-in-threads.ts";
import type { FileScan, ScanJob } from "../../workers/scan-jobs.ts";
import { keepScan, parseScan } from "./cached-scans.ts";
import type { SourceFile } from "./discover-files.ts";
import type { FactCache } from "./fact-cache.ts";
import { judgeProject, type ExplainedFinding } from "./judge-project.ts";
import { type ModuleName, nameModules } from "./module-names.ts";
import { keepResult, readResult, resultPlace } from "./result-cache.ts";
import { openSourceLines } from "./source-lines.ts";
import { stablePaths } from "./stable-path.ts";
import { shelveScan, type ShelvedScan } from "./shelve-scan.ts";
import { isTestFile } from "./test-files.ts";

export interface ScanWork {
  /** Where the scan began; absolute. */
  readonly folder: string;
  /** As on the command line. */
  readonly named: readonly string[];
  readonly files: readonly SourceFile[];
  /** Contents that are not those on the disk, by the name in reports. */
  readonly overlay: ReadonlyMap<string, Uint8Array>;
  readonly rules: readonly Rule[];
  /** Oldest Python that the program runs on; null: not known. */
  readonly targetVersion: string | null;
  readonly cache: FactCache;
  /** Where whole results are kept; null: nowhere. */
  readonly cacheFolder: string | null;
  /** Names everything that results depend on but the files. */
  readonly version: string;
  /** Null: as many as pay. */
  readonly threads: number | null;
  readonly progress: Progress;
}

export interface ScannedFile {
  readonly path: string;
  readonly lines: number;
  readonly suppressions: readonly Suppression[];
  /** Functions of a C file that could not be read. */
  readonly unreadFunctions: number;
}

export interface ScanRun {
  readonly files: readonly ScannedFile[];
  /** Of all rules, at every confidence, suppressed or not. */
  readonly findings: readonly Finding[];
  readonly explained: readonly ExplainedFinding[];
  readonly problems: readonly ScanProblem[];
  /** Some of the problems are bugs of ours outside any file. */
  readonly hasFailedRule: boolean;
}

/** Scans what has changed since the last time and judges the whole. Time grows with the size of what changed. */
export async function scanFiles(work: ScanWork): Promise<ScanRun> {
  const names = nameModules(
    work.files.map((file) => file.absolute),
    work.folder,
  );
  const place = resultPlace(work, names);
  const known = place === null ? null : readResult(place);
  if (known !== null) return known;
  const scans = await collectScans(work, names);
  const { lineOf } = openSourceLines(work.folder, work.overlay);
  work.progress({ phase: "judging", done: 0, total: null, unit: "steps" });
  const judged = judgeProject(scans, {
    rules: work.rules,
    targetVersion: work.targetVersion,
    lineOf,
    stablePath: stablePaths(work.folder, work.named),
  });
  const run: ScanRun = {
    files: scans.map(({ path, lines, suppressions, cFacts }) => {
      return { path, lines, suppressions, unreadFunctions: cFacts?.unread.length ?? 0 };
    }),
    findings: judged.findings,
    explained: judged.explained,
    problems: [...scans.flatMap((scan) => scan.problems), ...judged.problems],
    hasFailedRule: judged.problems.length > 0,
  };
  work.cache.save();
  if (place !== null && !run.hasFailedRule) keepResult(place, run);
  return run;
}

/** The scans of all files, from the cache or made now, in the order of the files. */
async function collectScans(work: ScanWork, names: ReadonlyMap<string, ModuleName>): Promise<readonly FileScan[]> {
  const scans = new Map<string, ShelvedScan>();
  const jobs: SizedJob[] = [];
  const keys = new Map<string, { readonly key: string; readonly file: SourceFile }>();
  for (const file of work.files) {
    const name = names.get(file.absolute) ?? { module: "", isPackage: false };
    const bytes = work.overlay.get(file.path) ?? null;
    const key = [file.absolute, file.path, name.module, neighboursText(name)].join("\0");
    const known = bytes === null ? parseScan(work.cache.find(key, stampOf(file))) : null;
    if (known !== null) scans.set(file.path, () => known);
    else {
      keys.set(file.path, { key, file });
      const { path, absolute, language } = file;
      const knownHash = bytes === null ? work.cache.hashOf(key) : null;
      const job: ScanJob = {
        path,
        absolute,
        language,
        ...name,
        isTest: isTestFile(withinProject(path, name)),
        bytes,
        knownHash,
      };
      jobs.push({ job, bytes: file.bytes });
    }
  }
  let done = scans.size;
  await scanInThreads(jobs, work.rules, {
    threads: work.threads,
    onDone: (job, result) => {
      const place = keys.get(job.path);
      if (place !== undefined) {
        const stamp = stampOf(place.file);
        const scan = keepScan(job, result, place.key, stamp, work.cache);
        const hash = result.kind === "unreadable" || job.bytes !== null ? null : result.hash;
        scans.set(job.path, shelveScan(scan, work.cache, { key: place.key, stamp, hash }));
      }
      done++;
      work.progress({ phase: "scanning", done, total: work.files.length, unit: "files" });
    },
  });
  return work.files.flatMap(({ path }) => {
    const taken = scans.get(path)?.() ?? [];
    scans.delete(path);
    return taken;
  });
}

/** Facts depend on what imports mean. */
function neighboursText({ neighbours }: ModuleName): string {
  return neighbours === undefined ? "" : JSON.stringify(neighbours);
}

/** Of a file elsewhere, the folders above its project say nothing: /srv/tests/shop/app.py is no test. */
function withinProject(path: string, { module }: ModuleName): string {
  return isAbsolute(path) ? `${module.replaceAll(".", "/")}.py` : path;
}

function stampOf({ bytes, modifiedMs }: SourceFile): { readonly bytes: number; readonly modifiedMs: number } {
  return { bytes, modifiedMs };
}
