// Scans sources that exist only in a test: texts by path in, findings of all rules out. What users get is the same code,
// but for reading files (src/app/scan/scan-files.ts).

import { judgeProject } from "../../src/app/scan/judge-project.ts";
import { applySuppressions, unusedFindings } from "../../src/app/scan/apply-suppressions.ts";
import { ruleCards } from "../../src/app/scan/rule-pages.ts";
import { languageOf } from "../../src/app/scan/source-language.ts";
import { isTestFile } from "../../src/app/scan/test-files.ts";
import type { Finding, ScanProblem } from "../../src/model/finding.ts";
import { ALL_RULES } from "../../src/rules/all-rules.ts";
import type { Rule } from "../../src/rules/rule.ts";
import type { ScanJob } from "../../src/workers/scan-jobs.ts";
import { openScanTools, scanBytes } from "../../src/workers/scan-share.ts";

/** Texts by path: "app/sessions.py" is the module app.sessions. */
export type Sources = Readonly<Record<string, string>>;

export interface ScannedSources {
  /** By file and line; suppressed ones left out. */
  readonly findings: readonly Finding[];
  readonly problems: readonly ScanProblem[];
}

export async function scanSources(sources: Sources, rules: readonly Rule[] = ALL_RULES): Promise<ScannedSources> {
  const jobs = Object.keys(sources).map(jobFor);
  const tools = await openScanTools(rules, jobs);
  const scans = jobs.map((job) => scanBytes(job, new TextEncoder().encode(sources[job.path]), tools));
  const lineOf = (file: string, line: number): string | null => sources[file]?.split("\n")[line - 1] ?? null;
  const judged = judgeProject(scans, { rules, targetVersion: null, lineOf, stablePath: (file) => file });
  const files = scans.map(({ path: file, suppressions }) => ({ file, suppressions }));
  const { findings, unused } = applySuppressions(judged.findings, files, ruleCards(), () => true);
  const card = ruleCards().find((each) => each.code === "DW001");
  const extra = card === undefined ? [] : unusedFindings(unused, card, (file) => sources[file] ?? null);
  return {
    findings: [...findings, ...extra.map((each) => ({ ...each, fingerprint: `${each.file}:${each.line}` }))],
    problems: [...scans.flatMap((scan) => scan.problems), ...judged.problems],
  };
}

function jobFor(path: string): ScanJob {
  const parts = path.replace(/\.\w+$/, "").split("/");
  const isPackage = parts.at(-1) === "__init__";
  return {
    path,
    absolute: `/${path}`,
    language: languageOf(path) ?? "python",
    module: (isPackage ? parts.slice(0, -1) : parts).join("."),
    isPackage,
    isTest: isTestFile(path),
    bytes: null,
    knownHash: null,
  };
}
