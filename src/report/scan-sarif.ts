// SARIF 2.1.0 (OASIS standard), as code scanning services read it: rules with their pages, the chain of evidence as a code
// flow and as related locations, fingerprints, and fixes.

import type { Confidence, Finding, FindingFix, ScanProblem, ScanReport, SourceRange } from "../model/finding.ts";
import type { RuleCard } from "../model/rule-card.ts";
import { renderForeignJson } from "./json.ts";
import { pascalCase, SARIF_SCHEMA, sarifArtifact, type SarifObject } from "./sarif-parts.ts";
import type { ScanContext } from "./scan-context.ts";

const LEVELS: Readonly<Record<Confidence, string>> = { certain: "error", likely: "warning", possible: "note" };
/** Of 100, as services sort by it. */
const RANKS: Readonly<Record<Confidence, number>> = { certain: 90, likely: 60, possible: 20 };

export function scanSarif(report: ScanReport, context: ScanContext): string {
  const codes = new Set(report.findings.map((each) => each.code));
  const cards = context.cards.filter((card) => codes.has(card.code));
  return renderForeignJson({
    $schema: SARIF_SCHEMA,
    version: "2.1.0",
    runs: [run(report, cards, context)],
  });
}

function run(report: ScanReport, cards: readonly RuleCard[], context: ScanContext): SarifObject {
  const indices = new Map(cards.map((card, at) => [card.code, at]));
  return {
    tool: {
      driver: {
        name: "deadweight",
        semanticVersion: context.version,
        rules: cards.map((card) => ruleOf(card, context.pageOf(card.code))),
      },
    },
    columnKind: "utf16CodeUnits",
    originalUriBaseIds: { SRCROOT: { description: { text: "The folder where the scan began." } } },
    invocations: [
      {
        executionSuccessful: context.isComplete,
        toolExecutionNotifications: report.problems.map(notification),
      },
    ],
    results: report.findings.map((finding) => resultOf(finding, indices.get(finding.code) ?? -1, context)),
  };
}

function ruleOf(card: RuleCard, page: string | null): SarifObject {
  return {
    id: card.code,
    name: pascalCase(card.name),
    shortDescription: { text: card.summary },
    fullDescription: { text: card.summary },
    help: { text: page ?? card.summary, ...(page === null ? {} : { markdown: page }) },
    properties: { tags: ["memory", card.cause, ...card.twins], kebabName: card.name },
  };
}

function resultOf(finding: Finding, ruleIndex: number, context: ScanContext): SarifObject {
  const chain = [...finding.related, { ...rangeOf(finding), message: finding.message }];
  return {
    ruleId: finding.code,
    ruleIndex,
    level: LEVELS[finding.confidence],
    rank: RANKS[finding.confidence],
    message: { text: finding.fix === null ? finding.message : `${finding.message} ${finding.fix.text}` },
    locations: [locationOf(finding, context)],
    ...(finding.related.length === 0
      ? {}
      : {
          relatedLocations: finding.related.map((each, id) => ({
            id,
            ...locationOf(each, context),
            message: { text: each.message },
          })),
          codeFlows: [
            {
              threadFlows: [
                {
                  locations: chain.map((each) => ({
                    location: { ...locationOf(each, context), message: { text: each.message } },
                  })),
                },
              ],
            },
          ],
        }),
    partialFingerprints: { "deadweight/v1": finding.fingerprint },
    ...(finding.fix === null || finding.fix.edits.length === 0 ? {} : { fixes: [fixOf(finding.fix)] }),
    properties: {
      confidence: finding.confidence,
      cause: finding.cause,
      holder: finding.holder,
      bound: finding.bound,
    },
  };
}

function rangeOf({ file, line, column, endLine, endColumn, cell }: SourceRange): SourceRange {
  return { file, line, column, endLine, endColumn, ...(cell === undefined ? {} : { cell }) };
}

function locationOf(at: SourceRange, context: ScanContext): SarifObject {
  const line = context.lineOf(at.file, at.line, at.cell);
  return {
    physicalLocation: {
      artifactLocation: sarifArtifact(at.file),
      region: {
        startLine: at.line,
        startColumn: at.column,
        endLine: at.endLine,
        endColumn: at.endColumn,
        ...(line === null ? {} : { snippet: { text: line } }),
      },
    },
    // Lines count within the cell of a notebook; SARIF has no place for that but a name.
    ...(at.cell === undefined ? {} : { logicalLocations: [{ name: `cell ${at.cell}`, kind: "member" }] }),
  };
}

function fixOf(fix: FindingFix): SarifObject {
  const files = [...new Set(fix.edits.map((edit) => edit.file))];
  return {
    description: { text: fix.text },
    artifactChanges: files.map((file) => ({
      artifactLocation: sarifArtifact(file),
      replacements: fix.edits
        .filter((edit) => edit.file === file)
        .map((edit) => ({
          deletedRegion: { charOffset: edit.start, charLength: edit.end - edit.start },
          insertedContent: { text: edit.text },
        })),
    })),
  };
}

function notification({ file, line, column, message }: ScanProblem): SarifObject {
  const region =
    line === null ? {} : { region: { startLine: line, ...(column === null ? {} : { startColumn: column }) } };
  return {
    level: "warning",
    message: { text: message },
    locations: [{ physicalLocation: { artifactLocation: sarifArtifact(file), ...region } }],
  };
}
