// How the key of an operation on a cache server is put together.

import type { FileView } from "../../python/file-view.ts";
import { assignedValue } from "../../python/names-in-file.ts";
import { lookUp } from "../../python/scopes.ts";
import type { Expression, Name, Operation } from "../../python/tree.ts";

/**
 * literal: one key. prefixed: begins with a text or a constant that says whose it is. bare: begins with a value. variable: a
 * parameter or a value as it is. built: made by a function. unknown: anything else.
 */
export type KeyShape = "literal" | "prefixed" | "bare" | "variable" | "built" | "unknown";

const MOST_STEPS = 3;

/** O(1): a few local names are followed. */
export function keyShape(file: FileView, key: Expression, steps = 0): KeyShape {
  switch (key.kind) {
    case "constant":
      return "literal";
    case "f-string":
      return shapeOfText(key.literals[0] ?? "", key.expressions[0]);
    case "operation":
      return shapeOfOperation(file, key, steps);
    case "call":
      return shapeOfCall(key.callee);
    case "name":
      return steps > MOST_STEPS ? "unknown" : shapeOfName(file, key, steps);
    default:
      return "unknown";
  }
}

/** `"cart:" + user_id`, `"%s:cart" % user_id` */
function shapeOfOperation(file: FileView, { op, operands: [first] }: Operation, steps: number): KeyShape {
  if ((op !== "+" && op !== "%") || first === undefined) return "unknown";
  if (first.kind === "constant") return shapeOfText(first.text.replace(/%.*/s, ""), undefined);
  if (saysWhose(first) || keyShape(file, first, steps + 1) === "prefixed") return "prefixed";
  return isValue(first) ? "bare" : "unknown";
}

/** `str(user_id)` is the value as it is; `"user:{}".format(x)` begins with a text; any other function builds a key. */
function shapeOfCall(callee: Expression): KeyShape {
  if (callee.kind === "name") return callee.id === "str" ? "variable" : "built";
  if (callee.kind !== "attribute" || callee.name !== "format") return "built";
  return callee.object.kind === "constant"
    ? shapeOfText(callee.object.text.replace(/\{.*/s, ""), undefined)
    : "unknown";
}

function shapeOfText(text: string, first: Expression | undefined): KeyShape {
  if (/\w/.test(text) || (first !== undefined && saysWhose(first))) return "prefixed";
  return "bare";
}

/** A constant, or something named after a prefix. */
function saysWhose(expression: Expression): boolean {
  const name = expression.kind === "name" ? expression.id : expression.kind === "attribute" ? expression.name : "";
  return (
    /^_*[A-Z][A-Z0-9_]*$/.test(name) ||
    /prefix|namespace|(?:^|_)ns$|version|key|app|tenant|env|bucket|queue|channel|topic/i.test(name)
  );
}

function isValue(expression: Expression): boolean {
  return (
    expression.kind === "name" ||
    expression.kind === "attribute" ||
    expression.kind === "call" ||
    expression.kind === "subscript"
  );
}

function shapeOfName(file: FileView, name: Name, steps: number): KeyShape {
  if (saysWhose(name) && /^_*[A-Z]/.test(name.id)) return "literal";
  const variable = lookUp(file.scopes.scopeOf(name), name.id);
  const [binding] = variable?.bindings ?? [];
  if (variable?.scope.kind !== "function" || variable.bindings.length !== 1 || binding === undefined) return "unknown";
  // Whoever takes a key is given one that others have made.
  if (binding.how === "parameter")
    return /key|name|prefix|queue|channel|topic|stream/i.test(name.id) ? "built" : "variable";
  const value = assignedValue(binding);
  return value === null ? "unknown" : keyShape(file, value, steps + 1);
}
