// Statements with suites.

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
} from "../../python/tree.ts";
import { readArguments, readParameters } from "./arguments.ts";
import { fitted } from "./fitted.ts";
import { giveUp, GiveUp } from "./give-up.ts";
import { adopt, adoptAll, LATER, type Making, type Parser } from "./parser.ts";
import { readPatterns } from "./patterns.ts";
import { readLine } from "./simple-statements.ts";
import { checkTarget } from "./targets.ts";

/** One statement with a suite, or a line of simple ones; they are added to `to`. */
export function readStatement(parser: Parser, to: Statement[]): void {
  switch (parser.token) {
    case "if":
      to.push(readIf(parser));
      return;
    case "def":
    case "class":
    case "@":
      to.push(readDefinition(parser));
      return;
    case "for":
      to.push(readFor(parser, parser.start, false));
      return;
    case "while":
      to.push(readWhile(parser));
      return;
    case "try":
      to.push(readTry(parser));
      return;
    case "with":
      to.push(readWith(parser, parser.start, false));
      return;
    case "async":
      to.push(readAsync(parser));
      return;
    default: {
      const match = parser.token === "name" && parser.word === "match" ? readMatch(parser) : null;
      if (match === null) readLine(parser, to);
      else to.push(match);
    }
  }
}

/** From ":" to the end of the suite. */
function readSuite(parser: Parser): Statement[] {
  const body: Statement[] = [];
  parser.descend();
  parser.expect(":");
  if (parser.skip("newline")) {
    parser.expect("indent");
    while (!parser.skip("dedent")) readStatement(parser, body);
  } else readLine(parser, body);
  parser.ascend();
  return fitted(body);
}

function endOf(body: readonly Statement[]): number {
  return body.at(-1)?.end ?? giveUp();
}

function readLoop(parser: Parser): Statement[] {
  const { isInLoop } = parser;
  parser.isInLoop = true;
  const body = readSuite(parser);
  parser.isInLoop = isInLoop;
  return body;
}

/** A loop over the `elif`s: generated code has thousands of them in a row. */
function readIf(parser: Parser): If {
  const all: Making<If>[] = [];
  let otherwise: Statement[] = [];
  do {
    const { start } = parser;
    parser.next();
    const test = parser.grammar.namedTest(parser);
    const body = readSuite(parser);
    const node: Making<If> = { kind: "if", start, end: endOf(body), parent: LATER, test, body, otherwise: [] };
    adopt(test, node);
    adoptAll(body, node);
    all.push(node);
  } while (parser.token === "elif");
  if (parser.skip("else")) otherwise = readSuite(parser);
  for (let node = all.pop(); node !== undefined; node = all.pop()) {
    node.otherwise = otherwise;
    adoptAll(otherwise, node);
    if (otherwise.length > 0) node.end = endOf(otherwise);
    if (all.length === 0) return node;
    otherwise = [node];
  }
  return giveUp();
}

function readFor(parser: Parser, start: number, isAsync: boolean): For {
  const { grammar } = parser;
  parser.next();
  const target = checkTarget(grammar.list(parser, grammar.operand));
  parser.expect("in");
  const iterable = grammar.list(parser, grammar.test);
  const body = readLoop(parser);
  const otherwise = parser.skip("else") ? readSuite(parser) : [];
  const end = endOf(otherwise.length > 0 ? otherwise : body);
  const node: For = { kind: "for", start, end, parent: LATER, isAsync, target, iterable, body, otherwise };
  adopt(target, node);
  adopt(iterable, node);
  adoptAll(body, node);
  adoptAll(otherwise, node);
  return node;
}

function readWhile(parser: Parser): While {
  const { start } = parser;
  parser.next();
  const test = parser.grammar.namedTest(parser);
  const body = readLoop(parser);
  const otherwise = parser.skip("else") ? readSuite(parser) : [];
  const end = endOf(otherwise.length > 0 ? otherwise : body);
  const node: While = { kind: "while", start, end, parent: LATER, test, body, otherwise };
  adopt(test, node);
  adoptAll(body, node);
  adoptAll(otherwise, node);
  return node;
}

function readTry(parser: Parser): Try {
  const { start } = parser;
  parser.next();
  const body = readSuite(parser);
  const handlers: ExceptHandler[] = [];
  while (parser.token === "except") {
    if (handlers.at(-1)?.type === null) giveUp();
    handlers.push(readHandler(parser));
  }
  const isGroup = handlers[0]?.isGroup;
  if (handlers.some((handler) => handler.isGroup !== isGroup)) giveUp();
  const otherwise = handlers.length > 0 && parser.skip("else") ? readSuite(parser) : [];
  const finallyBody = parser.skip("finally") ? readSuite(parser) : [];
  if (handlers.length === 0 && finallyBody.length === 0) giveUp();
  const parts: readonly (readonly Node[])[] = [body, handlers, otherwise, finallyBody];
  const end = parts.findLast((part) => part.length > 0)?.at(-1)?.end ?? giveUp();
  const node: Try = {
    kind: "try",
    start,
    end,
    parent: LATER,
    body,
    handlers: fitted(handlers),
    otherwise,
    finallyBody,
  };
  for (const part of parts) adoptAll(part, node);
  return node;
}

function readHandler(parser: Parser): ExceptHandler {
  const { start } = parser;
  parser.next();
  const isGroup = parser.skip("*");
  const type = parser.token === ":" ? null : parser.grammar.test(parser);
  // Several types without parentheses (3.14) are rare.
  if (isGroup && type === null) giveUp();
  let name: string | null = null;
  if (type !== null && parser.skip("as")) {
    name = parser.word;
    parser.expect("name");
  }
  const body = readSuite(parser);
  const node: ExceptHandler = { kind: "except", start, end: endOf(body), parent: LATER, isGroup, type, name, body };
  if (type !== null) adopt(type, node);
  adoptAll(body, node);
  return node;
}

function readWith(parser: Parser, start: number, isAsync: boolean): With {
  parser.next();
  const items = (parser.token === "(" ? readItemsInParentheses(parser) : null) ?? readItems(parser);
  const body = readSuite(parser);
  const node: With = { kind: "with", start, end: endOf(body), parent: LATER, isAsync, items: fitted(items), body };
  adoptAll(items, node);
  adoptAll(body, node);
  return node;
}

/** Null when the parentheses are those of an expression. */
function readItemsInParentheses(parser: Parser): WithItem[] | null {
  const mark = parser.mark();
  try {
    parser.next();
    const items = readItems(parser);
    if (parser.skip(")") && parser.token === ":") return items;
  } catch (error) {
    if (!(error instanceof GiveUp)) throw error;
  }
  parser.reset(mark);
  return null;
}

function readItems(parser: Parser): WithItem[] {
  const items: WithItem[] = [];
  do {
    if (parser.token === ")") break;
    const context = parser.grammar.namedTest(parser);
    const target = parser.skip("as") ? checkTarget(parser.grammar.operand(parser)) : null;
    const end = target?.end ?? context.end;
    const item: WithItem = { kind: "with-item", start: context.start, end, parent: LATER, context, target };
    adopt(context, item);
    if (target !== null) adopt(target, item);
    items.push(item);
  } while (parser.skip(","));
  return items;
}

function readAsync(parser: Parser): Statement {
  const { start, around } = parser;
  parser.next();
  if (parser.token === "def") return readFunction(parser, start, [], true);
  if (around !== "async function") giveUp();
  if (parser.token === "for") return readFor(parser, start, true);
  return parser.token === "with" ? readWith(parser, start, true) : giveUp();
}

function readDefinition(parser: Parser): Statement {
  const { start } = parser;
  const decorators: Expression[] = [];
  while (parser.skip("@")) {
    decorators.push(parser.grammar.namedTest(parser));
    parser.expect("newline");
  }
  if (parser.token === "class") return readClass(parser, start, fitted(decorators));
  const isAsync = parser.skip("async");
  return parser.token === "def" ? readFunction(parser, start, fitted(decorators), isAsync) : giveUp();
}

function readFunction(parser: Parser, start: number, decorators: Expression[], isAsync: boolean): FunctionDef {
  parser.next();
  const { word: name, start: nameStart } = parser;
  parser.expect("name");
  if (parser.token === "[") giveUp();
  parser.expect("(");
  const parameters = readParameters(parser, ")");
  parser.expect(")");
  const returns = parser.skip("->") ? parser.grammar.test(parser) : null;
  const { around, isInLoop } = parser;
  parser.around = isAsync ? "async function" : "function";
  parser.isInLoop = false;
  const body = readSuite(parser);
  parser.around = around;
  parser.isInLoop = isInLoop;
  const node: FunctionDef = {
    kind: "function",
    start,
    end: endOf(body),
    parent: LATER,
    name,
    nameStart,
    isAsync,
    decorators,
    parameters,
    returns,
    body,
  };
  adoptAll(decorators, node);
  adoptAll(parameters, node);
  if (returns !== null) adopt(returns, node);
  adoptAll(body, node);
  return node;
}

function readClass(parser: Parser, start: number, decorators: Expression[]): ClassDef {
  parser.next();
  const { word: name, start: nameStart } = parser;
  parser.expect("name");
  if (parser.token === "[") giveUp();
  const all = parser.token === "(" ? readArguments(parser) : [];
  const { around, isInLoop } = parser;
  parser.around = "class";
  parser.isInLoop = false;
  const body = readSuite(parser);
  parser.around = around;
  parser.isInLoop = isInLoop;
  const node: ClassDef = {
    kind: "class",
    start,
    end: endOf(body),
    parent: LATER,
    name,
    nameStart,
    decorators,
    arguments: all,
    body,
  };
  adoptAll(decorators, node);
  adoptAll(all, node);
  adoptAll(body, node);
  return node;
}

/** Null when `match` is a name here. */
function readMatch(parser: Parser): Match | null {
  const { start } = parser;
  const subject = readSubject(parser);
  if (subject === null) return null;
  parser.expect("indent");
  const cases: MatchCase[] = [];
  while (!parser.skip("dedent")) cases.push(readCase(parser));
  const { end } = cases.at(-1) ?? subject;
  const node: Match = { kind: "match", start, end, parent: LATER, subject, cases };
  adopt(subject, node);
  adoptAll(cases, node);
  return node;
}

function readSubject(parser: Parser): Expression | null {
  const mark = parser.mark();
  try {
    parser.next();
    const subject = parser.grammar.list(parser, parser.grammar.namedTest);
    if (parser.skip(":") && parser.skip("newline")) return subject;
  } catch (error) {
    if (!(error instanceof GiveUp)) throw error;
  }
  parser.reset(mark);
  return null;
}

function readCase(parser: Parser): MatchCase {
  const { start } = parser;
  if (parser.word !== "case") giveUp();
  parser.expect("name");
  const boundNames: string[] = [];
  readPatterns(parser, boundNames);
  const guard = parser.skip("if") ? parser.grammar.namedTest(parser) : null;
  const body = readSuite(parser);
  const node: MatchCase = { kind: "case", start, end: endOf(body), parent: LATER, boundNames, guard, body };
  if (guard !== null) adopt(guard, node);
  adoptAll(body, node);
  return node;
}
