// pyright's statements as ours.

import type {
  CaseNode,
  ClassNode,
  DecoratorNode,
  ExceptNode,
  ForNode,
  FunctionNode,
  IfNode,
  MatchNode,
  StatementNode,
  SuiteNode,
  TryNode,
  WhileNode,
  WithNode,
} from "@zzzen/pyright-internal/dist/parser/parseNodes.js";

import type {
  ClassDef,
  ExceptHandler,
  Expression,
  For,
  FunctionDef,
  If,
  Match,
  MatchCase,
  Node,
  Statement,
  Try,
  While,
  With,
  WithItem,
} from "../python/tree.ts";
import { lowerExpression, lowerOptional } from "./lower-expressions.ts";
import { lowerArguments, lowerParameters } from "./lower-parameters.ts";
import { lowerSimple } from "./lower-simple.ts";
import { descend, type Growing, type Lowering, PENDING } from "./lowering.ts";
import { namesBoundBy } from "./pattern-names.ts";
import { NODE } from "./pyright-node-kinds.ts";

/** All of `from`, in order: one line may hold several statements. */
export function lowerStatements(from: readonly StatementNode[], parent: Node, at: Lowering): Statement[] {
  const all: Statement[] = [];
  descend(at);
  for (const one of from) {
    if (one.nodeType === NODE.StatementList) {
      for (const simple of one.d.statements) all.push(lowerSimple(simple, parent, at));
    } else {
      all.push(lowerCompound(one, parent, at));
    }
  }
  at.depth--;
  return all;
}

function lowerCompound(from: StatementNode, parent: Node, at: Lowering): Statement {
  switch (from.nodeType) {
    case NODE.If:
      return lowerIf(from, parent, at);
    case NODE.Function:
      return lowerFunction(from, parent, at);
    case NODE.Class:
      return lowerClass(from, parent, at);
    case NODE.For:
      return lowerFor(from, parent, at);
    case NODE.While:
      return lowerWhile(from, parent, at);
    case NODE.With:
      return lowerWith(from, parent, at);
    case NODE.Try:
      return lowerTry(from, parent, at);
    case NODE.Match:
      return lowerMatch(from, parent, at);
    default:
      return lowerSimple(from, parent, at);
  }
}

function suite(from: SuiteNode | undefined, parent: Node, at: Lowering): Statement[] {
  return from === undefined ? [] : lowerStatements(from.d.statements, parent, at);
}

/** A loop over the `elif`s: generated code has thousands of them in a row. */
function lowerIf(from: IfNode, parent: Node, at: Lowering): If {
  const first = startIf(from, parent, at);
  let node = first;
  let rest = from.d.elseSuite;
  while (rest !== undefined && rest.nodeType === NODE.If) {
    const next = startIf(rest, node, at);
    node.otherwise = [next];
    node = next;
    rest = rest.d.elseSuite;
  }
  node.otherwise = suite(rest, node, at);
  return first;
}

function startIf(from: IfNode, parent: Node, at: Lowering): Growing<If> {
  const start = from.start + at.base;
  const end = start + from.length;
  const node: Growing<If> = { kind: "if", start, end, parent, test: PENDING, body: [], otherwise: [] };
  node.test = lowerExpression(from.d.testExpr, node, at);
  node.body = suite(from.d.ifSuite, node, at);
  return node;
}

function lowerFunction(from: FunctionNode, parent: Node, at: Lowering): FunctionDef {
  const start = from.start + at.base;
  const node: Growing<FunctionDef> = {
    kind: "function",
    start,
    end: start + from.length,
    parent,
    name: from.d.name.d.value,
    nameStart: from.d.name.start + at.base,
    isAsync: from.d.isAsync,
    decorators: [],
    parameters: [],
    returns: null,
    body: [],
  };
  node.decorators = lowerDecorators(from.d.decorators, node, at);
  node.parameters = lowerParameters(from.d.params, node, at, lowerExpression);
  node.returns = lowerOptional(from.d.returnAnnotation, node, at);
  node.body = suite(from.d.suite, node, at);
  return node;
}

function lowerClass(from: ClassNode, parent: Node, at: Lowering): ClassDef {
  const start = from.start + at.base;
  const node: Growing<ClassDef> = {
    kind: "class",
    start,
    end: start + from.length,
    parent,
    name: from.d.name.d.value,
    nameStart: from.d.name.start + at.base,
    decorators: [],
    arguments: [],
    body: [],
  };
  node.decorators = lowerDecorators(from.d.decorators, node, at);
  node.arguments = lowerArguments(from.d.arguments, node, at, lowerExpression);
  node.body = suite(from.d.suite, node, at);
  return node;
}

function lowerDecorators(from: readonly DecoratorNode[], parent: Node, at: Lowering): Expression[] {
  return from.map(({ d }) => lowerExpression(d.expr, parent, at));
}

function lowerFor(from: ForNode, parent: Node, at: Lowering): For {
  const start = from.start + at.base;
  const node: Growing<For> = {
    kind: "for",
    start,
    end: start + from.length,
    parent,
    isAsync: from.d.isAsync === true,
    target: PENDING,
    iterable: PENDING,
    body: [],
    otherwise: [],
  };
  node.target = lowerExpression(from.d.targetExpr, node, at);
  node.iterable = lowerExpression(from.d.iterableExpr, node, at);
  node.body = suite(from.d.forSuite, node, at);
  node.otherwise = suite(from.d.elseSuite, node, at);
  return node;
}

function lowerWhile(from: WhileNode, parent: Node, at: Lowering): While {
  const start = from.start + at.base;
  const end = start + from.length;
  const node: Growing<While> = { kind: "while", start, end, parent, test: PENDING, body: [], otherwise: [] };
  node.test = lowerExpression(from.d.testExpr, node, at);
  node.body = suite(from.d.whileSuite, node, at);
  node.otherwise = suite(from.d.elseSuite, node, at);
  return node;
}

function lowerWith(from: WithNode, parent: Node, at: Lowering): With {
  const start = from.start + at.base;
  const end = start + from.length;
  const items: WithItem[] = [];
  const node: Growing<With> = { kind: "with", start, end, parent, isAsync: from.d.isAsync === true, items, body: [] };
  for (const one of from.d.withItems) {
    const itemStart = one.start + at.base;
    const item: Growing<WithItem> = {
      kind: "with-item",
      start: itemStart,
      end: itemStart + one.length,
      parent: node,
      context: PENDING,
      target: null,
    };
    item.context = lowerExpression(one.d.expr, item, at);
    item.target = lowerOptional(one.d.target, item, at);
    items.push(item);
  }
  node.body = suite(from.d.suite, node, at);
  return node;
}

function lowerTry(from: TryNode, parent: Node, at: Lowering): Try {
  const start = from.start + at.base;
  const handlers: ExceptHandler[] = [];
  const node: Growing<Try> = {
    kind: "try",
    start,
    end: start + from.length,
    parent,
    body: [],
    handlers,
    otherwise: [],
    finallyBody: [],
  };
  node.body = suite(from.d.trySuite, node, at);
  for (const clause of from.d.exceptClauses) handlers.push(lowerHandler(clause, node, at));
  node.otherwise = suite(from.d.elseSuite, node, at);
  node.finallyBody = suite(from.d.finallySuite, node, at);
  return node;
}

function lowerHandler(from: ExceptNode, parent: Try, at: Lowering): ExceptHandler {
  const start = from.start + at.base;
  const node: Growing<ExceptHandler> = {
    kind: "except",
    start,
    end: start + from.length,
    parent,
    isGroup: from.d.isExceptGroup,
    type: null,
    name: from.d.name?.d.value ?? null,
    body: [],
  };
  node.type = lowerOptional(from.d.typeExpr, node, at);
  node.body = suite(from.d.exceptSuite, node, at);
  return node;
}

function lowerMatch(from: MatchNode, parent: Node, at: Lowering): Match {
  const start = from.start + at.base;
  const cases: MatchCase[] = [];
  const node: Growing<Match> = { kind: "match", start, end: start + from.length, parent, subject: PENDING, cases };
  node.subject = lowerExpression(from.d.expr, node, at);
  for (const one of from.d.cases) cases.push(lowerCase(one, node, at));
  return node;
}

function lowerCase(from: CaseNode, parent: Match, at: Lowering): MatchCase {
  const start = from.start + at.base;
  const node: Growing<MatchCase> = {
    kind: "case",
    start,
    end: start + from.length,
    parent,
    boundNames: namesBoundBy(from.d.pattern),
    guard: null,
    body: [],
  };
  node.guard = lowerOptional(from.d.guardExpr, node, at);
  node.body = suite(from.d.suite, node, at);
  return node;
}
