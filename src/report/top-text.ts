// `deadweight top`: what holds the memory, by holder, type and module.

import { formatBytes } from "../base/format-bytes.ts";
import { countOf, formatCount } from "../base/format-count.ts";
import { formatDuration } from "../base/format-duration.ts";
import { formatPercent } from "../base/format-percent.ts";
import { shellWord } from "../base/format-shell.ts";
import type { HolderUsage, ModuleUsage, TopReport, TypeUsage } from "../model/heap-reports.ts";
import { nextLines, whyCommand } from "./next-command.ts";
import { heading, marked, paragraph, warningLines } from "./prose.ts";
import { shareBar } from "./share-bar.ts";
import { type Column, column, detailWidth, flexibleColumn, type Row, row, tableLines } from "./table.ts";
import { shortTypeName } from "./type-name.ts";
import { elided, type Line, renderLines, type Span, spaces, span, type TextStyle } from "./text-style.ts";

/** From this width on, everything about a holder fits beside its path. */
const ROOMY = 112;
const BAR_WIDTH = 8;

/** `source` is what the person gave as FILE or PID: the next command needs it. */
export function topText(report: TopReport, style: TextStyle, source: string): string {
  return renderLines(
    [
      ...headerLines(report, style),
      ...holderLines(report.byHolder, style),
      ...usageLines("By type", "Type", report.byType, style),
      ...usageLines("By module", "Module", report.byModule, style),
      ...alsoSeenLines(report, style),
      ...nextLines(whyCommand(shellWord(source), report.byHolder[0]?.holder.path)),
      ...warningLines(report.warnings, style),
    ],
    style,
  );
}

function headerLines(report: TopReport, style: TextStyle): Line[] {
  const who = report.pid === null ? "" : `, pid ${report.pid}`;
  const exact = `exact for ${formatPercent(report.exactness, 2)} of them`;
  const pause = report.pauseMs === null ? "" : ` It stood still for ${formatDuration(report.pauseMs)}.`;
  return paragraph(
    [
      span(`CPython ${report.python}${who}: `),
      span(`${formatBytes(report.liveBytes)} live`, "strong"),
      span(` in ${countOf(report.nodes, "object")}, ${exact}.${pause}`),
    ],
    style,
  );
}

function holderLines(holders: readonly HolderUsage[], style: TextStyle): Line[] {
  const title = heading("By holder: what would be freed with each");
  if (holders.length === 0) return [...title, [spaces(2), span("No holder found.")]];
  const always = [column("Retained"), column("Share", "left"), column("")];
  if (style.width >= ROOMY) {
    const columns = [
      ...always,
      column("Objects"),
      column("Entries"),
      flexibleColumn("Holder"),
      flexibleColumn("Mostly"),
    ];
    return [...title, ...tableLines(columns, holders.map(roomyRow), style)];
  }
  const columns = [...always, flexibleColumn("Holder")];
  const rows = holders.map((each) => row([...amountCells(each), pathCell(each)]));
  const width = detailWidth(columns, rows, style);
  return [
    ...title,
    ...tableLines(
      columns,
      holders.map((each) => narrowRow(each, width)),
      style,
    ),
  ];
}

function roomyRow(usage: HolderUsage): Row {
  const entries = span(usage.entries === null ? "" : formatCount(usage.entries));
  return row([
    ...amountCells(usage),
    span(formatCount(usage.count)),
    entries,
    pathCell(usage),
    span(usage.mostly?.type ?? "", "faint"),
  ]);
}

function narrowRow(usage: HolderUsage, width: number): Row {
  return row([...amountCells(usage), pathCell(usage)], [[elided(span(holderDetail(usage), "faint"), width)]]);
}

/** "83,114 entries, 248,902 objects, mostly Session". */
function holderDetail(usage: HolderUsage): string {
  return [
    ...(usage.entries === null ? [] : [countOf(usage.entries, "entry", "entries")]),
    countOf(usage.count, "object"),
    ...(usage.mostly === null ? [] : [`mostly ${shortTypeName(usage.mostly.type)}`]),
  ].join(", ");
}

function amountCells(usage: HolderUsage): Span[] {
  return [
    span(formatBytes(usage.retainedBytes), "strong"),
    span(shareBar(usage.share, BAR_WIDTH)),
    span(formatPercent(usage.share)),
  ];
}

function pathCell(usage: HolderUsage): Span {
  return span(usage.holder.path, "name");
}

/** Sorted by own size: retained sizes of types overlap, and would put `dict` and `object` first everywhere. */
function usageLines(
  title: string,
  what: string,
  usages: readonly (TypeUsage | ModuleUsage)[],
  style: TextStyle,
): Line[] {
  if (usages.length === 0) return [];
  const columns: Column[] = [column("Own size"), column("Retained"), column("Objects"), flexibleColumn(what)];
  const rows = usages.map((each) =>
    row([
      span(formatBytes(each.shallowBytes), "strong"),
      span(formatBytes(each.retainedBytes)),
      span(formatCount(each.count)),
      span(each.name, "name"),
    ]),
  );
  return [...heading(title), ...tableLines(columns, rows, style)];
}

function alsoSeenLines(report: TopReport, style: TextStyle): Line[] {
  const lines = [...garbageLines(report, style), ...nativeLines(report, style), ...collectorLines(report, style)];
  return lines.length === 0 ? [] : [...heading("Also seen"), ...lines];
}

function garbageLines({ garbage, collector }: TopReport, style: TextStyle): Line[] {
  if (garbage.count === 0) return [];
  const amount = `${countOf(garbage.count, "object")}, ${formatBytes(garbage.shallowBytes)}`;
  const then = collector.enabled
    ? "the next collection of their generation frees them."
    : "nothing frees them while the collector is off.";
  const first = marked("-", `Garbage that is not collected yet: ${amount}; ${then}`, "faint", style);
  const groups = garbage.groups.map((group) => {
    const cycles = group.cycles === 0 ? "" : `${countOf(group.cycles, "cycle")} of `;
    return `${cycles}${group.types}: ${countOf(group.count, "object")}, ${formatBytes(group.shallowBytes)}.`;
  });
  return [...first, ...groups.flatMap((text) => marked(" ", text, "plain", style))];
}

function nativeLines({ native }: TopReport, style: TextStyle): Line[] {
  if (native.objects === 0) return [];
  const amount = `${countOf(native.objects, "object")}, ${formatBytes(native.retainedBytes)} with what they hold`;
  return marked("-", `Kept by native code (more references than the heap shows): ${amount}.`, "faint", style);
}

function collectorLines({ collector }: TopReport, style: TextStyle): Line[] {
  const frozen = collector.permanentObjects;
  return [
    ...(collector.enabled
      ? []
      : marked(
          "-",
          "The garbage collector is off: reference cycles stay until gc.collect() is called.",
          "warning",
          style,
        )),
    ...(collector.collecting
      ? marked(
          "-",
          "A collection was running when the heap was read; the garbage counted here may be incomplete.",
          "warning",
          style,
        )
      : []),
    ...(frozen > 0
      ? marked("-", `gc.freeze() put ${countOf(frozen, "object")} out of the collector's reach.`, "faint", style)
      : []),
  ];
}
