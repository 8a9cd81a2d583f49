// `deadweight lines FILE` for people: the lines that allocated most, as memray or tracemalloc saw it.

import { formatBytes } from "../base/format-bytes.ts";
import { countOf, formatCount } from "../base/format-count.ts";
import type { AllocationLine, AllocationLinesReport, AllocationsKept } from "../model/allocation-lines-report.ts";
import { heading, sentence, warningLines } from "./prose.ts";
import { column, flexibleColumn, type Row, row, tableLines } from "./table.ts";
import { type Line, renderLines, span, type TextStyle } from "./text-style.ts";

/** `--json` has all of them. */
const SHOWN = 40;

export function allocationLinesText(report: AllocationLinesReport, style: TextStyle): string {
  return renderLines(
    [
      ...sentence(summary(report), style, "strong"),
      ...lineTable(report, style),
      ...warningLines(report.warnings, style),
    ],
    style,
  );
}

const KEPT: Readonly<Record<AllocationsKept, string>> = {
  alive: "were alive",
  "peak-or-left": "were there at the peak or left at the end",
  all: "were allocated in all",
};

function summary({ tool, file, kept, bytes, blocks }: AllocationLinesReport): string {
  return `By ${tool} (${file}), ${formatBytes(bytes)} in ${countOf(blocks, "block")} ${KEPT[kept]}.`;
}

function lineTable(report: AllocationLinesReport, style: TextStyle): Line[] {
  if (report.lines.length === 0) return [];
  const columns = [column("bytes"), column("blocks"), flexibleColumn("line")];
  const shown = report.lines.slice(0, SHOWN);
  const more = report.lines.length - shown.length + report.rest.lines;
  const title = report.isComplete ? "Lines that allocated it" : "Lines that allocated most";
  return [
    ...heading(title),
    ...tableLines(columns, shown.map(lineRow), style),
    ...(more === 0 ? [] : sentence(`${countOf(more, "more line")}; --json lists up to a thousand.`, style, "faint")),
  ];
}

function lineRow({ file, line, function: name, bytes, blocks }: AllocationLine): Row {
  return row([
    span(bytes === null ? "" : formatBytes(bytes), "strong"),
    span(blocks === null ? "" : formatCount(blocks)),
    span(`${file}${line === 0 ? "" : `:${line}`}${name === null ? "" : ` ${name}`}`, "name"),
  ]);
}
