// From what each file contributes to findings: facts are linked, and every rule judges the whole project.

import { createHash } from "node:crypto";
import type { Finding, FindingFix, ScanProblem } from "../../model/finding.ts";
import { onePerHazard, type Explained, type RuleDraft } from "./one-per-hazard.ts";
import { linkProject } from "../../python/project.ts";
import type { ModuleFacts } from "../../python/facts.ts";
import type { FindingDraft, Rule } from "../../rules/rule.ts";
import type { FileScan } from "../../workers/scan-jobs.ts";
import type { StablePath } from "./stable-path.ts";

/** What other findings say better; where they are not wanted, it is told. */
export interface ExplainedFinding {
  readonly finding: Finding;
  readonly by: readonly { readonly code: string; readonly file: string }[];
}

export interface Judged {
  /** By file, line, column and code. */
  readonly findings: readonly Finding[];
  readonly explained: readonly ExplainedFinding[];
  /** Rules that failed: our bugs. */
  readonly problems: readonly ScanProblem[];
}

/** Reads one line of a file, as it was scanned; null when it cannot be read. */
export type LineOf = (file: string, line: number, cell?: number) => string | null;

export interface Judging {
  readonly rules: readonly Rule[];
  /** Oldest Python that the program runs on: "3.11". Null: not known. */
  readonly targetVersion: string | null;
  readonly lineOf: LineOf;
  /** What fingerprints call a file. */
  readonly stablePath: StablePath;
}

/** Linear in facts and evidence, but for what rules do with them. */
export function judgeProject(
  files: readonly FileScan[],
  { rules, targetVersion, lineOf, stablePath }: Judging,
): Judged {
  const facts = new Map(files.flatMap((file) => (file.facts === null ? [] : [[file.path, file.facts] as const])));
  const project = linkProject([...facts.values()]);
  const c = { files: files.flatMap((file) => file.cFacts ?? []), targetVersion };
  const problems: ScanProblem[] = [];
  const drafts: RuleDraft[] = [];
  for (const rule of rules) {
    try {
      const evidence = files.flatMap((file) => file.evidence[rule.code] ?? []);
      for (const draft of rule.judge(evidence, project)) drafts.push({ rule, draft });
      for (const draft of rule.judgeC?.(c) ?? []) drafts.push({ rule, draft });
    } catch (error) {
      const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
      const message = `The rule ${rule.code} failed because of a bug in deadweight; its findings are missing (${reason}).`;
      problems.push({ file: rule.code, line: null, column: null, message });
    }
  }
  const { told, explained } = onePerHazard(drafts);
  const name = (ordered: readonly RuleDraft[]): readonly Finding[] =>
    withFingerprints(ordered, facts, { lineOf, stablePath });
  return { findings: name(inOrder(told)), explained: explainedFindings(inOrder(explained), name), problems };
}

function explainedFindings(
  explained: readonly Explained[],
  name: (ordered: readonly RuleDraft[]) => readonly Finding[],
): readonly ExplainedFinding[] {
  return name(explained).map((finding, at) => {
    const by = explained[at]?.by ?? [];
    return { finding, by: by.map(({ rule, draft }) => ({ code: rule.code, file: draft.at.file })) };
  });
}

function inOrder<Each extends RuleDraft>(drafts: readonly Each[]): readonly Each[] {
  return drafts.toSorted((a, b) => compareDrafts(a.draft, b.draft) || (a.rule.code < b.rule.code ? -1 : 1));
}

function compareDrafts({ at: a }: FindingDraft, { at: b }: FindingDraft): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1;
  return (a.cell ?? 0) - (b.cell ?? 0) || a.line - b.line || a.column - b.column;
}

function withFingerprints(
  drafts: readonly RuleDraft[],
  facts: ReadonlyMap<string, ModuleFacts>,
  { lineOf, stablePath }: Pick<Judging, "lineOf" | "stablePath">,
): readonly Finding[] {
  const seen = new Map<string, number>();
  return drafts.map(({ rule, draft }) => {
    const { at, happensAt: _, ...rest } = draft;
    const place = draft.holder ?? enclosingName(facts.get(at.file), at.line);
    const line = lineOf(at.file, at.line, at.cell)?.trim() ?? "";
    const identity = fingerprintOf([rule.code, stablePath(at.file), place, line]);
    const earlier = seen.get(identity) ?? 0;
    seen.set(identity, earlier + 1);
    const fingerprint = earlier === 0 ? identity : fingerprintOf([identity, earlier.toString()]);
    return {
      code: rule.code,
      name: rule.name,
      cause: rule.cause,
      ...at,
      ...rest,
      fix: withinText(rest.fix),
      fingerprint,
    };
  });
}

/** In a notebook offsets count in the joined cells, which no file holds: such a fix is done by hand. */
function withinText(fix: FindingFix | null): FindingFix | null {
  if (fix === null || !fix.edits.some((edit) => edit.file.endsWith(".ipynb"))) return fix;
  return { text: fix.text, safety: "none", edits: [] };
}

/** What stays when lines move: who and where by name, and the text of the line. */
export function fingerprintOf(parts: readonly string[]): string {
  return createHash("sha256").update(parts.join("\0")).digest("hex").slice(0, 16);
}

/** The innermost function or class around the line; "" at module level. */
function enclosingName(facts: ModuleFacts | undefined, line: number): string {
  let name = "";
  let start = 0;
  for (const each of [...(facts?.functions ?? []), ...(facts?.classes ?? [])]) {
    if (each.at[0] <= line && line <= each.endLine && each.at[0] >= start) {
      name = each.path;
      start = each.at[0];
    }
  }
  return name;
}
