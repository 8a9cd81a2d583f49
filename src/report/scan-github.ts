// Annotations for GitHub Actions: workflow commands, one line for each finding.
// Source: docs.github.com, "Workflow commands for GitHub Actions" (escapes as in actions/toolkit, command.ts).

import type { Confidence, ScanReport } from "../model/finding.ts";

const LEVELS: Readonly<Record<Confidence, string>> = { certain: "error", likely: "warning", possible: "notice" };

export function scanGithub(report: ScanReport): string {
  const findings = report.findings.map((each) => {
    const columns =
      each.endLine === each.line ? `,col=${each.column},endColumn=${Math.max(each.column, each.endColumn - 1)}` : "";
    const place = `file=${property(each.file)},line=${each.line},endLine=${each.endLine}${columns}`;
    const fix = each.fix === null ? "" : ` ${each.fix.text}`;
    const title = property(`${each.code} ${each.name} (${each.confidence})`);
    return `::${LEVELS[each.confidence]} ${place},title=${title}::${data(`${each.message}${fix}`)}`;
  });
  const problems = report.problems.map((each) => {
    const line = each.line === null ? "" : `,line=${each.line}`;
    return `::warning file=${property(each.file)}${line},title=deadweight::${data(each.message)}`;
  });
  return [...findings, ...problems].map((line) => `${line}\n`).join("");
}

function data(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function property(text: string): string {
  return data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
