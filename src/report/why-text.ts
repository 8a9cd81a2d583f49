// `deadweight why`: what keeps an object, a type or a holder alive.

import { formatBytes } from "../base/format-bytes.ts";
import { countOf, formatCount } from "../base/format-count.ts";
import type { PathGroup, RetainingPath, WhyReport, WhySubject } from "../model/heap-reports.ts";
import { pathTreeLines } from "./path-tree.ts";
import { heading, marked, paragraph, sentence, warningLines } from "./prose.ts";
import { column, flexibleColumn, row, tableLines } from "./table.ts";
import { pathLines } from "./wrap-path.ts";
import { EMPTY_LINE, type Line, renderLines, spaces, span, type TextStyle } from "./text-style.ts";

export function whyText(report: WhyReport, style: TextStyle): string {
  return renderLines(
    [
      ...matchedLines(report, style),
      ...groupLines(report.groups, style),
      ...report.subjects.flatMap((subject, at) => [
        ...(at === 0 && !hasIntroduction(report) ? [] : [EMPTY_LINE]),
        ...subjectLines(subject, style),
      ]),
      ...warningLines(report.warnings, style),
    ],
    style,
  );
}

/** One object picked by its name or address needs no sentence about how many there are. */
function hasIntroduction(report: WhyReport): boolean {
  return report.matched !== 1 || report.subjects.length !== 1 || report.groups.length > 0;
}

function matchedLines(report: WhyReport, style: TextStyle): Line[] {
  if (!hasIntroduction(report)) return [];
  const shown =
    report.subjects.length < report.matched
      ? `; the ${countOf(report.subjects.length, "largest is", "largest are")} shown`
      : "";
  const none = report.subjects.length === 0 ? "" : shown;
  return paragraph([span(report.selector, "name"), span(` picks ${countOf(report.matched, "object")}${none}.`)], style);
}

function groupLines(groups: readonly PathGroup[], style: TextStyle): Line[] {
  if (groups.length === 0) return [];
  const rows = groups.map((group) =>
    row([span(formatCount(group.count), "strong"), span(formatBytes(group.shallowBytes)), span(group.pattern, "name")]),
  );
  return [
    ...heading("Where they are kept ([*] stands for any index or key)"),
    ...tableLines([column("Objects"), column("Own size"), flexibleColumn("Path")], rows, style),
  ];
}

function subjectLines(subject: WhySubject, style: TextStyle): Line[] {
  return [...titleLines(subject, style), ...keptAliveLines(subject, style), ...holdsLines(subject, style)];
}

function titleLines(subject: WhySubject, style: TextStyle): Line[] {
  const entries = subject.entries === null ? "" : ` with ${countOf(subject.entries, "entry", "entries")}`;
  return paragraph(
    [span(subject.type, "strong"), span(`${entries} at ${subject.address}: ${sizeWords(subject)}`)],
    style,
  );
}

function sizeWords({ shallowBytes, heldBytes, sharedBytes }: WhySubject): string {
  const own = `${formatBytes(shallowBytes)} itself`;
  if (sharedBytes === 0) return `${own}, ${formatBytes(heldBytes)} with all that only it keeps alive.`;
  return `${own}, ${formatBytes(heldBytes)} with what it holds; ${formatBytes(sharedBytes)} of that is held elsewhere, too, and would stay without it.`;
}

function keptAliveLines(subject: WhySubject, style: TextStyle): Line[] {
  const [shortest, ...others] = subject.paths;
  if (shortest === undefined) return unheldLines(subject, style);
  return [
    ...heading("Kept alive by"),
    ...wholePath(shortest.path, style),
    ...pathTreeLines(shortest.steps, style),
    ...nativeLines(subject, style),
    ...otherPathLines(others, style),
  ];
}

function unheldLines(subject: WhySubject, style: TextStyle): Line[] {
  const text = subject.garbage
    ? "Nothing keeps it alive: it is garbage that the collector has not collected yet."
    : "No path from a module, a thread or native code leads to it.";
  return [EMPTY_LINE, ...sentence(text, style), ...nativeLines(subject, style)];
}

function nativeLines(subject: WhySubject, style: TextStyle): Line[] {
  const count = subject.nativeReferences;
  if (count <= 0) return [];
  const which = count === 1 ? "1 reference to it comes" : `${formatCount(count)} references to it come`;
  return marked("!", `${which} from outside the heap: native code, or a call that is running.`, "warning", style);
}

function otherPathLines(paths: readonly RetainingPath[], style: TextStyle): Line[] {
  if (paths.length === 0) return [];
  const title = paths.length === 1 ? "Also by" : `Also by ${formatCount(paths.length)} other paths`;
  return [...heading(title), ...paths.flatMap((each) => wholePath(each.path, style))];
}

/** What does not fit into a line is indented below it. */
function wholePath(path: string, style: TextStyle): Line[] {
  return pathLines(span(path, "name"), style.width - 4).map((line, at) => [spaces(at === 0 ? 2 : 4), line]);
}

function holdsLines(subject: WhySubject, style: TextStyle): Line[] {
  if (subject.holds.length === 0) return [];
  const rows = subject.holds.map(({ edge, type, count, heldBytes }) =>
    row([
      span(formatBytes(heldBytes), "strong"),
      span(edge),
      span(count === 1 ? type : `${formatCount(count)} × ${type}`, "faint"),
    ]),
  );
  return [
    ...heading("What it holds, largest first"),
    ...tableLines([column("Retained"), flexibleColumn("Through"), flexibleColumn("Type")], rows, style),
  ];
}
