// The table of processes that had the probe.

import { formatCount } from "../base/format-count.ts";
import { formatDuration } from "../base/format-duration.ts";
import { shellWord } from "../base/format-shell.ts";
import type { ProbedProcess } from "../model/run-report.ts";
import { heading, sentence } from "./prose.ts";
import { column, flexibleColumn, type Row, row, tableLines } from "./table.ts";
import { type Line, span, type TextStyle } from "./text-style.ts";

const MOST_SHOWN = 40;

/** A heading and one row per process; nothing when there are none. */
export function probedProcessLines(processes: readonly ProbedProcess[], style: TextStyle): Line[] {
  if (processes.length === 0) return [];
  const columns = [
    column("pid"),
    column("parent"),
    flexibleColumn("command"),
    column("python", "left"),
    column("lived"),
    column("collections"),
    column("threads"),
  ];
  const rows = processes.slice(0, MOST_SHOWN).map(rowOf);
  const more = processes.length - rows.length;
  return [
    ...heading("Processes"),
    ...tableLines(columns, rows, style),
    ...(more > 0 ? sentence(`${formatCount(more)} more are in --json.`, style, "faint") : []),
  ];
}

function rowOf(process: ProbedProcess): Row {
  const { last, endedAfterMs } = process;
  const lived = endedAfterMs === null ? "still runs" : formatDuration(endedAfterMs - process.connectedAfterMs);
  return row([
    span(String(process.pid), "strong"),
    span(String(process.parentPid)),
    span(commandText(process), "name"),
    span(process.python),
    span(lived),
    span(last === null ? "-" : last.collections.map(formatCount).join(" / ")),
    span(last === null ? "-" : formatCount(last.threads)),
  ]);
}

/** Without the interpreter's folder, which says least and takes most room. */
function commandText({ command: [program = "", ...rest] }: ProbedProcess): string {
  return [program.slice(program.lastIndexOf("/") + 1), ...rest].map(shellWord).join(" ");
}
