// Expressions on a path: what they make, move, release and overwrite.

import { applyCall } from "./apply-call.ts";
import type { CExpression, CSpan, CVariable } from "./c-tree.ts";
import { SINGLETONS } from "./memory-table.ts";
import { addValue, changeValue, type PathState } from "./path-state.ts";
import { forgetAnswers, giveAway, giveUp, loseIfUnheld, type PathWalk } from "./path-walk.ts";
import { isPure, placeOf, withoutCasts } from "./place.ts";

/** Number of the value in the state; null for what nobody follows. */
export type Operand = number | null;

/** What lies at a place; made up on the way when it was not looked at before. */
export function valueAt(state: PathState, place: string, site: CSpan): number {
  const known = state.places.get(place);
  if (known !== undefined) return known;
  const kind = SINGLETONS.has(place) ? "singleton" : "found";
  const id = addValue(state, { kind, site, maker: "", isNull: kind === "singleton" ? false : null });
  state.places.set(place, id);
  return id;
}

/** Carries out `expression` on `state`. O(its size). */
export function evaluate(walk: PathWalk, state: PathState, expression: CExpression): Operand {
  switch (expression.kind) {
    case "name":
      return valueAt(state, expression.name, expression);
    case "literal":
      return literalValue(state, expression);
    case "cast":
      return evaluate(walk, state, expression.operand);
    case "call":
      return evaluateCall(walk, state, expression);
    case "assign":
      return evaluateAssign(walk, state, expression);
    case "field": {
      evaluate(walk, state, expression.object);
      const place = placeOf(expression);
      return place === null ? null : valueAt(state, place, expression);
    }
    case "index":
      evaluate(walk, state, expression.object);
      evaluate(walk, state, expression.index);
      return null;
    case "unary":
      return evaluateUnary(walk, state, expression);
    case "binary":
      return evaluateBinary(walk, state, expression);
    case "conditional":
      evaluate(walk, state, expression.test);
      for (const side of [expression.yes, expression.no]) giveUpOperand(walk, state, evaluate(walk, state, side));
      return null;
    case "group":
      return evaluateGroup(walk, state, expression);
    default:
      return expression satisfies never;
  }
}

function giveUpOperand(walk: PathWalk, state: PathState, operand: Operand): void {
  if (operand !== null) giveUp(walk, state, operand);
}

function literalValue(state: PathState, { number, start, end }: Extract<CExpression, { kind: "literal" }>): Operand {
  if (number === null) return null;
  return addValue(state, { kind: "number", site: { start, end }, maker: "", number, isNull: number === 0 });
}

function evaluateCall(walk: PathWalk, state: PathState, call: Extract<CExpression, { kind: "call" }>): Operand {
  if (call.callee.kind !== "name") evaluate(walk, state, call.callee);
  const operands = call.args.map((arg) => evaluate(walk, state, arg));
  return applyCall(walk, state, call, operands, (target, value) => store(walk, state, target, value, call));
}

function evaluateAssign(
  walk: PathWalk,
  state: PathState,
  expression: Extract<CExpression, { kind: "assign" }>,
): Operand {
  const value = evaluate(walk, state, expression.value);
  const target = withoutCasts(expression.target);
  if (expression.operator !== "=") {
    giveUpOperand(walk, state, evaluate(walk, state, target));
    const place = placeOf(target);
    if (place !== null) {
      forgetAnswers(state, place);
      state.places.delete(place);
    }
    return null;
  }
  store(walk, state, target, value, expression);
  return value;
}

/** `target = value` */
function store(walk: PathWalk, state: PathState, target: CExpression, value: Operand, at: CSpan): void {
  const place = placeOf(target);
  if (target.kind === "name" && walk.locals.has(target.name)) {
    hold(walk, state, target.name, value, at);
    return;
  }
  if (target.kind === "field") evaluate(walk, state, target.object);
  if (target.kind === "index" || target.kind === "unary") evaluate(walk, state, target);
  if (value !== null) giveAway(walk, state, value, at);
  if (place === null) return;
  forgetAnswers(state, place);
  if (value === null) state.places.delete(place);
  else state.places.set(place, value);
}

/** A local variable gets a value; what it held before must have another holder or owe nothing. */
function hold(walk: PathWalk, state: PathState, name: string, value: Operand, at: CSpan): void {
  const before = state.places.get(name);
  if (before !== undefined && before === value) return;
  forgetAnswers(state, name);
  if (value === null) state.places.delete(name);
  else state.places.set(name, value);
  if (before !== undefined) loseIfUnheld(walk, state, before, { kind: "overwritten", at, holders: [name] });
}

/** A variable begins: in a loop, again. */
export function declare(walk: PathWalk, state: PathState, variable: CVariable): void {
  if (variable.outlives) return;
  const value = variable.initial === null ? null : evaluate(walk, state, variable.initial);
  hold(walk, state, variable.name, value, variable);
}

function evaluateUnary(
  walk: PathWalk,
  state: PathState,
  { operator, operand }: Extract<CExpression, { kind: "unary" }>,
): Operand {
  const value = evaluate(walk, state, operand);
  if (operator === "!" || operator === "*" || operator === "-" || operator === "~") return null;
  // Its address is known elsewhere now (`&x`), or it points somewhere else (`x++`).
  const place = placeOf(operand);
  if (value !== null) giveUp(walk, state, value);
  const root = state.places.get(place?.split("->")[0] ?? "");
  if (root !== undefined && state.values.get(root)?.kind === "memory") giveUp(walk, state, root);
  if (place === null) return null;
  forgetAnswers(state, place);
  state.places.delete(place);
  return null;
}

function evaluateBinary(
  walk: PathWalk,
  state: PathState,
  { left, right, operator }: Extract<CExpression, { kind: "binary" }>,
): Operand {
  const operands = [evaluate(walk, state, left), evaluate(walk, state, right)];
  if (/^[=!<>]=?$/.test(operator) && operands.every((each) => each !== null)) {
    return rememberTest(walk, state, { left, right });
  }
  if (operator !== "+") return null;
  for (const operand of operands) {
    // A pointer into the block may be all that is kept of it.
    if (operand !== null && state.values.get(operand)?.kind === "memory")
      changeValue(state, operand, { escaped: true });
  }
  return null;
}

/** `int has_hook = s->hook != NULL;`: asking the variable asks the test (branch.ts). */
function rememberTest(
  walk: PathWalk,
  state: PathState,
  { left, right }: { left: CExpression; right: CExpression },
): Operand {
  if (!isPure(left) || !isPure(right)) return null;
  const site = { start: left.start, end: right.end };
  const text = walk.tree.text.slice(site.start, site.end).replace(/\s+/g, "");
  return addValue(state, { kind: "found", site, maker: `?${text}` });
}

function evaluateGroup(walk: PathWalk, state: PathState, group: Extract<CExpression, { kind: "group" }>): Operand {
  let last: Operand = null;
  for (const item of group.items) {
    last = evaluate(walk, state, item);
    if (!group.isComma && last !== null) giveUp(walk, state, last);
  }
  return group.isComma ? last : null;
}
