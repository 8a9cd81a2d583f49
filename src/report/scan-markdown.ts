// Markdown for a pull request's comment or a job's summary.

import { countOf } from "../base/format-count.ts";
import type { Finding, ScanReport } from "../model/finding.ts";
import { markdownCode, markdownProse } from "./markdown-text.ts";
import { placeWords } from "./scan-place.ts";

export function scanMarkdown(report: ScanReport): string {
  const title =
    report.findings.length === 0
      ? `Nothing found in ${countOf(report.files, "file")}.`
      : `**${countOf(report.findings.length, "finding")}** in ${countOf(report.files, "file")}.`;
  const parts = ["# deadweight scan", title, ...report.findings.map(section), ...problems(report)];
  return `${parts.join("\n\n")}\n`;
}

function section(finding: Finding): string {
  const lines = [
    `## ${finding.code} ${finding.name}: ${markdownCode(placeWords(finding))}`,
    "",
    `${markdownProse(finding.message)}`,
    "",
    `* Confidence: ${finding.confidence}`,
    `* Bound: ${markdownProse(finding.bound)}`,
    ...finding.related.map((each) => `* Because: ${markdownCode(placeWords(each))} ${markdownProse(each.message)}`),
    ...(finding.fix === null ? [] : [`* Fix: ${markdownProse(finding.fix.text)}`]),
  ];
  return lines.join("\n");
}

function problems(report: ScanReport): string[] {
  if (report.problems.length === 0) return [];
  const rows = report.problems.map((each) => {
    const place = each.line === null ? each.file : `${each.file}:${each.line}`;
    return `* ${markdownCode(place)} ${markdownProse(each.message)}`;
  });
  return ["## Not read, or only in part", rows.join("\n")];
}
