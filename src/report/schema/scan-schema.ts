// The schema of `deadweight scan --json`; docs/schema holds it as a file.

import type {
  Confidence,
  Finding,
  FindingFix,
  RelatedLocation,
  ScanProblem,
  ScanReport,
  TextEdit,
} from "../../model/finding.ts";
import {
  count,
  field,
  type JsonSchema,
  list,
  nullable,
  oneOf,
  optional,
  part,
  record,
  type Schema,
  schemaDocument,
  text,
  word,
} from "./schema-language.ts";

const RANGE = {
  file: field("As it was given: relative to where the scan began if it lies below.", text()),
  line: field("First line, from 1; in a notebook within the cell.", count()),
  column: field("First column, from 1, in UTF-16 units.", count()),
  endLine: field("Last line.", count()),
  endColumn: field("Column after the last.", count()),
  cell: optional("Cell of a notebook, from 1; absent elsewhere.", count()),
} as const;

const CONFIDENCE: Schema<Confidence> = oneOf(["certain", "likely", "possible"]);

const EDIT: Schema<TextEdit> = part(
  "edit",
  record<TextEdit>({
    file: field("The file.", text()),
    start: field("First UTF-16 unit of the decoded text that goes, from 0.", count()),
    end: field("The one after the last.", count()),
    text: field("What comes in its place.", text()),
  }),
);

const FIX: Schema<FindingFix> = part(
  "fix",
  record<FindingFix>({
    text: field("What to do.", text()),
    safety: field(
      "safe: --fix applies it. unsafe: --unsafe-fixes too. none: by hand.",
      oneOf(["safe", "unsafe", "none"]),
    ),
    edits: field("All or nothing; empty when it is done by hand.", list(EDIT)),
  }),
);

const RELATED: Schema<RelatedLocation> = part(
  "related",
  record<RelatedLocation>({ ...RANGE, message: field("What is there.", text()) }),
);

const FINDING: Schema<Finding> = part(
  "finding",
  record<Finding>({
    code: field("DW101.", text()),
    name: field("unbounded-cache.", text()),
    cause: field("L1 to L17, C9: the kind of leak.", text()),
    ...RANGE,
    message: field("One sentence: subject, consequence with its bound.", text()),
    holder: field("Who keeps the memory, as `deadweight top` names it.", nullable(text())),
    confidence: field(
      "certain: by the language alone; likely: the whole chain was seen; possible: a piece is assumed.",
      CONFIDENCE,
    ),
    bound: field("How much it may keep.", text()),
    related: field("The chain of evidence, in order of reading.", list(RELATED)),
    fix: field("What to do about it.", nullable(FIX)),
    fingerprint: field("Stays the same when lines move.", text()),
  }),
);

const PROBLEM: Schema<ScanProblem> = part(
  "problem",
  record<ScanProblem>({
    file: field("The file or folder.", text()),
    line: field("Line, when known.", nullable(count())),
    column: field("Column, when known.", nullable(count())),
    message: field("What could not be read, and why.", text()),
  }),
);

const SUPPRESSED: Schema<ScanReport["suppressed"]> = record<ScanReport["suppressed"]>({
  inline: field("By comments.", count()),
  baseline: field("By the baseline.", count()),
  confidence: field("Less sure than asked for.", count()),
});

const SCAN: Schema<ScanReport> = record<ScanReport>({
  schema: field("Name and version of this schema.", word("deadweight/scan@1")),
  files: field("Files that were scanned.", count()),
  lines: field("Their lines.", count()),
  unreadFunctions: field("Functions in C or C++ that could not be read.", count()),
  findings: field("By file, line and code.", list(FINDING)),
  problems: field("Files that could not be read, or only in part.", list(PROBLEM)),
  suppressed: field("Findings left out, by why.", SUPPRESSED),
});

export const SCAN_SCHEMA: JsonSchema = schemaDocument("scan", "Hazards in source.", SCAN);
