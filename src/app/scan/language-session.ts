// One workspace while an editor has it open: what is known of its files stays in memory, and only those that changed are
// read again.

import { fileURLToPath, pathToFileURL } from "node:url";
import { resolve } from "node:path";
import { ok, type Result } from "../../base/result.ts";
import type { Finding } from "../../model/finding.ts";
import { ALL_RULES } from "../../rules/all-rules.ts";
import { readBaseline } from "./baseline.ts";
import { discoverFiles } from "./discover-files.ts";
import { openFactCache } from "./fact-cache.ts";
import { findSettings } from "./find-settings.ts";
import { ruleCards } from "./rule-pages.ts";
import { scanFiles } from "./scan-files.ts";
import { settleReport } from "./settle-report.ts";
import { openSourceLines } from "./source-lines.ts";

export interface LanguageSession {
  /**
   * Findings by URI when these documents (URI to text) are open. Files without findings are left out. Settings and baseline
   * are read anew each time; fails with a sentence when they cannot be understood.
   */
  readonly scan: (
    documents: ReadonlyMap<string, string>,
  ) => Promise<Result<ReadonlyMap<string, readonly Finding[]>, string>>;
  /** Those of the last scan. */
  readonly findingsOf: (uri: string) => readonly Finding[];
  readonly uriOf: (file: string) => string;
}

/** `workspace` is the URI of a folder. */
export function openLanguageSession(workspace: string | null, toolVersion: string): LanguageSession {
  const folder = workspace?.startsWith("file:") === true ? fileURLToPath(workspace) : process.cwd();
  const cache = openFactCache(null, toolVersion, Date.now());
  const uriOf = (file: string): string => pathToFileURL(resolve(folder, file)).href;
  let last: ReadonlyMap<string, readonly Finding[]> = new Map();
  const scan: LanguageSession["scan"] = async (documents) => {
    const settings = findSettings(folder, null);
    if (!settings.ok) return settings;
    const path = settings.value.baseline;
    const baseline = path === null ? ok(null) : readBaseline(path);
    if (!baseline.ok) return baseline;
    const { files, problems } = discoverFiles(["."], folder, settings.value);
    const opened = new Map([...documents].map(([uri, text]) => [uri, new TextEncoder().encode(text)]));
    const overlay = new Map(
      files.flatMap(({ path }) => {
        const bytes = opened.get(uriOf(path));
        return bytes === undefined || path.endsWith(".ipynb") ? [] : [[path, bytes] as const];
      }),
    );
    const run = await scanFiles({
      folder,
      named: ["."],
      files,
      overlay,
      rules: ALL_RULES,
      targetVersion: settings.value.targetVersion,
      cache,
      cacheFolder: null,
      version: toolVersion,
      threads: null,
      progress: () => undefined,
    });
    const lines = openSourceLines(folder, overlay);
    const { report } = settleReport(run, {
      folder,
      settings: settings.value,
      cards: ruleCards(),
      baseline: baseline.value,
      problems,
      textOf: (file) => lines.sourceOf(file)?.text ?? null,
      // What lies elsewhere is not scanned.
      stablePath: (file) => file,
    });
    last = byUri(report.findings, uriOf);
    return ok(last);
  };
  return { scan, findingsOf: (uri) => last.get(normalised(uri)) ?? [], uriOf };
}

/** Editors write some characters of a URI differently. */
function normalised(uri: string): string {
  return uri.startsWith("file:") ? pathToFileURL(fileURLToPath(uri)).href : uri;
}

function byUri(findings: readonly Finding[], uriOf: (file: string) => string): ReadonlyMap<string, readonly Finding[]> {
  const groups = new Map<string, Finding[]>();
  // Editors have no place for lines that count within a cell.
  for (const finding of findings.filter((each) => each.cell === undefined)) {
    const uri = uriOf(finding.file);
    groups.set(uri, [...(groups.get(uri) ?? []), finding]);
  }
  return groups;
}
