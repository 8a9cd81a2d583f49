// `deadweight lines` for people: one table per function in the columns of memory_profiler, then what it does not say.

import { countOf, formatCount } from "../base/format-count.ts";
import type { FunctionMemory, LineMemory, LinesReport } from "../model/lines-report.ts";
import { sentence } from "./prose.ts";
import { EMPTY_LINE, type Line, renderLines, type Span, spaces, span, type TextStyle } from "./text-style.ts";

const MIB = 2 ** 20;
const WIDTHS = { line: 6, memory: 13, increment: 13, occurrences: 12 } as const;
const SOURCE_AT = WIDTHS.line + WIDTHS.memory + WIDTHS.increment + WIDTHS.occurrences + 6;
const LEAST_SOURCE = 12;

export function linesText(report: LinesReport, style: TextStyle): string {
  const tables = report.functions.flatMap((each, at) => [
    ...(at === 0 ? [] : [EMPTY_LINE]),
    ...functionLines(each, report, style),
  ]);
  const lines = tables.length === 0 ? noFunctionLines(report, style) : tables;
  return renderLines([...lines, ...endLines(report, style)], style);
}

function noFunctionLines(report: LinesReport, style: TextStyle): Line[] {
  return sentence(
    `No chosen function of ${report.script} ran. -f takes MODULE:FUNCTION, where the script itself is __main__; * stands for anything.`,
    style,
  );
}

function functionLines(each: FunctionMemory, report: LinesReport, style: TextStyle): Line[] {
  return [
    [span(`${each.module}:${each.function}`, "strong"), span(`  ${each.file}`, "faint")],
    titleLine(),
    ...each.lines.map((line) => lineLine(line, sourceText(line, each, style), isLargest(line, each))),
    EMPTY_LINE,
    [
      span(
        `Total ${mebibytes(each.totalBytes)}, peak ${mebibytes(each.peakBytes)}, ${countOf(each.calls, "call")}.`,
        "strong",
      ),
    ],
    ...remarks(each, report).flatMap((remark) => sentence(remark, style, "faint")),
  ];
}

function titleLine(): Line {
  const titles = `${"Line #".padStart(WIDTHS.line)} ${"Mem usage".padStart(WIDTHS.memory)} ${"Increment".padStart(WIDTHS.increment)} ${"Occurrences".padStart(WIDTHS.occurrences)}`;
  return [span(`${titles}   Line Contents`, "faint")];
}

/** The line to look at first. */
function isLargest(line: LineMemory, { lines }: FunctionMemory): boolean {
  const increment = line.incrementBytes ?? 0;
  return increment > 0 && lines.every((other) => (other.incrementBytes ?? 0) <= increment);
}

/** Without the indentation all lines have in common; what is too wide loses its end, not its middle. */
function sourceText({ source }: LineMemory, { lines }: FunctionMemory, style: TextStyle): string {
  const written = lines.map((each) => untabbed(each.source)).filter((text) => text.trim() !== "");
  const indent = Math.min(...written.map((text) => text.length - text.trimStart().length));
  const text = untabbed(source).slice(indent);
  const room = Math.max(LEAST_SOURCE, style.width - SOURCE_AT);
  return text.length <= room ? text : `${text.slice(0, room - 1)}…`;
}

function untabbed(text: string): string {
  return text.replaceAll("\t", "    ");
}

function lineLine(line: LineMemory, source: string, isBold: boolean): Line {
  const memory = line.memoryBytes === null ? "" : mebibytes(line.memoryBytes);
  const growth = line.incrementBytes === null ? "" : mebibytes(line.incrementBytes);
  const increment = line.estimatedBytes === 0 ? growth : `~${growth}`;
  const occurrences = line.occurrences === 0 ? "" : `${line.occurrences}${line.isLeast ? "+" : ""}`;
  const figures: Span[] = [
    span(String(line.line).padStart(WIDTHS.line), "faint"),
    spaces(1),
    span(memory.padStart(WIDTHS.memory)),
    spaces(1),
    span(increment.padStart(WIDTHS.increment), isBold ? "bad" : "plain"),
    spaces(1),
    span(occurrences.padStart(WIDTHS.occurrences)),
  ];
  return [...figures, spaces(3), span(source, isBold ? "strong" : "plain")];
}

function remarks(each: FunctionMemory, report: LinesReport): readonly string[] {
  const { lines, unplaced, suspensions } = each;
  return [
    lines.some(({ isLeast }) => isLeast) &&
      "N+: the line ran more often; it was left alone while it did not grow, and watched again in samples.",
    lines.some(({ estimatedBytes }) => estimatedBytes !== 0) &&
      "~: part of it came between lines that were not watched, and is shared out by what these lines did before.",
    unplaced !== null &&
      `${mebibytes(unplaced.bytes)} came in one of the lines ${unplaced.lines.join(", ")}; which one was not seen.`,
    each.measuredCalls < each.calls &&
      `${formatCount(each.measuredCalls)} of ${formatCount(each.calls)} calls were measured; the increments are theirs.`,
    suspensions > 0 && `It was suspended ${countOf(suspensions, "time")}; what came meanwhile is not counted.`,
    each.isRecursive && "It calls itself; growth is counted once, in the innermost call.",
    each.sharesMemoryWithThreads &&
      "Another thread ran a chosen function at the same time; memory is the whole process's, so increments mix.",
    !report.seesReleases &&
      "This system tells the peak only: a line that stays below an earlier peak shows no increment.",
  ].filter((remark) => remark !== false);
}

function endLines(report: LinesReport, style: TextStyle): Line[] {
  const text = `CPython ${report.python}, ${report.method}, memory from ${report.source} in steps of ${formatCount(report.resolutionBytes)} bytes.`;
  const ended =
    report.exitCode === 0 ? [] : sentence(`The script ended with exit code ${report.exitCode}.`, style, "warning");
  return [EMPTY_LINE, ...sentence(text, style, "faint"), ...ended];
}

function mebibytes(bytes: number): string {
  return `${(bytes / MIB).toFixed(1)} MiB`;
}
