// Which of several lines is worth showing first: one that runs for every request says more than one that runs once.

import type { Context } from "../python/contexts.ts";
import type { FunctionDefinition } from "../python/definitions.ts";
import { SITE } from "../python/facts.ts";
import { originsWithin, type Origin } from "../python/origin.ts";
import type { Project } from "../python/project.ts";

/** A line that may be shown, with what its order depends on. */
export interface RankedLine {
  readonly file: string;
  readonly line: number;
  /** Smaller is better. */
  readonly rank: number;
}

const BY_CONTEXT: Readonly<Record<Context["kind"], number>> = {
  request: 0,
  task: 0,
  loop: 1,
  event: 1,
  thread: 1,
  unknown: 3,
  command: 3,
  main: 3,
  import: 6,
  test: 8,
};

/** What a script does in its body looks like import time, and so does all that it calls. */
const CALLED_BY_BODY = 4;

/** Rank of what happens in `around`; null is the body of a module. */
export function rankOf(project: Project, around: FunctionDefinition | null, flags: number = 0): number {
  const isEndless = (flags & SITE.endless) !== 0;
  const inLoop = isEndless || (flags & SITE.loop) !== 0 ? -1 : 0;
  if (around === null) return BY_CONTEXT.import + (isEndless ? -4 : inLoop);
  const isSetUp = /^(?:__init__|setup|init|main|configure)$/.test(around.fact.name) ? 1 : 0;
  const context = project.isImportTimeOnly(around) ? CALLED_BY_BODY : BY_CONTEXT[project.contextOf(around).kind];
  return context + inLoop + isSetUp;
}

/** -2 when the value is made by a call that makes what piles up. */
export function makesType(value: Origin | undefined, type: string | null): number {
  if (value === undefined || type === null) return 0;
  const word = type.slice(type.lastIndexOf(".") + 1);
  const isMade = originsWithin(value).some(
    (origin) => origin.from === "call" && origin.callee.slice(origin.callee.lastIndexOf(".") + 1) === word,
  );
  return isMade ? -2 : 0;
}

/** Best first; every line once. */
export function inOrder<Line extends RankedLine>(lines: readonly Line[]): readonly Line[] {
  const best = new Map<string, Line>();
  for (const each of lines) {
    const key = `${each.file}\0${each.line}`;
    const known = best.get(key);
    if (known === undefined || each.rank < known.rank) best.set(key, each);
  }
  return [...best.values()].toSorted(
    (a, b) => a.rank - b.rank || (a.file < b.file ? -1 : a.file > b.file ? 1 : 0) || a.line - b.line,
  );
}
