// JUnit XML: a suite for each file, a failed case for each finding; a run without findings is one case that passed.

import type { Finding, ScanReport } from "../model/finding.ts";
import { escapeMarkup } from "./escape-markup.ts";
import { placeWords } from "./scan-place.ts";

export function scanJunit(report: ScanReport): string {
  const byFile = groupByFile(report.findings);
  const suites = [...byFile].map(([file, findings]) => suite(file, findings));
  const passed = `  <testsuite name="deadweight" tests="1" failures="0" errors="0">\n    <testcase name="scan" classname="deadweight"/>\n  </testsuite>\n`;
  const total = Math.max(1, report.findings.length);
  return `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="deadweight" tests="${total}" failures="${report.findings.length}" errors="0">
${suites.length === 0 ? passed : suites.join("")}</testsuites>
`;
}

function groupByFile(findings: readonly Finding[]): ReadonlyMap<string, readonly Finding[]> {
  const byFile = new Map<string, Finding[]>();
  for (const finding of findings) byFile.set(finding.file, [...(byFile.get(finding.file) ?? []), finding]);
  return byFile;
}

function suite(file: string, findings: readonly Finding[]): string {
  const counts = `tests="${findings.length}" failures="${findings.length}" errors="0"`;
  return `  <testsuite name="${escapeMarkup(file)}" ${counts}>\n${findings.map(testcase).join("")}  </testsuite>\n`;
}

function testcase(finding: Finding): string {
  const name = escapeMarkup(`${finding.code} ${finding.name}, line ${finding.line}`);
  const classname = escapeMarkup(finding.file.replace(/\.\w+$/, "").replaceAll("/", "."));
  const because = finding.related.map((each) => `${placeWords(each)}: ${each.message}`);
  const fix = finding.fix === null ? [] : [`Fix: ${finding.fix.text}`];
  const body = [placeWords(finding), ...because, `Bound: ${finding.bound}`, ...fix].join("\n");
  return `    <testcase name="${name}" classname="${classname}" file="${escapeMarkup(finding.file)}" line="${finding.line}">
      <failure type="${finding.confidence}" message="${escapeMarkup(finding.message)}">${escapeMarkup(body)}</failure>
    </testcase>
`;
}
