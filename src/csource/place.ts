// Places: where a value can lie and be found again by its text. `x`, `self->x`; casts do not count.

import type { CExpression } from "./c-tree.ts";

/** Null for what has no fixed place: elements of arrays, results of calls, what a pointer points at. */
export function placeOf(expression: CExpression): string | null {
  switch (expression.kind) {
    case "name":
      return expression.name;
    case "cast":
      return placeOf(expression.operand);
    case "field": {
      const object = placeOf(expression.object);
      return object === null ? null : `${object}->${expression.field}`;
    }
    default:
      return null;
  }
}

/** What casts and parentheses wrap. */
export function withoutCasts(expression: CExpression): CExpression {
  return expression.kind === "cast" ? withoutCasts(expression.operand) : expression;
}

/** The parts of an expression, in order of evaluation. */
export function partsOf(expression: CExpression): readonly CExpression[] {
  switch (expression.kind) {
    case "name":
    case "literal":
      return [];
    case "call":
      return expression.callee.kind === "name" ? expression.args : [expression.callee, ...expression.args];
    case "assign":
      return [expression.target, expression.value];
    case "field":
      return [expression.object];
    case "index":
      return [expression.object, expression.index];
    case "unary":
    case "cast":
      return [expression.operand];
    case "binary":
      return [expression.left, expression.right];
    case "conditional":
      return [expression.test, expression.yes, expression.no];
    case "group":
      return expression.items;
    default:
      return expression satisfies never;
  }
}

/** No calls, no assignments: asked twice, it answers the same as long as nothing it names has changed. */
export function isPure(expression: CExpression): boolean {
  if (expression.kind === "call" || expression.kind === "assign") return false;
  if (expression.kind === "unary" && /^(?:\+\+|--|&)$/.test(expression.operator)) return false;
  return partsOf(expression).every(isPure);
}
