// `diagnose --compare`: for each leak what it was and what it is.

import { formatBytes, formatBytesGrowth } from "../base/format-bytes.ts";
import { formatDuration } from "../base/format-duration.ts";
import type { ComparedLeak, ComparedState, DiagnosisComparison, LeakMeasure } from "../model/diagnosis.ts";
import { heading, marked, paragraph, sentence } from "./prose.ts";
import { column, flexibleColumn, row, tableLines } from "./table.ts";
import { type Line, type Span, span, type TextStyle, type Tone } from "./text-style.ts";

const TONES: Readonly<Record<ComparedState, Tone>> = {
  gone: "good",
  smaller: "warning",
  "still there": "bad",
  new: "bad",
};

/** Nothing when there was nothing to compare with. */
export function comparisonLines(comparison: DiagnosisComparison | null, style: TextStyle): Line[] {
  if (comparison === null) return [];
  const { leaks, before, doubts } = comparison;
  const watched = `Before: process ${before.pid}, watched for ${formatDuration(before.seconds * 1000)}.`;
  return [
    ...heading("Against the diagnosis before"),
    ...paragraph([span(watched, "faint")], style),
    ...(leaks.length === 0 ? sentence("No leak then and none now.", style) : leakTable(leaks, style)),
    ...doubts.flatMap((text) => marked("!", text, "warning", style)),
  ];
}

function leakTable(leaks: readonly ComparedLeak[], style: TextStyle): Line[] {
  const columns = [
    column("Now", "left"),
    column("Held before"),
    column("per minute"),
    column("Held now"),
    column("per minute"),
    flexibleColumn("Holder"),
  ];
  const rows = leaks.map(({ state, before, after, path }) =>
    row([span(state, TONES[state]), ...measureCells(before), ...measureCells(after), span(path, "name")]),
  );
  return tableLines(columns, rows, style);
}

function measureCells(measure: LeakMeasure | null): Span[] {
  if (measure === null) return [span("-", "faint"), span("-", "faint")];
  return [span(formatBytes(measure.heldBytes)), span(formatBytesGrowth(Math.round(measure.bytesPerMinute)))];
}
