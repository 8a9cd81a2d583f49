// Tests on a path: which answers are possible, and what each teaches.

import type { CExpression } from "./c-tree.ts";
import { evaluate, type Operand } from "./evaluate.ts";
import { changeValue, copyState, type PathState, type PathValue } from "./path-state.ts";
import { giveUp, type PathWalk } from "./path-walk.ts";
import { isPure, withoutCasts } from "./place.ts";

export interface Branches {
  /** Null when the answer cannot be. */
  readonly yes: PathState | null;
  readonly no: PathState | null;
}

/** Asks `test` of `state`, which is used up. */
export function branchOn(walk: PathWalk, state: PathState, test: CExpression): Branches {
  const question = withoutCasts(test);
  if (question.kind === "binary" && COMPARISONS.has(question.operator)) return compare(walk, state, question);
  const operand = evaluate(walk, state, question);
  return byNull(walk, state, { operand, test: question, ifNull: false });
}

const COMPARISONS: ReadonlySet<string> = new Set(["==", "!=", "<", ">", "<=", ">="]);

type Comparison = Extract<CExpression, { kind: "binary" }>;

function compare(walk: PathWalk, state: PathState, test: Comparison): Branches {
  const left = evaluate(walk, state, test.left);
  const right = evaluate(walk, state, test.right);
  const sides = { left, right, a: valueOf(state, left), b: valueOf(state, right), test };
  if (test.operator === "==" || test.operator === "!=") {
    const branches = compareIdentity(walk, state, sides);
    if (branches !== null) return branches;
  }
  const [first, second] = [numberOf(sides.a), numberOf(sides.b)];
  if (first !== null && second !== null) return known(state, holds(test.operator, first, second));
  if (second !== null && left !== null && sides.a?.kind === "found") {
    const signs = signsOf(test.operator, second);
    if (signs !== null) return bySigns(state, left, { test, signs });
  }
  return byAnswer(walk, state, test);
}

interface Sides {
  readonly left: Operand;
  readonly right: Operand;
  readonly a: PathValue | undefined;
  readonly b: PathValue | undefined;
  readonly test: Comparison;
}

/** `x == NULL`, `block != buffer`. Null when it cannot say. */
function compareIdentity(walk: PathWalk, state: PathState, sides: Sides): Branches | null {
  const { left, right, a, b, test } = sides;
  const ifSame = test.operator === "==";
  const compared = comparedWithNull(sides);
  if (compared !== null) return byNull(walk, state, { operand: compared, test, ifNull: ifSame });
  if (left !== null && left === right) return known(state, ifSame);
  const kinds = [a?.kind, b?.kind];
  // A fresh block is at no address that was known before.
  if (kinds.includes("memory")) return known(state, !ifSame);
  if (!kinds.includes("new")) return null;
  // Two names of one object after all: then the counts are not ours to keep.
  const branches = byAnswer(walk, state, test);
  const same = ifSame ? branches.yes : branches.no;
  if (same !== null) for (const id of [left, right]) if (id !== null) giveUp(walk, same, id);
  return branches;
}

/** The other side of a comparison with NULL or 0. */
function comparedWithNull({ left, right, a, b }: Sides): Operand {
  if (b?.number === 0 && a?.number === null) return left;
  return a?.number === 0 && b?.number === null ? right : null;
}

/** Which signs a number has that compares so: 1 below zero, 2 zero, 4 above. -1 stands for every sign of failure. */
function signsOf(operator: string, number: number): number | null {
  if (number !== 0 && number !== 1 && number !== -1) return null;
  return SIGNS[`${operator}${number}`] ?? null;
}

const SIGNS: Readonly<Record<string, number>> = {
  "<0": 1,
  "<=0": 3,
  ">0": 4,
  ">=0": 6,
  "==-1": 1,
  "!=-1": 6,
  "<=-1": 1,
  ">-1": 6,
  ">=1": 4,
  "<1": 3,
};

function bySigns(state: PathState, id: number, { test, signs }: { test: CExpression; signs: number }): Branches {
  const before = state.values.get(id);
  if (before === undefined) return { yes: state, no: null };
  const had = before.signs & (before.isNull === null ? 7 : before.isNull ? 2 : 5);
  const sides = [had & signs, had & ~signs];
  const [yes, no] = sides.map((mask, side) => {
    if (mask === 0) return null;
    const branch = side === 0 ? state : copyState(state);
    return { branch, mask };
  });
  const settle = (part: { branch: PathState; mask: number } | null | undefined, truth: boolean): PathState | null => {
    if (part === null || part === undefined) return null;
    const isNull = part.mask === 2 ? true : (part.mask & 2) === 0 ? false : null;
    changeValue(part.branch, id, { signs: part.mask, isNull });
    if (had !== part.mask) part.branch.trail = { at: test, truth, before: part.branch.trail };
    return part.branch;
  };
  const otherSide = settle(no, false);
  return { yes: settle(yes, true), no: otherSide };
}

const valueOf = (state: PathState, operand: Operand): PathValue | undefined =>
  operand === null ? undefined : state.values.get(operand);

/** A value that was found to be NULL was found to be 0. */
const numberOf = (value: PathValue | undefined): number | null => value?.number ?? (value?.isNull === true ? 0 : null);

function holds(operator: string, left: number, right: number): boolean {
  switch (operator) {
    case "==":
      return left === right;
    case "!=":
      return left !== right;
    case "<":
      return left < right;
    case ">":
      return left > right;
    case "<=":
      return left <= right;
    default:
      return left >= right;
  }
}

function known(state: PathState, truth: boolean): Branches {
  return truth ? { yes: state, no: null } : { yes: null, no: state };
}

interface NullQuestion {
  readonly operand: Operand;
  readonly test: CExpression;
  /** The answer when it is NULL. */
  readonly ifNull: boolean;
}

function byNull(walk: PathWalk, state: PathState, { operand, test, ifNull }: NullQuestion): Branches {
  const value = valueOf(state, operand);
  if (operand === null || value === undefined) return byAnswer(walk, state, test);
  if (value.isNull !== null) return known(state, value.isNull === ifNull);
  const asked = value.maker.startsWith("?") ? value.maker.slice(1) : null;
  const answer = asked === null ? undefined : state.answers.get(asked)?.truth;
  if (answer !== undefined) return known(state, answer !== ifNull);
  const other = copyState(state);
  assumeNull(state, operand);
  changeValue(other, operand, { isNull: false });
  if (asked !== null) {
    state.answers.set(asked, { truth: false, askedAt: value.site.start });
    other.answers.set(asked, { truth: true, askedAt: value.site.start });
  }
  const [yes, no] = ifNull ? [state, other] : [other, state];
  yes.trail = { at: test, truth: true, before: yes.trail };
  no.trail = { at: test, truth: false, before: no.trail };
  return { yes, no };
}

/** realloc that gives NULL has left the old block alone. */
function assumeNull(state: PathState, operand: number): void {
  const replaced = state.values.get(operand)?.replaces ?? null;
  changeValue(state, operand, { isNull: true, owned: 0 });
  if (replaced !== null && state.values.has(replaced)) changeValue(state, replaced, { owned: 1 });
}

/** What has no value is asked by its text. */
function byAnswer(walk: PathWalk, state: PathState, test: CExpression): Branches {
  const text = isPure(test) ? walk.tree.text.slice(test.start, test.end).replace(/\s+/g, "") : null;
  return byText(state, text, test);
}

/** One answer per text as long as nothing in it changes. Null: no text to remember. */
export function byText(
  state: PathState,
  text: string | null,
  at: { readonly start: number; readonly end: number },
): Branches {
  const answer = text === null ? undefined : state.answers.get(text);
  if (answer !== undefined) return answer.truth ? { yes: state, no: null } : { yes: null, no: state };
  const other = copyState(state);
  if (text !== null) {
    state.answers.set(text, { truth: true, askedAt: at.start });
    other.answers.set(text, { truth: false, askedAt: at.start });
  }
  state.trail = { at, truth: true, before: state.trail };
  other.trail = { at, truth: false, before: other.trail };
  return { yes: state, no: other };
}
