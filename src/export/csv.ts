// The tables of `top` for a spreadsheet: one table per file, all its rows, bytes as plain numbers (RFC 4180).

import { ok } from "../base/result.ts";
import type { HeapAnalysis } from "../heap/analyse.ts";
import { topOf } from "../heap/queries/top.ts";
import type { TopReport } from "../model/heap-reports.ts";
import { BytePieces } from "./byte-pieces.ts";
import type { ExportOptions, HeapFormat } from "./heap-format.ts";

export const csv: HeapFormat = {
  name: "csv",
  gzip: false,
  opensIn: "any spreadsheet",
  write: (heap, options) => ok(lines(heap, options)),
};

type Cell = string | number | null;

function* lines(heap: HeapAnalysis, options: ExportOptions): Generator<Uint8Array, void, undefined> {
  const out = new BytePieces();
  for (const row of tableOf(topOf(heap, { limit: options.limit }), options.table))
    out.text(`${row.map(cellText).join(",")}\r\n`);
  yield* out.finish();
}

function tableOf(report: TopReport, table: ExportOptions["table"]): Cell[][] {
  switch (table) {
    case "holders":
      return [
        ["holder", "kind", "type", "file", "line", "objects", "shallow_bytes", "retained_bytes", "held_bytes"],
        ...report.byHolder.map(({ holder, count, shallowBytes, retainedBytes, heldBytes }): Cell[] => [
          holder.path,
          holder.kind,
          holder.type,
          holder.file,
          holder.line,
          count,
          shallowBytes,
          retainedBytes,
          heldBytes,
        ]),
      ];
    case "types":
      return [
        ["type", "objects", "shallow_bytes", "retained_bytes"],
        ...report.byType.map((row): Cell[] => [row.name, row.count, row.shallowBytes, row.retainedBytes]),
      ];
    case "modules":
      return [
        ["module", "objects", "shallow_bytes", "retained_bytes"],
        ...report.byModule.map((row): Cell[] => [row.name, row.count, row.shallowBytes, row.retainedBytes]),
      ];
  }
}

/** A text that a spreadsheet would take for a formula begins with an apostrophe: a key of the target is nobody's formula. */
function cellText(cell: Cell): string {
  if (cell === null) return "";
  if (typeof cell === "number") return String(cell);
  const text = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
