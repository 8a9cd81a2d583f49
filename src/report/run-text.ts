// `deadweight run`: how the program ended, and what each of its Python processes did.

import { countOf } from "../base/format-count.ts";
import { formatDuration } from "../base/format-duration.ts";
import type { RunReport } from "../model/run-report.ts";
import { probedProcessLines } from "./probed-process-lines.ts";
import { sentence, warningLines } from "./prose.ts";
import { renderLines, type TextStyle } from "./text-style.ts";

export function runText(report: RunReport, style: TextStyle): string {
  const shown = report.processes.filter(({ role }) => role === "program");
  return renderLines(
    [
      ...sentence(endSentence(report), style, report.exitCode === 0 ? "strong" : "bad"),
      ...sentence(processSentence(report, shown.length), style),
      ...probedProcessLines(shown, style),
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
