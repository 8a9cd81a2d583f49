// Takes out the findings that somebody has looked at and decided to keep, and finds suppressions that do nothing.

import type { Finding, TextEdit } from "../../model/finding.ts";
import type { RuleCard } from "../../model/rule-card.ts";
import { type Suppression, withoutCodes } from "../../model/suppression.ts";
import { isCodePattern } from "./parse-settings.ts";

/** The suppressions of one file, and its text if somebody needs it. */
export interface SuppressedFile {
  readonly file: string;
  readonly suppressions: readonly Suppression[];
}

export interface Suppressed {
  readonly findings: readonly Finding[];
  readonly count: number;
  readonly unused: readonly UnusedSuppression[];
}

/** A suppression, or some of its codes, that no finding needs. */
export interface UnusedSuppression {
  readonly file: string;
  readonly suppression: Suppression;
  /** Null: all of it. */
  readonly codes: readonly string[] | null;
}

/** `isJudged` says whether a code was looked for at all: what was not cannot be unused. */
export function applySuppressions(
  findings: readonly Finding[],
  files: readonly SuppressedFile[],
  cards: readonly RuleCard[],
  isJudged: (code: string) => boolean,
): Suppressed {
  const twins = new Map(cards.map((card) => [card.code, card.twins]));
  const byFile = new Map(files.map((each) => [each.file, each.suppressions]));
  const used = new Map<Suppression, Set<string>>();
  const kept = findings.filter((finding) => {
    const hits = (byFile.get(finding.file) ?? []).filter((each) => covers(each, finding));
    let isSuppressed = false;
    for (const each of hits) {
      const code = meantBy(each, finding.code, twins.get(finding.code) ?? []);
      if (code === null) continue;
      isSuppressed = true;
      used.set(each, (used.get(each) ?? new Set()).add(code));
    }
    return !isSuppressed;
  });
  const unused = files.flatMap(({ file, suppressions }) =>
    suppressions.flatMap((each) => unusedOf(file, each, used.get(each) ?? new Set(), isJudged)),
  );
  return { findings: kept, count: findings.length - kept.length, unused };
}

function covers(suppression: Suppression, finding: Finding): boolean {
  if (suppression.scope === "file") return true;
  return (
    suppression.cell === finding.cell && suppression.firstLine <= finding.line && finding.line <= suppression.lastLine
  );
}

/** The code of the suppression that means `code`; "" for one without codes; null when it means something else. */
function meantBy({ codes, word }: Suppression, code: string, twins: readonly string[]): string | null {
  if (codes === null) return "";
  const own = codes.find((each) => code.startsWith(each) && each.startsWith("DW"));
  return own ?? (word === "noqa" ? (codes.find((each) => twins.includes(each)) ?? null) : null);
}

/** A `noqa` without one of our codes is none of our business. */
function unusedOf(
  file: string,
  suppression: Suppression,
  used: ReadonlySet<string>,
  isJudged: (code: string) => boolean,
): readonly UnusedSuppression[] {
  const { codes, word } = suppression;
  if (codes === null)
    return used.size > 0 || word === "noqa" || !isJudged("DW") ? [] : [{ file, suppression, codes: null }];
  const unused = codes.filter(
    (code) => !used.has(code) && (word === "dw" || isCodePattern(code)) && (isJudged(code) || !isCodePattern(code)),
  );
  if (unused.length === 0) return [];
  return [{ file, suppression, codes: unused.length === codes.length ? null : unused }];
}

/** DW001 for each; `textOf` gives the decoded text of a file, or null when it cannot be read any more. */
export function unusedFindings(
  unused: readonly UnusedSuppression[],
  card: RuleCard,
  textOf: (file: string) => string | null,
): readonly Omit<Finding, "fingerprint">[] {
  return unused.map(({ file, suppression, codes }) => {
    const { line, column, endColumn, cell } = suppression;
    const text = textOf(file);
    const edit = text === null || cell !== undefined ? null : removal(file, text, suppression, codes);
    const what = codes === null ? "This suppression" : `The code ${codes.join(", ")} of this suppression`;
    return {
      code: card.code,
      name: card.name,
      cause: card.cause,
      file,
      line,
      column,
      endLine: line,
      endColumn,
      ...(cell === undefined ? {} : { cell }),
      message: `${what} suppresses no finding, so it only hides the next one.`,
      holder: null,
      confidence: "certain",
      bound: "no memory",
      related: [],
      fix: {
        text: "Remove it.",
        safety: edit === null ? "none" : "safe",
        edits: edit === null ? [] : [edit],
      },
    };
  });
}

function removal(file: string, text: string, { start, end }: Suppression, codes: readonly string[] | null): TextEdit {
  const comment = text.slice(start, end);
  const left = codes === null ? "" : withoutCodes(comment, new Set(codes));
  if (left !== "") return { file, start, end, text: left };
  const lineStart = Math.max(text.lastIndexOf("\n", start - 1), text.lastIndexOf("\r", start - 1)) + 1;
  const before = text.slice(lineStart, start);
  const rest = /^[^\r\n]*(?:\r\n|\n|\r|$)/.exec(text.slice(end))?.[0] ?? "";
  // Alone on its line: the line goes. Else the spaces before it go, unless another comment follows.
  if (before.trim() === "" && rest.trim() === "") return { file, start: lineStart, end: end + rest.length, text: "" };
  if (rest.trim() !== "") return { file, start, end: end + (rest.length - rest.trimStart().length), text: "" };
  return { file, start: lineStart + before.trimEnd().length, end, text: "" };
}
