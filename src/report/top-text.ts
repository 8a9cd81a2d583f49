// `deadweight top`: what holds the memory, by holder, type and module.

import { formatBytes } from "../base/format-bytes.ts";
import { countOf, formatCount } from "../base/format-count.ts";
import { formatDuration } from "../base/format-duration.ts";
import { formatPercent } from "../base/format-percent.ts";
import { wrapWords } from "../base/format-width.ts";
import { shellWord } from "../base/format-shell.ts";
import type { HolderUsage, ModuleUsage, TopReport, TypeUsage } from "../model/heap-reports.ts";
import { nextLines, whyCommand } from "./next-command.ts";
import { heading, marked, paragraph, warningLines } from "./prose.ts";
import { shareBar } from "./share-bar.ts";
import { type Column, column, detailWidth, flexibleColumn, type Row, row, tableLines } from "./table.ts";
import { shortTypeName } from "./type-name.ts";
import { type Line, renderLines, type Span, spaces, span, type TextStyle } from "./text-style.ts";

/** From this width on, everything about a holder fits beside its path. */
const ROOMY = 112;
/** Below it, every column counts. */
const NARROW = 72;
const BAR_WIDTH = 8;
/** Less than this share of what a holder holds is not worth words. */
const WORTH_SAYING = 0.05;

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
  const { exactness } = report;
  const exact = exactness === null ? "without reference counts" : `exact for ${formatPercent(exactness, 2)} of them`;
  return paragraph(
    [
      span(`CPython ${report.python}${who}: `),
      span(`${formatBytes(report.liveBytes)} live`, "strong"),
      span(` in ${countOf(report.nodes, "object")}, ${exact}.${pauseSentence(report.pauseMs)}`),
    ],
    style,
  );
}

function pauseSentence(pauseMs: number | null): string {
  if (pauseMs === null) return "";
  return pauseMs === 0
    ? " It had been stopped by somebody else, and was left so."
    : ` It stood still for ${formatDuration(pauseMs)}.`;
}

function holderLines(holders: readonly HolderUsage[], style: TextStyle): Line[] {
  const title = heading("By holder: what each holds; shared objects count once");
  if (holders.length === 0) return [...title, [spaces(2), span("No holder found.")]];
  if (style.width >= ROOMY) {
    const columns = [
      ...amountColumns(style),
      column("Objects"),
      column("Entries"),
      flexibleColumn("Mostly"),
      flexibleColumn("Holder"),
    ];
    return [
      ...title,
      ...tableLines(
        columns,
        holders.map((each) => roomyRow(each, style)),
        style,
      ),
    ];
  }
  const columns = [...amountColumns(style), flexibleColumn("Holder")];
  const rows = holders.map((each) => row([...amountCells(each, style), pathCell(each)]));
  const width = detailWidth(columns, rows, style);
  return [
    ...title,
    ...tableLines(
      columns,
      holders.map((each) => narrowRow(each, width, style)),
      style,
    ),
  ];
}

/** On a small screen the bar gives its room to the names. */
function amountColumns(style: TextStyle): Column[] {
  const share = style.width < NARROW ? [] : [column("Share", "left")];
  return [column("Retained"), ...share, column("")];
}

function roomyRow(usage: HolderUsage, style: TextStyle): Row {
  const entries = span(usage.entries === null ? "" : formatCount(usage.entries));
  return row([
    ...amountCells(usage, style),
    span(formatCount(usage.count)),
    entries,
    span([usage.mostly?.type, ...sharedWords(usage)].filter((part) => part !== undefined).join(", "), "faint"),
    pathCell(usage),
  ]);
}

function narrowRow(usage: HolderUsage, width: number, style: TextStyle): Row {
  const detail = wrapWords(holderDetail(usage), width).map((words) => [span(words, "faint")]);
  return row([...amountCells(usage, style), pathCell(usage)], detail);
}

/** "83,114 entries, 248,902 objects, mostly Session". */
function holderDetail(usage: HolderUsage): string {
  return [
    ...(usage.entries === null ? [] : [countOf(usage.entries, "entry", "entries")]),
    countOf(usage.count, "object"),
    ...(usage.mostly === null ? [] : [`mostly ${shortTypeName(usage.mostly.type)}`]),
    ...sharedWords(usage),
  ].join(", ");
}

/** What other places hold too would not be freed with this one. */
function sharedWords({ sharedBytes, heldBytes }: HolderUsage): string[] {
  return sharedBytes < heldBytes * WORTH_SAYING ? [] : [`${formatBytes(sharedBytes)} shared`];
}

function amountCells(usage: HolderUsage, style: TextStyle): Span[] {
  return [
    span(formatBytes(usage.heldBytes), "strong"),
    ...(style.width < NARROW ? [] : [span(shareBar(usage.share, BAR_WIDTH))]),
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

function nativeLines({ native, exactness }: TopReport, style: TextStyle): Line[] {
  if (native.objects === 0) return [];
  const amount = `${countOf(native.objects, "object")}, ${formatBytes(native.heldBytes)} with what they hold`;
  const by =
    exactness === null ? "Held by nothing in the file" : "Kept by native code (more references than the heap shows)";
  return marked("-", `${by}: ${amount}.`, "faint", style);
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
