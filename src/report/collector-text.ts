// `deadweight gc`: what the collector did in each process, and what it cost.

import { formatBytes } from "../base/format-bytes.ts";
import { countOf, formatCount } from "../base/format-count.ts";
import { formatDuration } from "../base/format-duration.ts";
import type { CollectedProcess, CollectorReport, GenerationActivity } from "../model/collector-report.ts";
import { heading, marked, sentence, warningLines } from "./prose.ts";
import { column, type Row, row, tableLines } from "./table.ts";
import { type Line, renderLines, span, type TextStyle } from "./text-style.ts";

export function collectorText(report: CollectorReport, style: TextStyle): string {
  const all = report.processes.flatMap(({ generations }) => generations);
  const collections = all.reduce((sum, each) => sum + each.collections, 0);
  const freed = all.reduce((sum, each) => sum + each.collected, 0);
  const summary = `${countOf(collections, "collection")} in ${formatDuration(report.seconds * 1000)} in ${countOf(report.processes.length, "process", "processes")} freed ${countOf(freed, "object")}.`;
  return renderLines(
    [
      ...sentence(summary, style, "strong"),
      ...(report.isForced ? sentence("Each process was asked for one full collection.", style, "faint") : []),
      ...collectionLines(report.processes, style),
      ...memoryLines(report.processes, style),
      ...adviceLines(report, style),
      ...warningLines(warningsOf(report.processes), style),
    ],
    style,
  );
}

function collectionLines(processes: readonly CollectedProcess[], style: TextStyle): Line[] {
  const titles = ["generation", "collections", "freed", "paused", "longest"];
  const rows = processes.flatMap((each) => each.generations.map((activity, at) => activityRow(each, activity, at)));
  if (rows.length === 0) return [];
  return [
    ...heading("Collections"),
    ...tableLines([column("pid"), ...titles.map((title) => column(title))], rows, style),
  ];
}

function activityRow({ pid }: CollectedProcess, activity: GenerationActivity, at: number): Row {
  return row([
    span(at === 0 ? String(pid) : "", "strong"),
    span(String(activity.generation)),
    span(formatCount(activity.collections)),
    span(formatCount(activity.collected)),
    span(formatDuration(activity.pauseMs)),
    span(formatDuration(activity.longestPauseMs)),
  ]);
}

function memoryLines(processes: readonly CollectedProcess[], style: TextStyle): Line[] {
  const known = processes.filter(({ before, after }) => before !== null && after !== null);
  if (known.length === 0) return [];
  const titles = ["pid", "parent", "frozen", "proportional", "private, before", "private, now", "un-shared"];
  const rows = known.map((each) =>
    row([
      span(String(each.pid), "strong"),
      span(String(each.parentPid)),
      span(formatCount(each.frozen)),
      span(formatBytes(each.after?.proportionalBytes ?? 0)),
      span(formatBytes(each.before?.privateDirtyBytes ?? 0)),
      span(formatBytes(each.after?.privateDirtyBytes ?? 0)),
      span(each.unsharedBytes === null ? "-" : formatBytes(each.unsharedBytes)),
    ]),
  );
  return [
    ...heading("Memory"),
    ...tableLines(
      titles.map((title) => column(title)),
      rows,
      style,
    ),
  ];
}

function adviceLines({ advice }: CollectorReport, style: TextStyle): Line[] {
  if (advice.length === 0) return [];
  return [...heading("What to do"), ...advice.flatMap(({ text }) => marked("-", text, "strong", style))];
}

function warningsOf(processes: readonly CollectedProcess[]): readonly string[] {
  return processes.flatMap(({ pid, lost, dropped }) => [
    ...(lost === null ? [] : [`Of process ${pid} nothing more is known: ${lost}.`]),
    ...(dropped === 0 ? [] : [`${countOf(dropped, "collection")} of process ${pid} were not recorded in time.`]),
  ]);
}
