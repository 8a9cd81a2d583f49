// Operators. Long chains are loops here as they are in the parser.

import type {
  BinaryOperationNode,
  ExpressionNode,
  UnaryOperationNode,
} from "@zzzen/pyright-internal/dist/parser/parseNodes.js";

import type { Compare, Expression, Node, Operation } from "../python/tree.ts";
import { type Growing, type LowerExpression, type Lowering, PENDING } from "./lowering.ts";
import { COMPARE_WORDS, OPERATOR_WORDS } from "./operator-words.ts";
import { NODE } from "./pyright-node-kinds.ts";

/** Runs of one operator become one operation, other left operands a loop. */
export function lowerBinary(from: BinaryOperationNode, parent: Node, at: Lowering, lower: LowerExpression): Expression {
  if (COMPARE_WORDS[from.d.operator] !== undefined) return comparison(from, parent, at, lower);
  let operation = startOperation(from, parent, at);
  const outermost = operation.node;
  for (let rest = from; ; ) {
    const { operator } = rest.d;
    const later: ExpressionNode[] = [];
    let first: ExpressionNode = rest;
    while (first.nodeType === NODE.BinaryOperation && first.d.operator === operator) {
      later.push(first.d.rightExpr);
      first = first.d.leftExpr;
    }
    const isChain = first.nodeType === NODE.BinaryOperation && COMPARE_WORDS[first.d.operator] === undefined;
    const inner = isChain ? startOperation(first as BinaryOperationNode, operation.node, at) : null;
    operation.operands.push(inner?.node ?? lower(first, operation.node, at));
    for (const operand of later.toReversed()) operation.operands.push(lower(operand, operation.node, at));
    if (inner === null) return outermost;
    operation = inner;
    rest = first as BinaryOperationNode;
  }
}

function startOperation(
  from: BinaryOperationNode,
  parent: Node,
  at: Lowering,
): { readonly node: Operation; readonly operands: Expression[] } {
  const start = from.start + at.base;
  const operands: Expression[] = [];
  const op = OPERATOR_WORDS[from.d.operator] ?? "?";
  return { node: { kind: "operation", start, end: start + from.length, parent, op, operands }, operands };
}

/** pyright nests a chain to the right: `a < b < c` is `a < (b < c)` without the parentheses. */
function comparison(from: BinaryOperationNode, parent: Node, at: Lowering, lower: LowerExpression): Expression {
  if (!isChainLink(from.d.rightExpr)) {
    const only = compare(from, from.d.rightExpr, parent, at, lower);
    // Its parentheses, too.
    only.start = from.start + at.base;
    only.end = from.start + from.length + at.base;
    return only;
  }
  const start = from.start + at.base;
  const operands: Expression[] = [];
  const all: Operation = { kind: "operation", start, end: start + from.length, parent, op: "and", operands };
  let rest = from;
  for (;;) {
    const right = rest.d.rightExpr;
    if (!isChainLink(right)) break;
    operands.push(compare(rest, right.d.leftExpr, all, at, lower));
    rest = right;
  }
  operands.push(compare(rest, rest.d.rightExpr, all, at, lower));
  return all;
}

function isChainLink(right: ExpressionNode): right is BinaryOperationNode {
  return right.nodeType === NODE.BinaryOperation && !right.d.hasParens && COMPARE_WORDS[right.d.operator] !== undefined;
}

function compare(
  from: BinaryOperationNode,
  right: ExpressionNode,
  parent: Node,
  at: Lowering,
  lower: LowerExpression,
): Growing<Compare> {
  const node: Growing<Compare> = {
    kind: "compare",
    start: from.d.leftExpr.start + at.base,
    end: right.start + right.length + at.base,
    parent,
    op: COMPARE_WORDS[from.d.operator] ?? "==",
    left: PENDING,
    right: PENDING,
  };
  node.left = lower(from.d.leftExpr, node, at);
  node.right = lower(right, node, at);
  return node;
}

export function lowerUnary(from: UnaryOperationNode, parent: Node, at: Lowering, lower: LowerExpression): Operation {
  const start = from.start + at.base;
  const operands: Expression[] = [];
  const op = OPERATOR_WORDS[from.d.operator] ?? "?";
  const node: Operation = { kind: "operation", start, end: start + from.length, parent, op, operands };
  operands.push(lower(from.d.expr, node, at));
  return node;
}
