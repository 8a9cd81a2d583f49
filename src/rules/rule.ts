// What a rule is: one file and one page. `collect` runs once per file, in a worker, and returns plain data; `judge` runs
// once per project over everybody's data and the project index. Only evidence is cached between runs, never trees.

import type { Confidence, FindingFix, RelatedLocation, SourceRange } from "../model/finding.ts";
import type { Node, NodeKind, NodeOf } from "../python/tree.ts";
import type { FileView } from "../python/file-view.ts";
import type { CFileFacts } from "../csource/c-file-facts.ts";
import type { Project } from "../python/project.ts";

/** Evidence is cached as JSON: no functions, no Map, no undefined inside. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** A finding as a rule writes it; the pipeline adds code, name, cause and fingerprint. */
export interface FindingDraft {
  readonly at: SourceRange;
  readonly message: string;
  readonly holder: string | null;
  readonly confidence: Confidence;
  readonly bound: string;
  readonly related: readonly RelatedLocation[];
  readonly fix: FindingFix | null;
  /** Every place where it happens, when `at` is where it is defined. Findings of other rules at all of them say more. */
  readonly happensAt?: readonly SourceRange[];
}

/** By kind of node; called in source order, parents before children. */
export type Visitors<Evidence> = {
  readonly [Kind in NodeKind]?: (node: NodeOf<Kind>, file: FileView, found: (evidence: Evidence) => void) => void;
};

/** What C and Cython files contribute, all of them, and what the program runs on. */
export interface CProject {
  readonly files: readonly CFileFacts[];
  /** Oldest Python that the program runs on: "3.11". Null: not known. */
  readonly targetVersion: string | null;
}

export interface RuleFacts {
  /** DW101 */
  readonly code: string;
  /** unbounded-cache */
  readonly name: string;
  /** Row of the mission: L1 to L17, C9. */
  readonly cause: string;
  /** One sentence with the consequence. */
  readonly summary: string;
  /** Codes of other tools that mean the same: a `noqa` for one of them counts here too. */
  readonly twins: readonly string[];
  /** The widest confidence that this rule gives. */
  readonly bestConfidence: Confidence;
}

/** A rule as its file declares it. */
export interface RuleDeclaration<Evidence> extends RuleFacts {
  /** What each file contributes. Absent: the project index says enough. */
  readonly collect?: Visitors<Evidence>;
  readonly judge: (found: readonly Evidence[], project: Project) => readonly FindingDraft[];
  /** Rules about C and Cython sources. */
  readonly judgeC?: (project: CProject) => readonly FindingDraft[];
}

/** A rule whose evidence only its own file understands. */
export interface Rule extends RuleFacts {
  readonly collect: ReadonlyMap<NodeKind, (node: Node, file: FileView, found: (evidence: Json) => void) => void>;
  readonly judge: (found: readonly Json[], project: Project) => readonly FindingDraft[];
  readonly judgeC?: (project: CProject) => readonly FindingDraft[];
}

export function defineRule<Evidence>(declaration: RuleDeclaration<Evidence>): Rule {
  const { collect = {}, judge, ...facts } = declaration;
  // The one cast: the evidence that `judge` gets is what `collect` of the same rule has found.
  return {
    ...facts,
    collect: new Map(Object.entries(collect)) as unknown as Rule["collect"],
    judge: judge as unknown as Rule["judge"],
  };
}
