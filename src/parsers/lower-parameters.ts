// Parameters and arguments.

import type { ArgumentNode, ParameterNode } from "@zzzen/pyright-internal/dist/parser/parseNodes.js";

import type { Argument, Node, Parameter } from "../python/tree.ts";
import { type Growing, type LowerExpression, type Lowering, PENDING } from "./lowering.ts";

const STARS = ["", "*", "**"] as const;

export function lowerArguments(
  from: readonly ArgumentNode[],
  parent: Node,
  at: Lowering,
  lower: LowerExpression,
): Argument[] {
  const all: Argument[] = [];
  for (const one of from) {
    const { argCategory, name, valueExpr } = one.d;
    const start = one.start + at.base;
    const node: Growing<Argument> = {
      kind: "argument",
      start,
      end: start + one.length,
      parent,
      name: name === undefined ? null : name.d.value,
      star: STARS[argCategory] ?? "",
      value: PENDING,
    };
    node.value = lower(valueExpr, node, at);
    all.push(node);
  }
  return all;
}

export function lowerParameters(
  from: readonly ParameterNode[],
  parent: Node,
  at: Lowering,
  lower: LowerExpression,
): Parameter[] {
  const all: Parameter[] = [];
  let isKeywordOnly = false;
  for (const one of from) {
    const start = one.start + at.base;
    const star = STARS[one.d.category] ?? "";
    const node: Growing<Parameter> = {
      kind: "parameter",
      start,
      end: start + one.length,
      parent,
      name: one.d.name?.d.value ?? "",
      star,
      annotation: null,
      defaultValue: null,
      isKeywordOnly: isKeywordOnly && star === "",
    };
    if (one.d.annotation !== undefined) node.annotation = lower(one.d.annotation, node, at);
    if (one.d.defaultValue !== undefined) node.defaultValue = lower(one.d.defaultValue, node, at);
    if (star === "*") isKeywordOnly = true;
    all.push(node);
  }
  return all;
}
