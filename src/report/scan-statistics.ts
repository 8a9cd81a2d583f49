// `--statistics`: how many findings each rule has.

import { formatCount } from "../base/format-count.ts";
import type { ScanReport } from "../model/finding.ts";
import { column, flexibleColumn, row, tableLines } from "./table.ts";
import { renderLines, span, type TextStyle } from "./text-style.ts";

export interface RuleCount {
  readonly code: string;
  readonly name: string;
  readonly count: number;
}

/** Most frequent first. */
export function countByRule(report: ScanReport): readonly RuleCount[] {
  const counts = new Map<string, RuleCount>();
  for (const { code, name } of report.findings)
    counts.set(code, { code, name, count: (counts.get(code)?.count ?? 0) + 1 });
  return [...counts.values()].toSorted((a, b) => b.count - a.count || (a.code < b.code ? -1 : 1));
}

export function scanStatistics(report: ScanReport, style: TextStyle): string {
  if (report.findings.length === 0) return renderLines([[span("Nothing found.", "good")]], style);
  const rows = countByRule(report).map((each) =>
    row([span(formatCount(each.count)), span(each.code, "strong"), span(each.name)]),
  );
  const columns = [column("findings"), column("code", "left"), flexibleColumn("rule")];
  return renderLines(tableLines(columns, rows, style), style);
}
