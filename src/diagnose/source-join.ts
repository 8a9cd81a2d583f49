// What the sources say of a holder: where it is made, what fills it, what empties it.

import type { LeakSite } from "../model/diagnosis.ts";
import type { Holder, PathStep } from "../model/holder.ts";
import type { CollectorFacts } from "../model/snapshot-meta.ts";
import type { ClassDefinition, ContainerDefinition, FunctionDefinition } from "../python/definitions.ts";
import { type ProcessSource, siteAt } from "./process-source.ts";
import { inOrder, type RankedLine } from "./rank-sites.ts";

export interface JoinAsked {
  readonly holder: Holder;
  /** From the root to the holder. */
  readonly steps: readonly PathStep[];
  /** Type of what piles up; null when not known. */
  readonly mostly: string | null;
  /** Code of what piles up, when it is callables or coroutines. */
  readonly code: CodePlace | null;
  /** For each step the code of the function that it has reached, or that the thread runs; null for all else. */
  readonly codes: readonly (CodePlace | null)[];
  readonly collector: CollectorFacts;
}

/** Where the code of a function begins. */
export interface CodePlace {
  readonly qualname: string;
  readonly file: string;
  readonly firstLine: number;
}

export interface SourceJoin {
  readonly declared: LeakSite | null;
  /** Best first. */
  readonly inserts: readonly LeakSite[];
  readonly removals: readonly LeakSite[];
  /** "some": bounded by an expression. Null: nothing bounds it, or nobody knows. */
  readonly bound: number | "some" | null;
  readonly container: ContainerDefinition | null;
  /** The cached function, the function whose variable it is, the coroutine. */
  readonly function: FunctionDefinition | null;
  readonly classes: readonly ClassDefinition[];
  /** "the table of all loggers": it belongs to a library and is filled through calls. */
  readonly through: string | null;
}

export const NO_JOIN: SourceJoin = {
  declared: null,
  inserts: [],
  removals: [],
  bound: null,
  container: null,
  function: null,
  classes: [],
  through: null,
};

/** More lines than this help nobody. */
export const MOST_SITES = 8;

/** Ranked lines as sites, best first. */
export function sitesOf(source: ProcessSource, lines: readonly RankedLine[]): readonly LeakSite[] {
  return inOrder(lines)
    .slice(0, MOST_SITES)
    .map(({ file, line }) => siteAt(source, file, line));
}
