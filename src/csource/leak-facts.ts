// What the walks over the paths of a function found, as facts: one per place where a reference came up.

import type { SourceRange } from "../model/finding.ts";
import type { CDecision, CLeak, CShortage } from "./c-file-facts.ts";
import type { CSpan } from "./c-tree.ts";
import type { Trail } from "./path-state.ts";
import type { Loss, PathWalk } from "./path-walk.ts";

export interface FactsContext {
  readonly rangeOf: (span: CSpan) => SourceRange;
  /** Functions named in tables of methods, members and slots. */
  readonly calledByPython: ReadonlySet<string>;
}

const DECISIONS = 3;

/** O(losses). */
export function leaksOf(walk: PathWalk, context: FactsContext): CLeak[] {
  const best = new Map<number, Loss>();
  for (const loss of walk.losses) {
    const site = loss.value.site.start;
    const known = best.get(site);
    if (known === undefined || rank(walk, loss) > rank(walk, known)) best.set(site, loss);
  }
  return Array.from(best.values(), (loss) => leakOf(walk, loss, context)).filter(isTold);
}

/** A reference taken of something found is only told when the author gives it back somewhere. */
const isTold = (leak: CLeak): boolean => leak.isSettledElsewhere || !/INCREF|IncRef|NewRef/.test(leak.maker);

/** The plainest path first: short, and ending in failure. */
function rank(walk: PathWalk, loss: Loss): number {
  let length = 0;
  for (let at = loss.trail; at !== null; at = at.before) length++;
  return (returnsFailure(walk, loss) ? 100 : 0) - length;
}

function leakOf(walk: PathWalk, loss: Loss, { rangeOf }: FactsContext): CLeak {
  const { value } = loss;
  return {
    what: value.kind === "memory" ? "memory" : "reference",
    maker: value.maker,
    site: rangeOf(value.site),
    loss: loss.kind,
    at: rangeOf(loss.at),
    isFailure: returnsFailure(walk, loss),
    holder: loss.holders.find((name) => !name.includes("->")) ?? loss.holders[0] ?? null,
    takenBy: loss.takenBy,
    isSettledElsewhere: walk.settled.has(value.site.start),
    decisions: decisionsOf(walk, loss.trail, value.site.start, rangeOf),
    inFunction: walk.function.name,
    isModuleSetUp: isModuleSetUp(walk.function.name),
  };
}

/** `return NULL;`, `return -1;` */
function returnsFailure(walk: PathWalk, { kind, at }: Loss): boolean {
  if (kind !== "return") return false;
  return /^return\s*\(?\s*(?:NULL|-\s*1|0|FALSE|PyErr_\w+\s*\(.*)/s.test(walk.tree.text.slice(at.start, at.end));
}

function decisionsOf(
  walk: PathWalk,
  trail: Trail | null,
  since: number,
  rangeOf: FactsContext["rangeOf"],
): CDecision[] {
  const found: CDecision[] = [];
  for (let at = trail; at !== null && found.length < DECISIONS; at = at.before) {
    if (at.at.end === 0 || at.at.start < since) continue;
    const test = walk.tree.text.slice(at.at.start, at.at.end).replace(/\s+/g, " ");
    found.push({ ...rangeOf(at.at), test, truth: at.truth });
  }
  return found.toReversed();
}

/** O(shortages). */
export function shortagesOf(walk: PathWalk, { rangeOf, calledByPython }: FactsContext): CShortage[] {
  const found = new Map<number, CShortage>();
  for (const { at, value } of walk.shortages) {
    const text = walk.tree.text.slice(at.start, at.end);
    const field = /(?:->|\.)\s*(\w+)\s*=[^=]/.exec(text)?.[1] ?? "";
    found.set(at.start, {
      name: walk.tree.text.slice(value.site.start, value.site.end),
      at: rangeOf(at),
      into: destinationOf(text, field),
      field,
      inFunction: walk.function.name,
      isCalledByPython: calledByPython.has(walk.function.name),
      isModuleSetUp: isModuleSetUp(walk.function.name),
    });
  }
  return [...found.values()];
}

function destinationOf(text: string, field: string): CShortage["into"] {
  if (text.startsWith("return")) return "return";
  if (/^Py\w+_S(?:etItem|ET_ITEM)\b/.test(text)) return "container";
  return field === "" ? "elsewhere" : "field";
}

/** By the names that the interpreter and people give it. */
export function isModuleSetUp(name: string): boolean {
  return /^(?:main$|PyInit_|init[a-z_]|.*(?:_exec|_modexec|_module_init|module_exec|_init_module|_add_types|_add_constants|setup_module)$)/.test(
    name,
  );
}
