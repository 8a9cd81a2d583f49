// Statements of one line.

import type {
  AssertNode,
  AssignmentNode,
  AugmentedAssignmentNode,
  DelNode,
  ExpressionNode,
  ImportFromNode,
  ImportNode,
  ModuleNameNode,
  ParseNode,
  RaiseNode,
  ReturnNode,
  TypeAliasNode,
} from "@zzzen/pyright-internal/dist/parser/parseNodes.js";

import type {
  Alias,
  Assert,
  Assign,
  AugAssign,
  Delete,
  ExpressionStatement,
  Import,
  ImportFrom,
  Node,
  Raise,
  Return,
  Simple,
  Statement,
  TypeAlias,
} from "../python/tree.ts";
import { lowerAll, lowerExpression, lowerOptional } from "./lower-expressions.ts";
import { type Growing, type Lowering, PENDING } from "./lowering.ts";
import { OPERATOR_WORDS } from "./operator-words.ts";
import { NODE } from "./pyright-node-kinds.ts";

/** A statement of a line; every expression is one. */
export function lowerSimple(from: ParseNode, parent: Node, at: Lowering): Statement {
  const start = from.start + at.base;
  const end = start + from.length;
  switch (from.nodeType) {
    case NODE.Assignment:
      return lowerAssignment(from, parent, at);
    case NODE.TypeAnnotation:
      return assign([from.d.valueExpr], from.d.annotation, undefined, from, parent, at);
    case NODE.Return:
      return lowerReturn(from, parent, at);
    case NODE.AugmentedAssignment:
      return lowerAugmented(from, parent, at);
    case NODE.Import:
      return lowerImport(from, parent, at);
    case NODE.ImportFrom:
      return lowerImportFrom(from, parent, at);
    case NODE.Pass:
      return word("pass", from, parent, at);
    case NODE.Break:
      return word("break", from, parent, at);
    case NODE.Continue:
      return word("continue", from, parent, at);
    case NODE.Raise:
      return lowerRaise(from, parent, at);
    case NODE.Assert:
      return lowerAssert(from, parent, at);
    case NODE.Del:
      return lowerDelete(from, parent, at);
    case NODE.Global:
    case NODE.Nonlocal: {
      const names = from.d.targets.map((name) => name.d.value);
      return { kind: from.nodeType === NODE.Global ? "global" : "nonlocal", start, end, parent, names };
    }
    case NODE.TypeAlias:
      return lowerTypeAlias(from, parent, at);
    default: {
      const node: Growing<ExpressionStatement> = { kind: "expression-statement", start, end, parent, value: PENDING };
      // pyright has no other small statements; its type says any node.
      node.value = lowerExpression(from as ExpressionNode, node, at);
      return node;
    }
  }
}

function word(which: Simple["word"], from: ParseNode, parent: Node, at: Lowering): Simple {
  const start = from.start + at.base;
  return { kind: "simple", start, end: start + from.length, parent, word: which };
}

/** `a = b = value` is nested: the outermost has the last target. */
function lowerAssignment(from: AssignmentNode, parent: Node, at: Lowering): Assign {
  const targets: ExpressionNode[] = [];
  let rest: ExpressionNode = from;
  while (rest.nodeType === NODE.Assignment) {
    targets.push(rest.d.leftExpr);
    rest = rest.d.rightExpr;
  }
  const [only] = targets;
  if (targets.length === 1 && only?.nodeType === NODE.TypeAnnotation) {
    return assign([only.d.valueExpr], only.d.annotation, rest, from, parent, at);
  }
  return assign(targets.toReversed(), undefined, rest, from, parent, at);
}

function assign(
  targets: readonly ExpressionNode[],
  annotation: ExpressionNode | undefined,
  value: ExpressionNode | undefined,
  from: ParseNode,
  parent: Node,
  at: Lowering,
): Assign {
  const start = Math.min(from.start, targets[0]?.start ?? from.start) + at.base;
  const end = from.start + from.length + at.base;
  const node: Growing<Assign> = { kind: "assign", start, end, parent, targets: [], annotation: null, value: null };
  node.targets = lowerAll(targets, node, at);
  node.annotation = lowerOptional(annotation, node, at);
  node.value = lowerOptional(value, node, at);
  // pyright's node reaches over a type comment, which is no part of our tree.
  if (node.value !== null) node.end = node.value.end;
  return node;
}

function lowerAugmented(from: AugmentedAssignmentNode, parent: Node, at: Lowering): AugAssign {
  const start = from.start + at.base;
  const node: Growing<AugAssign> = {
    kind: "aug-assign",
    start,
    end: start + from.length,
    parent,
    target: PENDING,
    op: OPERATOR_WORDS[from.d.operator] ?? "?",
    value: PENDING,
  };
  node.target = lowerExpression(from.d.leftExpr, node, at);
  node.value = lowerExpression(from.d.rightExpr, node, at);
  return node;
}

function lowerReturn(from: ReturnNode, parent: Node, at: Lowering): Return {
  const start = from.start + at.base;
  const node: Growing<Return> = { kind: "return", start, end: start + from.length, parent, value: null };
  node.value = lowerOptional(from.d.expr, node, at);
  return node;
}

function lowerRaise(from: RaiseNode, parent: Node, at: Lowering): Raise {
  const start = from.start + at.base;
  const end = start + from.length;
  const node: Growing<Raise> = { kind: "raise", start, end, parent, exception: null, cause: null };
  node.exception = lowerOptional(from.d.expr, node, at);
  node.cause = lowerOptional(from.d.fromExpr, node, at);
  return node;
}

function lowerAssert(from: AssertNode, parent: Node, at: Lowering): Assert {
  const start = from.start + at.base;
  const node: Growing<Assert> = {
    kind: "assert",
    start,
    end: start + from.length,
    parent,
    test: PENDING,
    message: null,
  };
  node.test = lowerExpression(from.d.testExpr, node, at);
  node.message = lowerOptional(from.d.exceptionExpr, node, at);
  return node;
}

/** `del (a, b)` deletes both: the tuple is taken apart. */
function lowerDelete(from: DelNode, parent: Node, at: Lowering): Delete {
  const start = from.start + at.base;
  const node: Growing<Delete> = { kind: "delete", start, end: start + from.length, parent, targets: [] };
  const flat = from.d.targets.flatMap((target) => (target.nodeType === NODE.Tuple ? target.d.items : [target]));
  node.targets = lowerAll(flat, node, at);
  return node;
}

function lowerTypeAlias(from: TypeAliasNode, parent: Node, at: Lowering): TypeAlias {
  const start = from.start + at.base;
  const node: Growing<TypeAlias> = {
    kind: "type-alias",
    start,
    end: start + from.length,
    parent,
    name: from.d.name.d.value,
    value: PENDING,
  };
  node.value = lowerExpression(from.d.expr, node, at);
  return node;
}

function lowerImport(from: ImportNode, parent: Node, at: Lowering): Import {
  const start = from.start + at.base;
  const names: Alias[] = [];
  const node: Import = { kind: "import", start, end: start + from.length, parent, names };
  for (const one of from.d.list) {
    const asName = one.d.alias?.d.value ?? null;
    names.push(alias(one, dotted(one.d.module), asName, node, at));
  }
  return node;
}

function lowerImportFrom(from: ImportFromNode, parent: Node, at: Lowering): ImportFrom {
  const start = from.start + at.base;
  const names: Alias[] = [];
  const { module, wildcardToken, imports } = from.d;
  const level = module.d.leadingDots;
  const end = start + from.length;
  const node: ImportFrom = { kind: "import-from", start, end, parent, level, module: dotted(module), names };
  if (wildcardToken !== undefined) names.push(alias(wildcardToken, "*", null, node, at));
  for (const one of imports) names.push(alias(one, one.d.name.d.value, one.d.alias?.d.value ?? null, node, at));
  return node;
}

function dotted(module: ModuleNameNode): string {
  return module.d.nameParts.map((part) => part.d.value).join(".");
}

function alias(
  from: { readonly start: number; readonly length: number },
  name: string,
  asName: string | null,
  parent: Import | ImportFrom,
  at: Lowering,
): Alias {
  const start = from.start + at.base;
  return { kind: "alias", start, end: start + from.length, parent, name, asName };
}
