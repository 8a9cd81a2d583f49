// `deadweight diff`: the answer first, then the path of what grew most, then all that grew.

import { formatBytes, formatBytesGrowth } from "../base/format-bytes.ts";
import { countOf, formatCount, formatCountGrowth } from "../base/format-count.ts";
import { formatDuration } from "../base/format-duration.ts";
import { wrapWords } from "../base/format-width.ts";
import type { DiffReport, HolderGrowth, TypeGrowth } from "../model/heap-reports.ts";
import { limitsOfProof, seriesWords, verdictTone, verdictWords } from "./growth-words.ts";
import { nextLines, sourceWord, whyCommand } from "./next-command.ts";
import { pathTreeLines } from "./path-tree.ts";
import { heading, paragraph, sentence, warningLines } from "./prose.ts";
import { type Column, column, detailWidth, flexibleColumn, row, tableLines } from "./table.ts";
import { EMPTY_LINE, elided, type Line, renderLines, type Span, span, type TextStyle } from "./text-style.ts";

export function diffText(report: DiffReport, style: TextStyle): string {
  const top = topGrower(report);
  return renderLines(
    [
      ...answerLines(report, top, style),
      ...sentence(snapshotsSentence(report), style, "faint"),
      ...(top === null || top.steps.length === 0
        ? []
        : [...heading("Kept alive by"), ...pathTreeLines(top.steps, style)]),
      ...holderLines(report.holders, style),
      ...typeLines(report.types, style),
      EMPTY_LINE,
      ...sentence(limitsOfProof(report.snapshots.length), style),
      ...differentProcessLines(report, style),
      ...nextLines(nextCommand(report, top)),
      ...warningLines(report.warnings, style),
    ],
    style,
  );
}

/** The largest growth, of those that are no accident when there are any; what shrank is no answer. */
function topGrower(report: DiffReport): HolderGrowth | null {
  const growing = report.holders.filter((each) => each.heldGrowthBytes > 0 || each.countGrowth > 0);
  return growing.find((each) => each.verdict.strength === "strong") ?? growing[0] ?? null;
}

function answerLines(report: DiffReport, top: HolderGrowth | null, style: TextStyle): Line[] {
  const time = `in ${formatDuration(secondsApartMs(report))}`;
  if (top === null) return sentence(`Nothing that has a name grew ${time}.`, style, "strong");
  const holder = [span("`"), span(top.holder.path, "name"), span("`")];
  return paragraph([...holder, span(` ${growthWords(top)} ${time}; ${holdsWords(top)}.`, "strong")], style);
}

/** "grew by 1,004 entries (+5.2 MiB, mostly Session objects)". */
function growthWords(growth: HolderGrowth): string {
  const entries = entryGrowth(growth);
  const what =
    entries !== null && entries > 0 ? countOf(entries, "entry", "entries") : countOf(growth.countGrowth, "object");
  const mostly = growth.mostly === null ? "" : `, mostly ${growth.mostly.type} objects`;
  if (growth.countGrowth <= 0 && (entries ?? 0) <= 0) return `grew by ${formatBytes(growth.heldGrowthBytes)}`;
  return `grew by ${what} (${formatBytesGrowth(growth.heldGrowthBytes)}${mostly})`;
}

function holdsWords(growth: HolderGrowth): string {
  const entries = growth.entries.at(-1) ?? null;
  const what = entries === null ? countOf(growth.counts.at(-1) ?? 0, "object") : countOf(entries, "entry", "entries");
  return `it now holds ${what}, ${formatBytes(growth.heldBytes.at(-1) ?? 0)}`;
}

function entryGrowth(growth: HolderGrowth): number | null {
  const first = growth.entries[0] ?? null;
  const last = growth.entries.at(-1) ?? null;
  return first === null || last === null ? null : last - first;
}

function secondsApartMs(report: DiffReport): number {
  return (report.snapshots.at(-1)?.takenAtMs ?? 0) - (report.snapshots[0]?.takenAtMs ?? 0);
}

function snapshotsSentence(report: DiffReport): string {
  const first = report.snapshots[0];
  const last = report.snapshots.at(-1);
  const objects = formatCountGrowth((last?.nodes ?? 0) - (first?.nodes ?? 0));
  const bytes = formatBytesGrowth((last?.liveBytes ?? 0) - (first?.liveBytes ?? 0));
  return `${countOf(report.snapshots.length, "snapshot")}: live ${bytes} to ${formatBytes(last?.liveBytes ?? 0)}, objects ${objects} to ${formatCount(last?.nodes ?? 0)}.`;
}

function holderLines(holders: readonly HolderGrowth[], style: TextStyle): Line[] {
  if (holders.length === 0) return [];
  const columns = [column("Growth"), column("Objects"), flexibleColumn("Holder")];
  const cells = (each: HolderGrowth): readonly Span[] => [
    span(formatBytesGrowth(each.heldGrowthBytes), "strong"),
    span(formatCountGrowth(each.countGrowth)),
    span(each.holder.path, "name"),
  ];
  const width = detailWidth(
    columns,
    holders.map((each) => row(cells(each))),
    style,
  );
  const rows = holders.map((each) => row(cells(each), holderDetails(each, width)));
  return [...heading("Growth by holder (retained)"), ...tableLines(columns, rows, style)];
}

/** Values per snapshot and the verdict. */
function holderDetails(growth: HolderGrowth, width: number): Line[] {
  const counted = growth.entries.every((each) => each !== null)
    ? { name: "entries", values: growth.entries }
    : { name: "objects", values: growth.counts };
  const counts = `${counted.name} ${seriesWords(
    counted.values.map((each) => formatCount(each ?? 0)),
    width - 8,
  )}`;
  const bytes = `retained ${seriesWords(growth.heldBytes.map(formatBytes), width - 9)}`;
  return [
    [elided(span(counts, "faint"), width)],
    [elided(span(bytes, "faint"), width)],
    ...wrapWords(verdictWords(growth.verdict), width).map((words) => [span(words, verdictTone(growth.verdict))]),
  ];
}

/** The newest file explains the holder best. */
function nextCommand(report: DiffReport, top: HolderGrowth | null): string | null {
  const newest = report.snapshots.at(-1);
  return newest === undefined ? null : whyCommand(sourceWord(newest.file), top?.holder.path);
}

function typeLines(types: readonly TypeGrowth[], style: TextStyle): Line[] {
  if (types.length === 0) return [];
  const columns: Column[] = [
    column("Growth"),
    column("Objects"),
    column("Now"),
    column("Rose"),
    flexibleColumn("Type"),
  ];
  const rows = types.map((each) =>
    row([
      span(formatBytesGrowth(each.shallowGrowthBytes), "strong"),
      span(formatCountGrowth(each.countGrowth)),
      span(formatCount(each.counts.at(-1) ?? 0)),
      span(`${each.verdict.rises} of ${each.verdict.steps}`, verdictTone(each.verdict)),
      span(each.name, "name"),
    ]),
  );
  return [...heading("Growth by type (own size)"), ...tableLines(columns, rows, style)];
}

function differentProcessLines(report: DiffReport, style: TextStyle): Line[] {
  if (report.sameProcess) return [];
  const text =
    "The snapshots are of different processes, so holders were matched by name only: differences in work done look like growth.";
  return sentence(text, style, "warning");
}
