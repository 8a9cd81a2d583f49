// A finding as the Language Server Protocol has it: lines and characters from 0, in UTF-16 units.

import { type Diagnostic, DiagnosticSeverity, type Range } from "vscode-languageserver/node";
import type { Confidence, Finding, SourceRange } from "../../model/finding.ts";

const SEVERITIES: Readonly<Record<Confidence, DiagnosticSeverity>> = {
  certain: DiagnosticSeverity.Error,
  likely: DiagnosticSeverity.Warning,
  possible: DiagnosticSeverity.Information,
};

export function diagnosticOf(finding: Finding, uriOf: (file: string) => string): Diagnostic {
  return {
    range: rangeOf(finding),
    severity: SEVERITIES[finding.confidence],
    source: "deadweight",
    code: finding.code,
    message: `${finding.message} Bound: ${finding.bound}.`,
    relatedInformation: finding.related.map((each) => ({
      location: { uri: uriOf(each.file), range: rangeOf(each) },
      message: each.message,
    })),
  };
}

export function rangeOf({ line, column, endLine, endColumn }: SourceRange): Range {
  return {
    start: { line: line - 1, character: column - 1 },
    end: { line: endLine - 1, character: endColumn - 1 },
  };
}

/** Says whether the ranges touch. */
export function isTouching(a: Range, b: Range): boolean {
  const isBefore = (one: Range, other: Range): boolean =>
    one.end.line < other.start.line || (one.end.line === other.start.line && one.end.character < other.start.character);
  return !isBefore(a, b) && !isBefore(b, a);
}
