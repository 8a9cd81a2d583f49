// Comments that say: not this finding, not here. Ours, and the `noqa` of others.

export interface Suppression {
  /** line: the statement's head it stands at. file: all of the file. */
  readonly scope: "line" | "file";
  /** Who else reads it: `noqa` belongs to other tools too. */
  readonly word: "dw" | "noqa";
  /** Codes or their beginnings; null: all. */
  readonly codes: readonly string[] | null;
  /** Line of the comment, and the lines whose findings it means. From 1; in a notebook within the cell. */
  readonly line: number;
  readonly firstLine: number;
  readonly lastLine: number;
  readonly cell?: number;
  /** Where the comment stands: UTF-16 offsets in the decoded text, and columns from 1. */
  readonly start: number;
  readonly end: number;
  readonly column: number;
  readonly endColumn: number;
}

/** What a comment says, without where it stands but for the offsets in its text. */
export interface SuppressionText {
  readonly scope: Suppression["scope"];
  readonly word: Suppression["word"];
  readonly codes: readonly string[] | null;
  readonly start: number;
  readonly end: number;
}

/** Up to the next comment in the comment: `# dw: ignore[DW101] keys are finite  # noqa: B019`. */
const OURS = /(?:#|\/\/|\/\*)\s*dw:\s*ignore(-file)?\b(?:\s*\[([^\]]*)\])?(?:(?!\s*(?:#|\*\/)).)*/gi;
const NOQA = /(?:#|\/\/|\/\*)\s*noqa\b(?::[ \t]*([A-Z]+[0-9]+(?:(?:[ \t]*,[ \t]*|[ \t]+)[A-Z]+[0-9]+)*))?/gi;

/** Suppressions in the text of one comment, in order. Most comments have none, and cost one search. */
export function suppressionsIn(comment: string): readonly SuppressionText[] {
  if (!/dw:|noqa/i.test(comment)) return [];
  const ours = Array.from(comment.matchAll(OURS), (match) =>
    textOf(match, "dw", match[1] === undefined ? "line" : "file", match[2]),
  );
  const noqas = Array.from(comment.matchAll(NOQA), (match) => textOf(match, "noqa", "line", match[1]));
  return [...ours, ...noqas].toSorted((a, b) => a.start - b.start);
}

function textOf(
  match: RegExpExecArray,
  word: Suppression["word"],
  scope: Suppression["scope"],
  list: string | undefined,
): SuppressionText {
  const codes = list?.split(/[\s,]+/).filter((code) => code !== "") ?? null;
  return {
    scope,
    word,
    codes: codes?.map((code) => code.toUpperCase()) ?? null,
    start: match.index,
    end: match.index + match[0].trimEnd().length,
  };
}

/** The comment without `unused` codes; "" when nothing is left of it. */
export function withoutCodes(comment: string, unused: ReadonlySet<string>): string {
  const [first] = suppressionsIn(comment);
  const left = first?.codes?.filter((code) => !unused.has(code)) ?? [];
  if (left.length === 0) return "";
  return comment.replace(/\[[^\]]*\]|(?<=noqa:\s*)[A-Z][A-Z0-9, \t]*[0-9]/i, (list) =>
    list.startsWith("[") ? `[${left.join(", ")}]` : left.join(", "),
  );
}
