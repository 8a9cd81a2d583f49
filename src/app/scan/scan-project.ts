// The use case of `deadweight scan`: from what was asked to a report.

import { existsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { fail, ok, type Result } from "../../base/result.ts";
import { countOf } from "../../base/format-count.ts";
import type { Confidence, ScanProblem, ScanReport } from "../../model/finding.ts";
import type { Progress } from "../../model/progress.ts";
import type { ScanSettings } from "../../model/scan-settings.ts";
import { unifiedDiff } from "../../report/unified-diff.ts";
import { ALL_RULES } from "../../rules/all-rules.ts";
import { type Baseline, countFindings, mergeBaseline, pruneBaseline, readBaseline, writeBaseline } from "./baseline.ts";
import { openCacheFolder } from "./cache-folder.ts";
import { discoverFiles, type SourceFile } from "./discover-files.ts";
import { NO_CACHE, openFactCache } from "./fact-cache.ts";
import { findSettings } from "./find-settings.ts";
import { type Fixed, fixFindings } from "./fix-findings.ts";
import { isCodePattern } from "./parse-settings.ts";
import { ruleCards } from "./rule-pages.ts";
import { scanFiles, type ScanRun, type ScanWork } from "./scan-files.ts";
import { scanVersion } from "./scan-version.ts";
import { type Settled, settleReport } from "./settle-report.ts";
import { shownPath } from "./shown-path.ts";
import { openSourceLines, type SourceLines } from "./source-lines.ts";
import { languageOf } from "./source-language.ts";
import { stablePaths } from "./stable-path.ts";
import { type UnwrittenFix, writeFixes } from "./write-fixes.ts";

export interface ScanAsked {
  /** Where the scan begins: paths are relative to it; absolute. */
  readonly folder: string;
  readonly paths: readonly string[];
  /** Contents of the path "-", and how they are called. */
  readonly stdin: { readonly bytes: Uint8Array; readonly name: string } | null;
  readonly config: string | null;
  /** Null: as the settings say. */
  readonly select: readonly string[] | null;
  readonly ignore: readonly string[] | null;
  readonly confidence: Confidence | null;
  readonly baseline: string | null;
  readonly baselineAction: "apply" | "write" | "prune";
  readonly fix: "none" | "safe" | "unsafe";
  /** Fixes are shown and not written. */
  readonly isDiff: boolean;
  /** Null: no cache. */
  readonly cache: { readonly folder: string | null } | null;
  readonly threads: number | null;
  readonly toolVersion: string;
  readonly progress: Progress;
}

export interface ScanAnswer {
  readonly report: ScanReport;
  readonly lineOf: SourceLines["lineOf"];
  /** Sentences about the run itself. */
  readonly notices: readonly string[];
  /** What --diff shows; "" otherwise. */
  readonly diff: string;
  readonly hasFailedRule: boolean;
  /** Something was asked that could not be done, though the rest was: a path that is not there, a file not written. */
  readonly isIncomplete: boolean;
}

/** Fails with a sentence when the settings, the paths or the baseline are wrong. */
export async function scanProject(asked: ScanAsked): Promise<Result<ScanAnswer, string>> {
  if (asked.stdin !== null && asked.fix !== "none" && !asked.isDiff)
    return fail("what comes from stdin cannot be changed; --diff shows the fixes");
  const settings = settingsOf(asked);
  if (!settings.ok) return settings;
  const sources = sourcesOf(asked, settings.value);
  if (!sources.ok) return sources;
  const baseline = baselineOf(asked, settings.value);
  if (!baseline.ok) return baseline;
  return ok(await new ProjectScan(asked, settings.value, sources.value, baseline.value).run());
}

/** What the command line says goes before the file. */
function settingsOf(asked: ScanAsked): Result<ScanSettings, string> {
  for (const [option, codes] of [
    ["--select", asked.select],
    ["--ignore", asked.ignore],
  ] as const) {
    const strange = codes?.find((code) => !isCodePattern(code.toUpperCase()));
    if (strange !== undefined)
      return fail(`${option} has '${strange}', which is neither a code such as DW101 nor its beginning`);
    const unknown = codes?.find((code) => !isKnown(code.toUpperCase()));
    if (unknown !== undefined)
      return fail(`${option} has '${unknown}', but no rule has such a code; --list-rules lists them`);
  }
  const found = findSettings(asked.folder, asked.config);
  if (!found.ok) return found;
  const upper = (codes: readonly string[]): readonly string[] => codes.map((code) => code.toUpperCase());
  return ok({
    ...found.value,
    ...(asked.select === null ? {} : { select: upper(asked.select), ignore: [] }),
    ...(asked.ignore === null ? {} : { ignore: upper(asked.ignore) }),
    ...(asked.confidence === null ? {} : { confidence: asked.confidence }),
    ...(asked.baseline === null ? {} : { baseline: resolve(asked.folder, asked.baseline) }),
  });
}

function isKnown(pattern: string): boolean {
  return pattern === "ALL" || ruleCards().some(({ code }) => code.startsWith(pattern));
}

interface Sources {
  readonly files: readonly SourceFile[];
  readonly problems: readonly ScanProblem[];
  readonly isNameWrong: boolean;
  readonly overlay: ReadonlyMap<string, Uint8Array>;
}

/** A path that was named and is not there is the caller's mistake; a file inside that cannot be read is a problem of it. */
function sourcesOf(asked: ScanAsked, settings: ScanSettings): Result<Sources, string> {
  const named = asked.paths.filter((path) => path !== "-");
  const { files, problems, isNameWrong } = discoverFiles(named, asked.folder, settings);
  const [wrong] = problems;
  if (isNameWrong && wrong !== undefined && named.length === 1)
    return fail(`${wrong.file}: ${wrong.message.charAt(0).toLowerCase()}${wrong.message.slice(1).replace(/\.$/, "")}`);
  if (asked.stdin === null) return ok({ files, problems, isNameWrong, overlay: new Map() });
  const { bytes, name } = asked.stdin;
  const absolute = resolve(asked.folder, name);
  const typed: SourceFile = {
    path: name,
    absolute,
    language: languageOf(name) ?? "python",
    bytes: bytes.length,
    modifiedMs: 0,
  };
  const others = files.filter((file) => file.absolute !== absolute);
  return ok({ files: [...others, typed], problems, isNameWrong, overlay: new Map([[name, bytes]]) });
}

function baselineOf(asked: ScanAsked, settings: ScanSettings): Result<Baseline | null, string> {
  if (settings.baseline === null)
    return asked.baselineAction === "apply"
      ? ok(null)
      : fail("which baseline? Name it with --baseline FILE, or as 'baseline' in the settings");
  if (asked.baselineAction !== "write") return readBaseline(settings.baseline);
  // What was written earlier keeps the counts of files that are not scanned now.
  if (!existsSync(settings.baseline)) return ok(null);
  const read = readBaseline(settings.baseline);
  return read.ok
    ? read
    : fail(`${settings.baseline} is there and is no baseline, so it is not replaced; delete it first`);
}

class ProjectScan {
  readonly #asked: ScanAsked;
  readonly #settings: ScanSettings;
  readonly #sources: Sources;
  readonly #baseline: Baseline | null;
  readonly #work: ScanWork;

  constructor(asked: ScanAsked, settings: ScanSettings, sources: Sources, baseline: Baseline | null) {
    this.#asked = asked;
    this.#settings = settings;
    this.#sources = sources;
    this.#baseline = baseline;
    const cacheFolder = asked.cache === null ? null : openCacheFolder(settings.root, asked.cache.folder, process.env);
    const version = cacheFolder === null ? "" : scanVersion(asked.toolVersion);
    this.#work = {
      folder: asked.folder,
      named: asked.paths,
      files: sources.files,
      overlay: sources.overlay,
      rules: ALL_RULES,
      targetVersion: settings.targetVersion,
      // Fixes scan several times, so they always remember.
      cache: cacheFolder === null && asked.fix === "none" ? NO_CACHE : openFactCache(cacheFolder, version, Date.now()),
      cacheFolder,
      version,
      threads: asked.threads,
      progress: asked.progress,
    };
  }

  async run(): Promise<ScanAnswer> {
    const { fix, isDiff, folder } = this.#asked;
    const fixed = fix === "none" ? null : await this.#fix(fix);
    const failed = fixed === null || isDiff ? [] : writeFixes(fixed.files, folder);
    // What was written is not read again; what could not be written is what it was.
    const written = fixed === null ? [] : fixed.files.filter(({ file }) => !failed.some((each) => each.file === file));
    const overlay = isDiff ? this.#sources.overlay : this.#overlayWith(written);
    const run = await scanFiles({ ...this.#work, overlay });
    const lines = openSourceLines(folder, overlay);
    const settled = this.#settle(run, lines);
    const kept = this.#keepBaseline(settled, run);
    const keptNotice = kept === null ? [] : [kept.ok ? kept.value : kept.error];
    return {
      report: settled.report,
      lineOf: lines.lineOf,
      notices: [...this.#notices(settled), ...this.#fixNotices(fixed, failed), ...keptNotice],
      isIncomplete: this.#sources.isNameWrong || failed.length > 0 || kept?.ok === false,
      diff: isDiff && fixed !== null ? diffOf(fixed) : "",
      hasFailedRule: run.hasFailedRule,
    };
  }

  async #fix(safety: "safe" | "unsafe"): Promise<Fixed> {
    const before = openSourceLines(this.#asked.folder, this.#sources.overlay);
    return await fixFindings({
      safety,
      sourceOf: before.sourceOf,
      findingsOf: async (changes) => {
        const overlay = new Map([...this.#sources.overlay, ...changes]);
        const run = await scanFiles({ ...this.#work, overlay });
        return this.#settle(run, openSourceLines(this.#asked.folder, overlay)).report.findings;
      },
    });
  }

  #overlayWith(files: Fixed["files"]): ReadonlyMap<string, Uint8Array> {
    return new Map([...this.#sources.overlay, ...files.map(({ file, bytes }) => [file, bytes] as const)]);
  }

  #settle(run: ScanRun, lines: SourceLines): Settled {
    return settleReport(run, {
      folder: this.#asked.folder,
      settings: this.#settings,
      cards: ruleCards(),
      baseline: this.#asked.baselineAction === "write" ? null : this.#baseline,
      problems: this.#sources.problems,
      textOf: (file) => lines.sourceOf(file)?.text ?? null,
      stablePath: stablePaths(this.#asked.folder, this.#asked.paths),
    });
  }

  #notices(settled: Settled): readonly string[] {
    if (this.#sources.files.length === 0 && this.#sources.problems.length === 0)
      return ["No sources were found there."];
    if (settled.stale === 0 || this.#asked.baselineAction !== "apply") return [];
    return [`The baseline expects ${settled.stale} more than there are now; --prune-baseline takes them out.`];
  }

  #fixNotices(fixed: Fixed | null, failed: readonly UnwrittenFix[]): readonly string[] {
    if (fixed === null) return [];
    const files = countOf(fixed.files.length - failed.length, "file");
    // Of the files that could not be written nobody has counted the findings.
    const done = failed.length === 0 ? `Fixed ${countOf(fixed.count, "finding")} in ${files}.` : `Fixed ${files}.`;
    const isDone = !this.#asked.isDiff && fixed.count > 0 && fixed.files.length > failed.length;
    return [...(isDone ? [done] : []), ...fixed.withdrawn, ...failed.map((each) => each.message)];
  }

  /** A notice; null when the baseline was not to be written. */
  #keepBaseline(settled: Settled, run: ScanRun): Result<string, string> | null {
    const path = this.#settings.baseline;
    const { baselineAction, folder } = this.#asked;
    if (path === null || baselineAction === "apply") return null;
    const now = countFindings(settled.unbaselined, path, folder);
    const scanned = countFindings(
      run.files.map((file) => ({ file: file.path, code: "" })),
      path,
      folder,
    );
    const isScanned = (file: string): boolean => scanned.has(file) || !existsSync(resolve(dirname(path), file));
    const next =
      baselineAction === "write"
        ? mergeBaseline(this.#baseline ?? new Map(), now, isScanned)
        : pruneBaseline(this.#baseline ?? new Map(), now, isScanned);
    const written = writeBaseline(next, path);
    return written.ok ? ok(`Wrote the baseline ${shownPath(path, folder)}.`) : written;
  }
}

function diffOf(fixed: Fixed): string {
  return fixed.files.map(({ file, before, after }) => unifiedDiff(file, before.text, after)).join("");
}
