// `deadweight run`: how the program ended, and what each of its Python processes did.

import { countOf, formatCount } from "../base/format-count.ts";
import { formatDuration } from "../base/format-duration.ts";
import { shellWord } from "../base/format-shell.ts";
import type { ProbedProcess, RunReport } from "../model/run-report.ts";
import { heading, sentence, warningLines } from "./prose.ts";
import { column, flexibleColumn, type Row, row, tableLines } from "./table.ts";
import { type Line, renderLines, span, type TextStyle } from "./text-style.ts";

const MOST_SHOWN = 40;

export function runText(report: RunReport, style: TextStyle): string {
  const shown = report.processes.filter(({ role }) => role === "program");
  return renderLines(
    [
      ...sentence(endSentence(report), style, report.exitCode === 0 ? "strong" : "bad"),
      ...sentence(processSentence(report, shown.length), style),
      ...processLines(shown, style),
      ...warningLines(report.refused, style),
    ],
    style,
  );
}

function endSentence({ exitCode, signal, seconds }: RunReport): string {
  const how = signal === null ? `ended with exit code ${exitCode}` : `was ended by ${signal}`;
  return `The program ${how} after ${formatDuration(seconds * 1000)}.`;
}

function processSentence({ processes }: RunReport, programs: number): string {
  if (processes.length === 0)
    return "No Python process has connected: the program starts none, or starts it with -I, -E or -S, with another PYTHONPATH or an empty environment. Looking from outside needs no probe: deadweight diagnose -- COMMAND.";
  const helpers = processes.length - programs;
  const beside = helpers === 0 ? "" : `, and ${countOf(helpers, "helper")} of multiprocessing`;
  return `${countOf(programs, "Python process", "Python processes")} had the probe${beside}.`;
}

function processLines(processes: readonly ProbedProcess[], style: TextStyle): Line[] {
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
