// What `query` found, as tables.

import { formatBytes } from "../base/format-bytes.ts";
import { countOf, formatCount } from "../base/format-count.ts";
import type { QueryGroup, QueryReport, QueryRow } from "../model/query-report.ts";
import { paragraph, warningLines } from "./prose.ts";
import { column, flexibleColumn, type Row, row, tableLines } from "./table.ts";
import { shortTypeName } from "./type-name.ts";
import { type Line, renderLines, span, type TextStyle } from "./text-style.ts";

export function queryText(report: QueryReport, style: TextStyle): string {
  const table = report.groups === null ? rowLines(report.rows, style) : groupLines(report.groups, style);
  return renderLines([...headLines(report, style), ...table, ...warningLines(report.warnings, style)], style);
}

function headLines({ matched, shallowBytes, retainedBytes, rows, groups }: QueryReport, style: TextStyle): Line[] {
  if (matched === 0) return paragraph([span("No object matches.")], style);
  const shown = groups?.length ?? rows.length;
  const all = groups === null && shown < matched ? ` The first ${formatCount(shown)} of them:` : "";
  const sizes = `${formatBytes(shallowBytes)} themselves, ${formatBytes(retainedBytes)} would be freed with all of them.`;
  return paragraph([span(countOf(matched, "object"), "strong"), span(`: ${sizes}${all}`)], style);
}

function rowLines(rows: readonly QueryRow[], style: TextStyle): Line[] {
  if (rows.length === 0) return [];
  const columns = [
    column("Held"),
    column("Own"),
    column("Entries"),
    column("Refs"),
    flexibleColumn("Type"),
    flexibleColumn("Object"),
  ];
  const lines = rows.map(
    (each): Row =>
      row(
        [
          span(formatBytes(each.heldBytes)),
          span(formatBytes(each.shallowBytes)),
          span(each.entries === null ? "-" : formatCount(each.entries)),
          span(formatCount(each.referrers)),
          span(shortTypeName(each.type)),
          span(each.path),
        ],
        [[span(each.address, "faint"), ...(each.text === null ? [] : [span(` ${shortened(each.text)}`)])]],
      ),
  );
  return [[], ...tableLines(columns, lines, style)];
}

function groupLines(groups: readonly QueryGroup[], style: TextStyle): Line[] {
  if (groups.length === 0) return [];
  const columns = [column("Objects"), column("Own"), column("Held"), flexibleColumn("Group")];
  const lines = groups.map(
    (each): Row =>
      row([
        span(formatCount(each.count)),
        span(formatBytes(each.shallowBytes)),
        span(formatBytes(each.heldBytes)),
        span(shortened(each.name)),
      ]),
  );
  return [[], ...tableLines(columns, lines, style)];
}

const LONGEST_TEXT = 60;

function shortened(text: string): string {
  return text.length <= LONGEST_TEXT ? text : `${text.slice(0, LONGEST_TEXT)}…`;
}
