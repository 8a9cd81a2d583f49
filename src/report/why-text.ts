// `deadweight why`: what keeps an object, a type or a holder alive.

import { formatBytes } from "../base/format-bytes.ts";
import { countOf, formatCount } from "../base/format-count.ts";
import type { PathGroup, RetainingPath, WhyReport, WhySubject } from "../model/heap-reports.ts";
import { pathTreeLines } from "./path-tree.ts";
import { heading, marked, paragraph, sentence, warningLines } from "./prose.ts";
import { column, flexibleColumn, row, tableLines } from "./table.ts";
import { EMPTY_LINE, elided, type Line, renderLines, spaces, span, type TextStyle } from "./text-style.ts";

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
  const sizes = `: ${formatBytes(subject.shallowBytes)} itself, ${formatBytes(subject.retainedBytes)} with all that only it keeps alive.`;
  return paragraph([span(subject.type, "strong"), span(`${entries} at ${subject.address}`), span(sizes)], style);
}

function keptAliveLines(subject: WhySubject, style: TextStyle): Line[] {
  const [shortest, ...others] = subject.paths;
  if (shortest === undefined) return unheldLines(subject, style);
  return [
    ...heading("Kept alive by"),
    [spaces(2), elided(span(shortest.path, "name"), style.width - 2)],
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
  return [...heading(title), ...paths.map((each) => [spaces(2), elided(span(each.path, "name"), style.width - 2)])];
}

function holdsLines(subject: WhySubject, style: TextStyle): Line[] {
  if (subject.holds.length === 0) return [];
  const rows = alikeFolded(subject.holds).map(({ first, more }) =>
    row([
      span(formatBytes(first.retainedBytes), "strong"),
      span(first.edge),
      span(more === 0 ? first.type : `${first.type}, and ${formatCount(more)} more like it`, "faint"),
    ]),
  );
  return [
    ...heading("What it holds, largest first"),
    ...tableLines([column("Retained"), flexibleColumn("Through"), flexibleColumn("Type")], rows, style),
  ];
}

type Held = WhySubject["holds"][number];

/** Keys are not shown unless they are names, so many lines may read the same: neighbours that do become one. */
function alikeFolded(holds: readonly Held[]): { readonly first: Held; readonly more: number }[] {
  const folded: { first: Held; more: number }[] = [];
  for (const each of holds) {
    const last = folded.at(-1);
    if (last !== undefined && last.first.edge === each.edge && last.first.type === each.type) last.more += 1;
    else folded.push({ first: each, more: 0 });
  }
  return folded;
}
