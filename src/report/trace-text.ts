// `deadweight trace` for people: lines that allocated what is still alive, then what growing places got from them.

import { formatBytes } from "../base/format-bytes.ts";
import { countOf, formatCount } from "../base/format-count.ts";
import { formatDuration } from "../base/format-duration.ts";
import type { TracedFrame, TracedHolder, TracedLine, TraceReport } from "../model/trace-report.ts";
import { heading, sentence } from "./prose.ts";
import { column, flexibleColumn, type Row, row, tableLines } from "./table.ts";
import { EMPTY_LINE, type Line, renderLines, type Span, spaces, span, type TextStyle } from "./text-style.ts";

export function traceText(report: TraceReport, style: TextStyle): string {
  return renderLines(
    [
      ...sentence(summary(report), style, "strong"),
      ...endLines(report, style),
      ...(report.lines.length === 0 ? [] : lineTable(report, style)),
      ...(report.holders ?? []).flatMap((holder) => holderLines(holder, style)),
      EMPTY_LINE,
      ...sentence(costSentence(report), style, "faint"),
    ],
    style,
  );
}

function summary({ pid, python, seconds, blocks, bytes, lines }: TraceReport): string {
  const seen = `In ${formatDuration(seconds * 1000)} process ${pid} (Python ${python})`;
  if (lines.length === 0) return `${seen} allocated nothing that is still alive.`;
  return `${seen} allocated ${formatBytes(bytes)} in ${countOf(blocks, "block")} that are still alive.`;
}

const ENDS: Readonly<Record<TraceReport["ended"], string | null>> = {
  asked: null,
  budget: "The window ended early: there were as many traces as --budget allows. Give more, or less time.",
  time: "The probe ended the window by its own clock: this tool took too long to ask.",
  program: "The program stopped tracemalloc itself, and the traces with it.",
};

function endLines({ ended, middleSeconds, holders }: TraceReport, style: TextStyle): Line[] {
  const end = ENDS[ended];
  return [
    ...(end === null ? [] : sentence(end, style, "warning")),
    ...(middleSeconds === null
      ? sentence("It was over before its middle, so nothing is known of growth.", style, "warning")
      : []),
    ...(holders?.length === 0 ? sentence("No place that is reached from a module grew meanwhile.", style) : []),
  ];
}

function lineTable(report: TraceReport, style: TextStyle): Line[] {
  const columns = [column("bytes"), column("blocks"), column("since the middle"), flexibleColumn("line")];
  const rows = report.lines.map((line) => lineRow(line, report));
  const { rest } = report;
  const more =
    rest.lines === 0
      ? []
      : sentence(
          `${countOf(rest.lines, "more line")} with ${formatBytes(rest.bytes)} in ${countOf(rest.blocks, "block")}; --limit shows more.`,
          style,
          "faint",
        );
  return [...heading("Lines that allocated it"), ...tableLines(columns, rows, style), ...more];
}

function lineRow(line: TracedLine, { middleSeconds }: TraceReport): Row {
  return row(
    [
      span(formatBytes(line.bytes), "strong"),
      span(formatCount(line.blocks)),
      middleSeconds === null ? span("-", "faint") : growth(line.grownBytes),
      place(line),
    ],
    sourceDetails(line.source),
  );
}

function growth(bytes: number): Span {
  const sign = bytes > 0 ? "+" : bytes < 0 ? "-" : "";
  return span(`${sign}${formatBytes(Math.abs(bytes))}`, bytes > 0 ? "bad" : "plain");
}

function place({ file, line }: TracedFrame): Span {
  return span(`${file}:${line}`, "name");
}

function sourceDetails(source: string | null): readonly Line[] {
  return source === null ? [] : [[spaces(2), span(source, "faint")]];
}

function holderLines(holder: TracedHolder, style: TextStyle): Line[] {
  const title = heading(`What ${holder.path} gained`);
  if (holder.problem !== null) return [...title, ...sentence(`It could not be looked at: ${holder.problem}.`, style)];
  const gained = holder.objects - holder.untraced;
  const about = `${countOf(gained, "object")} of ${formatCount(holder.objects)} that it keeps came in the window.`;
  const part = holder.isComplete ? "" : " It keeps more than were looked at.";
  const columns = [column("bytes"), column("objects"), flexibleColumn("line")];
  const rows = holder.lines.map((line) =>
    row(
      [span(formatBytes(line.bytes), "strong"), span(formatCount(line.objects)), place(line)],
      sourceDetails(line.source),
    ),
  );
  return [...title, ...sentence(about + part, style), ...(rows.length === 0 ? [] : tableLines(columns, rows, style))];
}

function costSentence({ frames, peakBytes, countMs, stopMs }: TraceReport): string {
  return `${countOf(frames, "frame")} per trace, at most ${formatBytes(peakBytes)} alive at once. Copying the traces held the process up for ${formatDuration(countMs)}, stopping for ${formatDuration(stopMs)}.`;
}
