// Displays and comprehensions. pyright writes `[x for x in y]` as a list with one comprehension inside; here it is one node.

import type {
  ComprehensionNode,
  DictionaryNode,
  ListNode,
  ParseNode,
  SetNode,
  TupleNode,
} from "@zzzen/pyright-internal/dist/parser/parseNodes.js";

import type {
  Comprehension,
  ComprehensionClause,
  DictDisplay,
  DictEntry,
  Display,
  Expression,
  Node,
} from "../python/tree.ts";
import { type Growing, type LowerExpression, type Lowering, PENDING } from "./lowering.ts";
import { NODE } from "./pyright-node-kinds.ts";

export function lowerTuple(from: TupleNode, parent: Node, at: Lowering, lower: LowerExpression): Display {
  const start = from.start + at.base;
  const elements: Expression[] = [];
  const node: Display = { kind: "display", start, end: start + from.length, parent, type: "tuple", elements };
  for (const item of from.d.items) elements.push(lower(item, node, at));
  return node;
}

export function lowerListOrSet(
  from: ListNode | SetNode,
  type: "list" | "set",
  parent: Node,
  at: Lowering,
  lower: LowerExpression,
): Expression {
  const [only] = from.d.items;
  if (from.d.items.length === 1 && only?.nodeType === NODE.Comprehension && !only.d.hasParens) {
    return lowerComprehension(only, type, from, parent, at, lower);
  }
  const start = from.start + at.base;
  const elements: Expression[] = [];
  const node: Display = { kind: "display", start, end: start + from.length, parent, type, elements };
  for (const item of from.d.items) elements.push(lower(item, node, at));
  return node;
}

export function lowerDict(from: DictionaryNode, parent: Node, at: Lowering, lower: LowerExpression): Expression {
  const [only] = from.d.items;
  if (from.d.items.length === 1 && only?.nodeType === NODE.Comprehension) {
    return lowerComprehension(only, "dict", from, parent, at, lower);
  }
  const start = from.start + at.base;
  const entries: DictEntry[] = [];
  const node: DictDisplay = { kind: "dict", start, end: start + from.length, parent, entries };
  for (const item of from.d.items) entries.push(dictEntry(item, node, at, lower));
  return node;
}

function dictEntry(
  from: DictionaryNode["d"]["items"][number],
  parent: DictDisplay,
  at: Lowering,
  lower: LowerExpression,
): DictEntry {
  const start = from.start + at.base;
  const end = start + from.length;
  const node: Growing<DictEntry> = { kind: "dict-entry", start, end, parent, key: null, value: PENDING };
  if (from.nodeType === NODE.DictionaryKeyEntry) {
    node.key = lower(from.d.keyExpr, node, at);
    node.value = lower(from.d.valueExpr, node, at);
  } else {
    node.value = lower(from.nodeType === NODE.Comprehension ? from : from.d.expr, node, at);
  }
  return node;
}

/** `around` is the display whose brackets belong to the comprehension. */
export function lowerComprehension(
  from: ComprehensionNode,
  type: Comprehension["type"],
  around: ParseNode,
  parent: Node,
  at: Lowering,
  lower: LowerExpression,
): Comprehension {
  const start = around.start + at.base;
  const clauses: ComprehensionClause[] = [];
  const node: Growing<Comprehension> = {
    kind: "comprehension",
    start,
    end: start + around.length,
    parent,
    type,
    key: null,
    element: PENDING,
    clauses,
  };
  const made = from.d.expr;
  if (made.nodeType === NODE.DictionaryKeyEntry) {
    node.key = lower(made.d.keyExpr, node, at);
    node.element = lower(made.d.valueExpr, node, at);
  } else if (made.nodeType === NODE.DictionaryExpandEntry) {
    node.element = lower(made.d.expr, node, at);
  } else {
    // The only other nodes that pyright puts here are expressions; its type says any node.
    node.element = lower(made as Parameters<LowerExpression>[0], node, at);
  }
  fillClauses(from, clauses, node, at, lower);
  return node;
}

function fillClauses(
  from: ComprehensionNode,
  clauses: ComprehensionClause[],
  parent: Comprehension,
  at: Lowering,
  lower: LowerExpression,
): void {
  let tests: Expression[] = [];
  let clause: Growing<ComprehensionClause> | null = null;
  for (const part of from.d.forIfNodes) {
    const end = part.start + part.length + at.base;
    if (part.nodeType === NODE.ComprehensionFor) {
      tests = [];
      clause = {
        kind: "clause",
        start: part.start + at.base,
        end,
        parent,
        isAsync: part.d.isAsync === true,
        target: PENDING,
        iterable: PENDING,
        tests,
      };
      clause.target = lower(part.d.targetExpr, clause, at);
      clause.iterable = lower(part.d.iterableExpr, clause, at);
      clauses.push(clause);
    } else if (clause !== null) {
      tests.push(lower(part.d.testExpr, clause, at));
      clause.end = end;
    }
  }
}
