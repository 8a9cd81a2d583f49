// What `deadweight scan` finds. `--json` prints findings as they are (docs/schema/scan.schema.json).

/** Where something is in the source. Lines and columns count from 1; columns count UTF-16 units; the end is exclusive. */
export interface SourceRange {
  /** As the user gave it: relative to where the scan began if it lies below. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  /** Cell of a notebook, from 1; lines count within the cell then. Absent elsewhere. */
  readonly cell?: number;
}

/**
 * How sure a finding is. certain: follows from the language alone, whatever the data. likely: the whole chain was seen and
 * nothing known speaks against it. possible: a piece of the chain is assumed.
 */
export type Confidence = "certain" | "likely" | "possible";

/** One link of the chain of evidence: a write site, where a key comes from, where a removal was looked for. */
export interface RelatedLocation extends SourceRange {
  readonly message: string;
}

/** Text of one file replaced, by UTF-16 offsets in the decoded text. */
export interface TextEdit {
  readonly file: string;
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

export interface FindingFix {
  /** What to do, as an imperative sentence. */
  readonly text: string;
  /** safe: what the program does stays the same but for what it keeps. none: only the text, nothing to apply. */
  readonly safety: "safe" | "unsafe" | "none";
  /** All or nothing. Empty with safety "none". */
  readonly edits: readonly TextEdit[];
}

/** One hazard at one place. */
export interface Finding extends SourceRange {
  /** DW101 */
  readonly code: string;
  /** unbounded-cache */
  readonly name: string;
  /** Row of the mission: L1 to L17, C9. */
  readonly cause: string;
  /** One sentence: subject, consequence with its bound. */
  readonly message: string;
  /** Who keeps the memory, as `top` would name it: app.sessions.REGISTRY. Null when nobody has a name. */
  readonly holder: string | null;
  readonly confidence: Confidence;
  /** How much it may keep: "up to 128 instances", "grows with distinct user ids". */
  readonly bound: string;
  /** The chain of evidence, in order of reading. */
  readonly related: readonly RelatedLocation[];
  readonly fix: FindingFix | null;
  /** Stays the same when lines move: code, file, holder or enclosing name, and the text of the line. */
  readonly fingerprint: string;
}

/** A file that could not be read, or only in part. */
export interface ScanProblem {
  readonly file: string;
  readonly line: number | null;
  readonly column: number | null;
  readonly message: string;
}

/** `deadweight scan --json`. */
export interface ScanReport {
  readonly schema: "deadweight/scan@1";
  readonly files: number;
  readonly lines: number;
  /** Functions in C that the grammar has no words for, most often because of macros or C++: nothing is said about them. */
  readonly unreadFunctions: number;
  readonly findings: readonly Finding[];
  readonly problems: readonly ScanProblem[];
  /** Findings left out, by why. */
  readonly suppressed: { readonly inline: number; readonly baseline: number; readonly confidence: number };
}
