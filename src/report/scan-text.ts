// `deadweight scan` for people: each finding with its line, the chain of evidence, the bound and what to do.

import { countOf } from "../base/format-count.ts";
import { displayWidth } from "../base/format-width.ts";
import type { Finding, ScanReport } from "../model/finding.ts";
import { paragraph, sentence } from "./prose.ts";
import type { ScanContext } from "./scan-context.ts";
import { CONFIDENCE_TONES, placeWords } from "./scan-place.ts";
import { EMPTY_LINE, type Line, renderLines, spaces, span, type TextStyle } from "./text-style.ts";

export function scanText(report: ScanReport, style: TextStyle, context: ScanContext): string {
  return renderLines(
    [
      ...report.findings.flatMap((finding) => [...findingLines(finding, style, context), EMPTY_LINE]),
      ...problemLines(report, style),
      ...summaryLines(report, style),
    ],
    style,
  );
}

/** One line for each finding. */
export function conciseScanText(report: ScanReport, style: TextStyle): string {
  const lines = report.findings.map((each) => [
    span(placeWords(each), "strong"),
    spaces(1),
    span(each.code, CONFIDENCE_TONES[each.confidence]),
    spaces(1),
    span(each.message),
  ]);
  // These lines are read by programs too, so they are never shortened.
  const wide = { ...style, width: Number.MAX_SAFE_INTEGER };
  return (
    renderLines(lines, wide) + renderLines([...problemLines(report, style), ...summaryLines(report, style)], style)
  );
}

function findingLines(finding: Finding, style: TextStyle, context: ScanContext): Line[] {
  const head = [
    span(placeWords(finding), "strong"),
    span(`: ${finding.code}`, CONFIDENCE_TONES[finding.confidence]),
    span(` ${finding.name}`),
    span(` (${finding.confidence})`, "faint"),
  ];
  return [
    ...paragraph(head, style),
    ...paragraph([span(finding.message)], style, { first: [spaces(2)], rest: 2 }),
    ...codeLines(finding, style, context),
    ...finding.related.flatMap((each, at) =>
      labelled(at === 0 ? "because" : "", `${placeWords(each)}: ${each.message}`, style, 2),
    ),
    ...labelled("bound", finding.bound, style),
    ...fixLines(finding, style),
  ];
}

const LABEL_COLUMNS = 11;

/** `hang`: columns by which further lines stand further in, so that the next item of a list is seen to begin. */
function labelled(label: string, text: string, style: TextStyle, hang: number = 0): Line[] {
  const first = [spaces(2), span(label, "faint"), spaces(LABEL_COLUMNS - 2 - label.length)];
  return paragraph([span(text)], style, { first, rest: LABEL_COLUMNS + hang });
}

function fixLines({ fix }: Finding, style: TextStyle): Line[] {
  if (fix === null) return [];
  const option = { safe: " (--fix)", unsafe: " (--fix --unsafe-fixes)", none: "" }[fix.safety];
  return labelled("fix", `${fix.text}${option}`, style);
}

/** The line and a mark under the part that is meant. */
function codeLines(finding: Finding, style: TextStyle, context: ScanContext): Line[] {
  const text = context.lineOf(finding.file, finding.line, finding.cell);
  if (text === null || text.trim() === "") return [];
  const number = finding.line.toString();
  const margin = text.length - text.trimStart().length;
  const gutter = number.length + 5;
  const room = Math.max(20, style.width - gutter);
  const code = span(text.trimStart().replaceAll("\t", " ").slice(0, room));
  const before = displayWidth(span(text.slice(margin, finding.column - 1).replaceAll("\t", " ")).text);
  const end = finding.endLine === finding.line ? finding.endColumn - 1 : text.trimEnd().length;
  const marked = Math.max(1, displayWidth(span(text.slice(finding.column - 1, end)).text));
  const lines: Line[] = [[spaces(2), span(`${number} | `, "faint"), code]];
  if (before >= room) return lines;
  return [
    ...lines,
    [
      spaces(2 + number.length),
      span(" | ", "faint"),
      spaces(before),
      span("^".repeat(Math.min(marked, room - before)), CONFIDENCE_TONES[finding.confidence]),
    ],
  ];
}

function problemLines(report: ScanReport, style: TextStyle): Line[] {
  if (report.problems.length === 0) return [];
  const lines = report.problems.flatMap((each) => {
    const place = each.line === null ? each.file : placeWords({ ...each, line: each.line, column: each.column ?? 1 });
    return paragraph([span(`${place}: `, "strong"), span(each.message)], style, {
      first: [span("! ", "warning")],
      rest: 2,
    });
  });
  return [...lines, EMPTY_LINE];
}

function summaryLines(report: ScanReport, style: TextStyle): Line[] {
  const { findings, suppressed } = report;
  const looked = `${countOf(report.files, "file")} (${countOf(report.lines, "line")})`;
  const answer =
    findings.length === 0
      ? `Nothing found in ${looked}.`
      : `${countOf(findings.length, "finding")} in ${looked}: ${confidenceWords(findings)}.`;
  const hidden = [
    ...(suppressed.confidence > 0
      ? [`${countOf(suppressed.confidence, "less sure finding")} not shown (--confidence possible)`]
      : []),
    ...(suppressed.inline > 0 ? [`${countOf(suppressed.inline, "finding")} suppressed by comments`] : []),
    ...(suppressed.baseline > 0 ? [`${countOf(suppressed.baseline, "finding")} in the baseline`] : []),
  ];
  return [
    ...sentence(answer, style, findings.length === 0 ? "good" : "strong"),
    ...(hidden.length === 0 ? [] : sentence(`${hidden.join(", ")}.`, style, "faint")),
    ...(report.unreadFunctions === 0
      ? []
      : sentence(`${countOf(report.unreadFunctions, "function")} in C or C++ could not be read.`, style, "faint")),
    ...fixableLines(findings, style),
  ];
}

function fixableLines(findings: readonly Finding[], style: TextStyle): Line[] {
  const safe = findings.filter((each) => each.fix?.safety === "safe").length;
  const unsafe = findings.filter((each) => each.fix?.safety === "unsafe").length;
  if (safe + unsafe === 0) return [];
  const words = [
    ...(safe > 0 ? [`${safe} with --fix`] : []),
    ...(unsafe > 0 ? [`${unsafe} with --fix --unsafe-fixes`] : []),
  ];
  return sentence(`Can be fixed: ${words.join(", ")}; --diff shows how.`, style, "faint");
}

function confidenceWords(findings: readonly Finding[]): string {
  return (["certain", "likely", "possible"] as const)
    .map((confidence) => [findings.filter((each) => each.confidence === confidence).length, confidence] as const)
    .filter(([count]) => count > 0)
    .map(([count, confidence]) => `${count} ${confidence}`)
    .join(", ");
}
