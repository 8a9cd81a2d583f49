// `deadweight snapshot`: what was written, how long the target stood still, how far it can be trusted.

import { formatBytes } from "../base/format-bytes.ts";
import { countOf, formatCount } from "../base/format-count.ts";
import { formatDuration } from "../base/format-duration.ts";
import { formatPercent } from "../base/format-percent.ts";
import type { SnapshotReport } from "../model/heap-reports.ts";
import { nextLines, sourceWord } from "./next-command.ts";
import { paragraph, sentence, warningLines } from "./prose.ts";
import { type Line, renderLines, span, type TextStyle } from "./text-style.ts";

export function snapshotText(report: SnapshotReport, style: TextStyle): string {
  return renderLines(
    [
      ...writtenLines(report, style),
      ...sentence(heapSentence(report), style),
      ...sentence(pauseSentence(report), style),
      ...sentence(exactnessSentence(report), style),
      ...collectingLines(report, style),
      ...nextLines(`deadweight top ${sourceWord(report.file)}`),
      ...warningLines(report.warnings, style),
    ],
    style,
  );
}

function writtenLines(report: SnapshotReport, style: TextStyle): Line[] {
  return paragraph([span("Wrote "), span(report.file, "strong"), span(` (${formatBytes(report.fileBytes)}).`)], style);
}

function heapSentence(report: SnapshotReport): string {
  const objects = `${countOf(report.nodes, "object")}, ${countOf(report.edges, "reference")}`;
  return `CPython ${report.python}: ${objects}, ${formatBytes(report.liveBytes)} live, ${countOf(report.threads, "thread")}.`;
}

function pauseSentence(report: SnapshotReport): string {
  const copied = formatBytes(report.copiedBytes);
  if (report.way === "imported") return `Read from another tool's dump of ${copied}; no process was stopped.`;
  if (report.way !== "outside") return helpedSentence(report, copied);
  if (report.pauseMs === null) return `No process was stopped: ${copied} were read from a core file.`;
  if (report.pauseMs === 0)
    return `The process had been stopped by somebody else: ${copied} were copied, and it was left as it was.`;
  return `The process stood still for ${formatDuration(report.pauseMs)} while ${copied} were copied, then went on.`;
}

function helpedSentence({ way, pauseMs }: SnapshotReport, copied: string): string {
  const pause = pauseMs === null ? "" : ` It stood still for ${formatDuration(pauseMs)}.`;
  return way === "fork"
    ? `The process forked once and went on; ${copied} were read from its copy, which is gone.${pause}`
    : `The process wrote ${copied} about itself.${pause}`;
}

function exactnessSentence(report: SnapshotReport): string {
  if (report.exactness === null) return "Exactness is not known: the dump has no reference counts to compare with.";
  const share = formatPercent(report.exactness, 2);
  return `Exactness ${share}: that share of the objects has every reference to it accounted for.`;
}

function collectingLines(report: SnapshotReport, style: TextStyle): Line[] {
  if (!report.collecting) return [];
  const text = `A garbage collection was running at that moment, so some of the ${formatCount(report.nodes)} objects may be missing. Take another snapshot.`;
  return sentence(text, style, "warning");
}
