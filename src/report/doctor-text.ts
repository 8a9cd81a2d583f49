// `deadweight doctor`: can this process be read, and if not, what will make it readable.

import { countOf } from "../base/format-count.ts";
import { displayWidth } from "../base/format-width.ts";
import type { DoctorCheck, DoctorReport } from "../model/heap-reports.ts";
import { commandLine, heading, paragraph, sentence } from "./prose.ts";
import { EMPTY_LINE, elided, type Line, renderLines, spaces, span, type TextStyle, type Tone } from "./text-style.ts";

const MARKS: Readonly<Record<DoctorCheck["status"], { readonly mark: string; readonly tone: Tone }>> = {
  ok: { mark: "✓", tone: "good" },
  warning: { mark: "!", tone: "warning" },
  problem: { mark: "✗", tone: "bad" },
  unknown: { mark: "?", tone: "faint" },
};

const WIDEST_NAME = 24;

export function doctorText(report: DoctorReport, style: TextStyle): string {
  const names = Math.min(
    WIDEST_NAME,
    Math.max(0, ...report.checks.map((check) => displayWidth(span(check.name).text))),
  );
  return renderLines(
    [
      ...sentence(answer(report), style, report.readable === false ? "bad" : "strong"),
      EMPTY_LINE,
      ...report.checks.flatMap((check) => checkLines(check, names, style)),
      ...commandLines(report),
    ],
    style,
  );
}

function answer(report: DoctorReport): string {
  const problems = report.checks.filter((check) => check.status === "problem").length;
  const who = report.pid === null ? "This machine" : `Process ${report.pid}`;
  if (report.readable === true) return `${who} can be read.`;
  if (report.readable === false) return `${who} cannot be read from here: ${countOf(problems, "problem")}.`;
  if (problems > 0) return `${who} has ${countOf(problems, "problem")}.`;
  return report.pid === null
    ? "This machine is ready. Give a PID to check one process."
    : `Whether process ${report.pid} can be read is not known.`;
}

function checkLines(check: DoctorCheck, names: number, style: TextStyle): Line[] {
  const { mark, tone } = MARKS[check.status];
  const name = elided(span(check.name, "strong"), names);
  const indent = names + 6;
  const first = [spaces(2), span(mark, tone), spaces(1), name, spaces(names - displayWidth(name.text) + 2)];
  const seen = paragraph([span(check.seen)], style, { first, rest: indent });
  if (check.advice === null) return seen;
  return [...seen, ...paragraph([span(check.advice)], style, { first: [spaces(indent)], rest: indent })];
}

function commandLines(report: DoctorReport): Line[] {
  if (report.commands.length === 0) return [];
  return [...heading("This will work"), ...report.commands.map(commandLine)];
}
