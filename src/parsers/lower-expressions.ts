// pyright's expressions as ours. A node is made before its children, so that they can be given their parent.
// Long chains (`a + b + ...`, `a.b().c()...`) are loops here as they are in the parser: recursion is as deep as brackets nest.

import type {
  ArgumentNode,
  AssignmentExpressionNode,
  AwaitNode,
  CallNode,
  ConstantNode,
  ErrorNode,
  ExpressionNode,
  IndexNode,
  LambdaNode,
  MemberAccessNode,
  SliceNode,
  TernaryNode,
} from "@zzzen/pyright-internal/dist/parser/parseNodes.js";

import type {
  Attribute,
  Await,
  Call,
  Conditional,
  Constant,
  Expression,
  Lambda,
  Name,
  Node,
  Slice,
  Starred,
  Subscript,
  Unreadable,
  Walrus,
  Yield,
} from "../python/tree.ts";
import { lowerComprehension, lowerDict, lowerListOrSet, lowerTuple } from "./lower-displays.ts";
import { lowerBinary, lowerUnary } from "./lower-operators.ts";
import { lowerArguments, lowerParameters } from "./lower-parameters.ts";
import { lowerStrings } from "./lower-strings.ts";
import { descend, type Growing, type Lowering, PENDING } from "./lowering.ts";
import { NODE } from "./pyright-node-kinds.ts";

/** Any expression. What has no meaning as one becomes `unreadable`. */
export function lowerExpression(from: ExpressionNode, parent: Node, at: Lowering): Expression {
  descend(at);
  const node = lowerByKind(from, parent, at);
  at.depth--;
  return node;
}

function lowerByKind(from: ExpressionNode, parent: Node, at: Lowering): Expression {
  const start = from.start + at.base;
  const end = start + from.length;
  switch (from.nodeType) {
    case NODE.Name:
      return { kind: "name", start, end, parent, id: from.d.value };
    case NODE.Call:
    case NODE.MemberAccess:
    case NODE.Index:
      return chain(from, parent, at);
    case NODE.StringList:
      return lowerStrings(from, parent, at, lowerExpression);
    case NODE.Number:
      return { kind: "constant", start, end, parent, type: numberType(from.d), text: wordOf(from, at) };
    case NODE.Constant:
      return constant(from, parent, at);
    case NODE.Ellipsis:
      return { kind: "constant", start, end, parent, type: "ellipsis", text: "..." };
    case NODE.BinaryOperation:
      return lowerBinary(from, parent, at, lowerExpression);
    case NODE.UnaryOperation:
      return lowerUnary(from, parent, at, lowerExpression);
    case NODE.Tuple:
      return lowerTuple(from, parent, at, lowerExpression);
    case NODE.List:
      return lowerListOrSet(from, "list", parent, at, lowerExpression);
    case NODE.Set:
      return lowerListOrSet(from, "set", parent, at, lowerExpression);
    case NODE.Dictionary:
      return lowerDict(from, parent, at, lowerExpression);
    case NODE.Comprehension:
      return lowerComprehension(from, "generator", from, parent, at, lowerExpression);
    case NODE.Lambda:
      return lambda(from, parent, at);
    case NODE.Ternary:
      return conditional(from, parent, at);
    case NODE.Await:
      return awaiting(from, parent, at);
    case NODE.Yield:
    case NODE.YieldFrom: {
      const node: Growing<Yield> = {
        kind: "yield",
        start,
        end,
        parent,
        isFrom: from.nodeType === NODE.YieldFrom,
        value: null,
      };
      if (from.d.expr !== undefined) node.value = lowerExpression(from.d.expr, node, at);
      return node;
    }
    case NODE.AssignmentExpression:
      return walrus(from, parent, at);
    case NODE.Unpack: {
      const node: Growing<Starred> = { kind: "starred", start, end, parent, value: PENDING };
      node.value = lowerExpression(from.d.expr, node, at);
      return node;
    }
    case NODE.Slice:
      return slice(from, parent, at);
    case NODE.Error:
      return lowerError(from, parent, at);
    default:
      return unreadable(from, innerExpressions(from), parent, at);
  }
}

/** `lowerExpression`, or null where there is nothing. */
export function lowerOptional(from: ExpressionNode | undefined, parent: Node, at: Lowering): Expression | null {
  return from === undefined ? null : lowerExpression(from, parent, at);
}

export function lowerAll(from: readonly ExpressionNode[], parent: Node, at: Lowering): Expression[] {
  const all: Expression[] = [];
  for (const one of from) all.push(lowerExpression(one, parent, at));
  return all;
}

function sourceOf(from: { readonly start: number; readonly length: number }, at: Lowering): string {
  return at.text.slice(from.start, from.start + from.length);
}

/** A number or constant without the parentheses around it, and what else stands between them: comments, too. */
function wordOf(from: { readonly start: number; readonly length: number }, at: Lowering): string {
  const text = sourceOf(from, at);
  return text.startsWith("(") ? (/[^(\s]+(?=[)\s])/.exec(text.replaceAll(/#.*/g, ""))?.[0] ?? text) : text;
}

function numberType(number: { readonly isInteger: boolean; readonly isImaginary: boolean }): Constant["type"] {
  if (number.isImaginary) return "complex";
  return number.isInteger ? "int" : "float";
}

/** True, False, None, and `__debug__`, which is one to the compiler but reads like a name. */
function constant(from: ConstantNode, parent: Node, at: Lowering): Constant | Name {
  const start = from.start + at.base;
  const end = start + from.length;
  const text = wordOf(from, at);
  if (text === "__debug__") return { kind: "name", start, end, parent, id: text };
  return { kind: "constant", start, end, parent, type: text === "None" ? "none" : "bool", text };
}

type ChainNode = CallNode | MemberAccessNode | IndexNode;

/** From the last call, attribute or subscript of a chain to its first name. */
function chain(from: ChainNode, parent: Node, at: Lowering): Expression {
  const outermost = link(from, parent, at);
  let outer = outermost;
  let next = from.d.leftExpr;
  while (next.nodeType === NODE.Call || next.nodeType === NODE.MemberAccess || next.nodeType === NODE.Index) {
    const inner = link(next, outer, at);
    attach(outer, inner);
    outer = inner;
    next = next.d.leftExpr;
  }
  attach(outer, lowerExpression(next, outer, at));
  return outermost;
}

type Link = Growing<Call> | Growing<Attribute> | Growing<Subscript>;

function attach(outer: Link, inner: Expression): void {
  if (outer.kind === "call") outer.callee = inner;
  else outer.object = inner;
}

function link(from: ChainNode, parent: Node, at: Lowering): Link {
  const start = from.start + at.base;
  const end = start + from.length;
  if (from.nodeType === NODE.MemberAccess) {
    const { value, token } = from.d.member.d;
    return { kind: "attribute", start, end, parent, object: PENDING, name: value, nameStart: token.start + at.base };
  }
  if (from.nodeType === NODE.Index) {
    const node: Growing<Subscript> = { kind: "subscript", start, end, parent, object: PENDING, index: PENDING };
    node.index = subscriptIndex(from, node, at);
    return node;
  }
  const node: Growing<Call> = { kind: "call", start, end, parent, callee: PENDING, arguments: [] };
  node.arguments = lowerArguments(from.d.args, node, at, lowerExpression);
  return node;
}

function subscriptIndex(from: IndexNode, parent: Subscript, at: Lowering): Expression {
  const [first] = from.d.items;
  if (first === undefined) return unreadable(from, [], parent, at);
  const isPlain = first.d.argCategory === 0 && first.d.name === undefined;
  if (from.d.items.length === 1 && isPlain && !from.d.trailingComma) {
    return lowerExpression(first.d.valueExpr, parent, at);
  }
  const start = first.start + at.base;
  const last = from.d.items.at(-1) ?? first;
  const end = last.start + last.length + at.base;
  const elements: Expression[] = [];
  const tuple: Expression = { kind: "display", start, end, parent, type: "tuple", elements };
  for (const item of from.d.items) elements.push(indexElement(item, tuple, at));
  return tuple;
}

function indexElement(item: ArgumentNode, parent: Node, at: Lowering): Expression {
  if (item.d.argCategory === 0) return lowerExpression(item.d.valueExpr, parent, at);
  const start = item.start + at.base;
  const node: Growing<Starred> = { kind: "starred", start, end: start + item.length, parent, value: PENDING };
  node.value = lowerExpression(item.d.valueExpr, node, at);
  return node;
}

function conditional(from: TernaryNode, parent: Node, at: Lowering): Conditional {
  const start = from.start + at.base;
  const end = start + from.length;
  const node: Growing<Conditional> = {
    kind: "conditional",
    start,
    end,
    parent,
    test: PENDING,
    body: PENDING,
    otherwise: PENDING,
  };
  node.body = lowerExpression(from.d.ifExpr, node, at);
  node.test = lowerExpression(from.d.testExpr, node, at);
  node.otherwise = lowerExpression(from.d.elseExpr, node, at);
  return node;
}

function awaiting(from: AwaitNode, parent: Node, at: Lowering): Await {
  const start = from.start + at.base;
  const node: Growing<Await> = { kind: "await", start, end: start + from.length, parent, value: PENDING };
  node.value = lowerExpression(from.d.expr, node, at);
  return node;
}

function walrus(from: AssignmentExpressionNode, parent: Node, at: Lowering): Walrus {
  const start = from.start + at.base;
  const end = start + from.length;
  const node: Growing<Walrus> = { kind: "walrus", start, end, parent, target: PENDING, value: PENDING };
  node.target = lowerName(from.d.name, node, at);
  node.value = lowerExpression(from.d.rightExpr, node, at);
  return node;
}

export function lowerName(
  from: { readonly start: number; readonly length: number; readonly d: { readonly value: string } },
  parent: Node,
  at: Lowering,
): Name {
  const start = from.start + at.base;
  return { kind: "name", start, end: start + from.length, parent, id: from.d.value };
}

function slice(from: SliceNode, parent: Node, at: Lowering): Slice {
  const start = from.start + at.base;
  const end = start + from.length;
  const node: Growing<Slice> = { kind: "slice", start, end, parent, lower: null, upper: null, step: null };
  node.lower = lowerOptional(from.d.startValue, node, at);
  node.upper = lowerOptional(from.d.endValue, node, at);
  node.step = lowerOptional(from.d.stepValue, node, at);
  return node;
}

function lambda(from: LambdaNode, parent: Node, at: Lowering): Lambda {
  const start = from.start + at.base;
  const node: Growing<Lambda> = {
    kind: "lambda",
    start,
    end: start + from.length,
    parent,
    parameters: [],
    body: PENDING,
  };
  node.parameters = lowerParameters(from.d.params, node, at, lowerExpression);
  node.body = lowerExpression(from.d.expr, node, at);
  return node;
}

function lowerError(from: ErrorNode, parent: Node, at: Lowering): Unreadable {
  const decorators = from.d.decorators?.map(({ d }) => d.expr) ?? [];
  return unreadable(from, from.d.child === undefined ? decorators : [...decorators, from.d.child], parent, at);
}

/** Statements in the place of expressions: only in sources with errors. */
function innerExpressions(from: ExpressionNode): readonly ExpressionNode[] {
  switch (from.nodeType) {
    case NODE.Assignment:
      return [from.d.leftExpr, from.d.rightExpr];
    case NODE.AugmentedAssignment:
      return [from.d.leftExpr, from.d.rightExpr];
    case NODE.TypeAnnotation:
      return [from.d.valueExpr, from.d.annotation];
    default:
      return [];
  }
}

function unreadable(
  from: { readonly start: number; readonly length: number },
  children: readonly ExpressionNode[],
  parent: Node,
  at: Lowering,
): Unreadable {
  const start = from.start + at.base;
  const inside: Expression[] = [];
  const node: Unreadable = { kind: "unreadable", start, end: start + from.length, parent, inside };
  for (const child of children) inside.push(lowerExpression(child, node, at));
  return node;
}
