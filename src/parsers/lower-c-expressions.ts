// Expressions of C.

import type { CExpression, CSpan } from "../csource/c-tree.ts";
import { child, textOf, type CLowering } from "./c-lowering.ts";
import type { RawNode } from "./tree-sitter-c.ts";

type Lower = (lowering: CLowering, node: RawNode) => CExpression;

const LOWERED: ReadonlyMap<string, Lower> = new Map<string, Lower>([
  ["parenthesized_expression", (lowering, node) => first(lowering, node)],
  ["extension_expression", (lowering, node) => first(lowering, node)],
  ["identifier", lowerName],
  ["number_literal", lowerNumber],
  ["true", (lowering, node) => literal(lowering, node, 1)],
  ["false", (lowering, node) => literal(lowering, node, 0)],
  ["null", (lowering, node) => literal(lowering, node, 0)],
  ["char_literal", (lowering, node) => literal(lowering, node, null)],
  ["string_literal", (lowering, node) => literal(lowering, node, null)],
  ["concatenated_string", (lowering, node) => literal(lowering, node, null)],
  ["sizeof_expression", (lowering, node) => literal(lowering, node, null)],
  ["alignof_expression", (lowering, node) => literal(lowering, node, null)],
  ["offsetof_expression", (lowering, node) => literal(lowering, node, null)],
  ["call_expression", lowerCall],
  ["assignment_expression", lowerAssign],
  ["field_expression", lowerField],
  ["subscript_expression", lowerIndex],
  ["unary_expression", lowerUnary],
  ["pointer_expression", lowerUnary],
  ["update_expression", lowerUnary],
  ["binary_expression", lowerBinary],
  ["conditional_expression", lowerConditional],
  ["cast_expression", lowerCast],
  ["compound_literal_expression", (lowering, node) => part(lowering, node, "value")],
  ["initializer_list", (lowering, node) => group(lowering, node, false)],
  ["comma_expression", (lowering, node) => group(lowering, node, true)],
]);

export function lowerCExpression(lowering: CLowering, node: RawNode): CExpression {
  const lower = LOWERED.get(node.type);
  return lower === undefined ? group(lowering, node, false) : lower(lowering, node);
}

const spanOf = (node: RawNode): CSpan => ({ start: node.start, end: node.end });

function literal(lowering: CLowering, node: RawNode, number: number | null): CExpression {
  return { kind: "literal", number, text: textOf(lowering, node), ...spanOf(node) };
}

/** Names of NULL that the grammar does not know. */
const NULLS: ReadonlySet<string> = new Set(["_Py_NULL", "nullptr", "Py_NULL"]);

function lowerName(lowering: CLowering, node: RawNode): CExpression {
  const name = textOf(lowering, node);
  return NULLS.has(name) ? literal(lowering, node, 0) : { kind: "name", name, ...spanOf(node) };
}

function lowerNumber(lowering: CLowering, node: RawNode): CExpression {
  const number = Number(textOf(lowering, node).replace(/[uUlL]+$/, ""));
  return literal(lowering, node, Number.isFinite(number) ? number : null);
}

function part(lowering: CLowering, node: RawNode, field: string): CExpression {
  const found = child(node, field);
  return found === null ? literal(lowering, node, null) : lowerCExpression(lowering, found);
}

function first(lowering: CLowering, node: RawNode): CExpression {
  const found = node.children[0];
  return found === undefined ? literal(lowering, node, null) : lowerCExpression(lowering, found);
}

const operatorOf = (lowering: CLowering, node: RawNode): string => textOf(lowering, child(node, "operator"));

function lowerCall(lowering: CLowering, node: RawNode): CExpression {
  const callee = part(lowering, node, "function");
  const list = child(node, "arguments");
  const args = (list?.children ?? []).map((arg) => lowerCExpression(lowering, arg));
  const only = args[0];
  // `(destructor)(x)`: the grammar cannot know that it is a cast.
  if (child(node, "function")?.type === "parenthesized_expression" && callee.kind === "name" && args.length === 1) {
    if (only !== undefined) return { kind: "cast", type: callee.name, operand: only, ...spanOf(node) };
  }
  return { kind: "call", name: callee.kind === "name" ? callee.name : "", callee, args, ...spanOf(node) };
}

function lowerAssign(lowering: CLowering, node: RawNode): CExpression {
  const operator = operatorOf(lowering, node);
  return {
    kind: "assign",
    operator: operator === "" ? "=" : operator,
    target: part(lowering, node, "left"),
    value: part(lowering, node, "right"),
    ...spanOf(node),
  };
}

function lowerField(lowering: CLowering, node: RawNode): CExpression {
  const field = textOf(lowering, child(node, "field"));
  return { kind: "field", object: part(lowering, node, "argument"), field, ...spanOf(node) };
}

function lowerIndex(lowering: CLowering, node: RawNode): CExpression {
  return {
    kind: "index",
    object: part(lowering, node, "argument"),
    index: part(lowering, node, "index"),
    ...spanOf(node),
  };
}

function lowerUnary(lowering: CLowering, node: RawNode): CExpression {
  const operator = operatorOf(lowering, node);
  const operand = part(lowering, node, "argument");
  if (operator === "-" && operand.kind === "literal" && operand.number !== null) {
    return literal(lowering, node, -operand.number);
  }
  return { kind: "unary", operator, operand, ...spanOf(node) };
}

function lowerBinary(lowering: CLowering, node: RawNode): CExpression {
  return {
    kind: "binary",
    operator: operatorOf(lowering, node),
    left: part(lowering, node, "left"),
    right: part(lowering, node, "right"),
    ...spanOf(node),
  };
}

function lowerConditional(lowering: CLowering, node: RawNode): CExpression {
  return {
    kind: "conditional",
    test: part(lowering, node, "condition"),
    yes: part(lowering, node, "consequence"),
    no: part(lowering, node, "alternative"),
    ...spanOf(node),
  };
}

function lowerCast(lowering: CLowering, node: RawNode): CExpression {
  const type = textOf(lowering, child(node, "type"))
    .replace(/\b(?:const|struct|volatile)\b|[*\s]/g, "")
    .trim();
  return { kind: "cast", type, operand: part(lowering, node, "value"), ...spanOf(node) };
}

function group(lowering: CLowering, node: RawNode, isComma: boolean): CExpression {
  const labels: (string | null)[] = [];
  const items: CExpression[] = [];
  for (const item of node.children) {
    if (item.type === "comment" || item.type.endsWith("_designator")) continue;
    const designator = item.type === "initializer_pair" ? child(item, "designator") : null;
    labels.push(designator === null ? null : textOf(lowering, designator).replace(/^\./, ""));
    items.push(item.type === "initializer_pair" ? part(lowering, item, "value") : lowerCExpression(lowering, item));
  }
  return { kind: "group", labels, isComma, items, ...spanOf(node) };
}
