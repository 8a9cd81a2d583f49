// Statements of one line.

import type {
  Alias,
  Assert,
  Assign,
  AugAssign,
  Delete,
  Expression,
  ExpressionStatement,
  Global,
  Import,
  ImportFrom,
  Nonlocal,
  Raise,
  Return,
  Simple,
  Statement,
} from "../../python/tree.ts";
import { fitted } from "./fitted.ts";
import { giveUp } from "./give-up.ts";
import { adopt, adoptAll, endsList, LATER, type Made, type Making, type Parser } from "./parser.ts";
import { checkTarget } from "./targets.ts";

/** Statements up to the end of the line. */
export function readLine(parser: Parser, to: Statement[]): void {
  do {
    if (parser.token === "newline") break;
    to.push(readSimple(parser));
  } while (parser.skip(";"));
  parser.expect("newline");
}

function readSimple(parser: Parser): Statement {
  switch (parser.token) {
    case "return":
      return readReturn(parser);
    case "import":
      return readImport(parser);
    case "from":
      return readImportFrom(parser);
    case "pass":
    case "break":
    case "continue":
      return readWord(parser, parser.token);
    case "raise":
      return readRaise(parser);
    case "assert":
      return readAssert(parser);
    case "del":
      return readDelete(parser);
    case "global":
    case "nonlocal":
      return readNames(parser, parser.token);
    default:
      return readExpression(parser);
  }
}

function readWord(parser: Parser, word: Simple["word"]): Simple {
  const { start, end } = parser;
  if (word !== "pass" && !parser.isInLoop) giveUp();
  parser.next();
  return { kind: "simple", start, end, parent: LATER, word };
}

function readReturn(parser: Parser): Return {
  const { start, end, around } = parser;
  if (around !== "function" && around !== "async function") giveUp();
  parser.next();
  const node: Making<Return> = { kind: "return", start, end, parent: LATER, value: null };
  if (endsList(parser)) return node;
  const value = parser.grammar.list(parser, parser.grammar.test);
  node.value = adopt(value, node);
  node.end = value.end;
  return node;
}

function readRaise(parser: Parser): Raise {
  const { start, end } = parser;
  parser.next();
  const node: Making<Raise> = { kind: "raise", start, end, parent: LATER, exception: null, cause: null };
  if (endsList(parser)) return node;
  node.exception = adopt(parser.grammar.test(parser), node);
  if (parser.skip("from")) node.cause = adopt(parser.grammar.test(parser), node);
  node.end = parser.lastEnd;
  return node;
}

function readAssert(parser: Parser): Assert {
  const { start } = parser;
  parser.next();
  const test = parser.grammar.test(parser);
  const message = parser.skip(",") ? parser.grammar.test(parser) : null;
  const node: Assert = { kind: "assert", start, end: parser.lastEnd, parent: LATER, test, message };
  adopt(test, node);
  if (message !== null) adopt(message, node);
  return node;
}

/** `del (a, b)` deletes both: the tuple is taken apart. */
function readDelete(parser: Parser): Delete {
  const { start } = parser;
  parser.next();
  const targets: Expression[] = [];
  do {
    if (endsList(parser)) break;
    const target = checkTarget(parser.grammar.operand(parser));
    if (target.kind === "display" && target.type === "tuple") targets.push(...target.elements);
    else targets.push(target);
  } while (parser.skip(","));
  if (targets.length === 0) giveUp();
  const node: Delete = { kind: "delete", start, end: parser.lastEnd, parent: LATER, targets };
  adoptAll(targets, node);
  return node;
}

function readNames(parser: Parser, kind: "global" | "nonlocal"): Global | Nonlocal {
  const { start } = parser;
  if (parser.around === "module") giveUp();
  const names: string[] = [];
  do {
    parser.next();
    names.push(parser.word);
    parser.expect("name");
  } while (parser.token === ",");
  return { kind, start, end: parser.lastEnd, parent: LATER, names };
}

function readImport(parser: Parser): Import {
  const { start } = parser;
  const names: Making<Alias>[] = [];
  do {
    parser.next();
    names.push(readAlias(parser, true));
  } while (parser.token === ",");
  const node: Import = { kind: "import", start, end: parser.lastEnd, parent: LATER, names };
  adoptAll(names, node);
  return node;
}

function readAlias(parser: Parser, isDotted: boolean): Making<Alias> {
  const { start } = parser;
  const name = isDotted ? readDotted(parser) : parser.word;
  if (!isDotted) parser.expect("name");
  let asName: string | null = null;
  if (parser.skip("as")) {
    asName = parser.word;
    parser.expect("name");
  }
  return { kind: "alias", start, end: parser.lastEnd, parent: LATER, name, asName };
}

function readDotted(parser: Parser): string {
  let name = parser.word;
  parser.expect("name");
  while (parser.skip(".")) {
    name += `.${parser.word}`;
    parser.expect("name");
  }
  return name;
}

function readImportFrom(parser: Parser): ImportFrom {
  const { start } = parser;
  parser.next();
  let level = 0;
  for (; parser.token === "." || parser.token === "..."; parser.next()) level += parser.end - parser.start;
  const module = parser.token === "import" && level > 0 ? "" : readDotted(parser);
  // It has a place of its own, and nothing else is said about it: left to the complete parser.
  if (module === "__future__" && parser.around !== "module") giveUp();
  parser.expect("import");
  const names: Making<Alias>[] = [];
  if (parser.token === "*") {
    const { start: starStart, end } = parser;
    if (parser.around !== "module") giveUp();
    parser.next();
    names.push({ kind: "alias", start: starStart, end, parent: LATER, name: "*", asName: null });
  } else readImported(parser, names);
  const node: ImportFrom = { kind: "import-from", start, end: parser.lastEnd, parent: LATER, level, module, names };
  adoptAll(names, node);
  return node;
}

function readImported(parser: Parser, names: Making<Alias>[]): void {
  const isOpen = parser.skip("(");
  do {
    if (isOpen && parser.token === ")") break;
    names.push(readAlias(parser, false));
  } while (parser.skip(","));
  if (isOpen) parser.expect(")");
  if (names.length === 0) giveUp();
}

/** An expression, or what is assigned to it. */
function readExpression(parser: Parser): Statement {
  const { grammar, start } = parser;
  if (parser.token === "name" && parser.word === "type" && isTypeAlias(parser)) giveUp();
  const first = parser.token === "yield" ? grammar.yielding(parser) : grammar.list(parser, grammar.test);
  switch (parser.token) {
    case "=":
      return readAssigned(parser, first, start);
    case ":":
      return readAnnotated(parser, first, start);
    case "augmented":
      return readAugmented(parser, first, start);
    default: {
      const node: ExpressionStatement = {
        kind: "expression-statement",
        start,
        end: first.end,
        parent: LATER,
        value: first,
      };
      adopt(first, node);
      return node;
    }
  }
}

/** `type X = ...`: rare, and the complete parser knows it. */
function isTypeAlias(parser: Parser): boolean {
  const mark = parser.mark();
  parser.next();
  const { token } = parser;
  parser.reset(mark);
  return token === "name";
}

function readAssigned(parser: Parser, first: Made, start: number): Assign {
  const { grammar } = parser;
  const targets: Expression[] = [];
  let value = first;
  while (parser.skip("=")) {
    targets.push(checkTarget(value));
    value = parser.token === "yield" ? grammar.yielding(parser) : grammar.list(parser, grammar.test);
  }
  const node: Assign = {
    kind: "assign",
    start,
    end: value.end,
    parent: LATER,
    targets: fitted(targets),
    annotation: null,
    value,
  };
  adoptAll(targets, node);
  adopt(value, node);
  return node;
}

function readAnnotated(parser: Parser, target: Made, start: number): Assign {
  const { grammar } = parser;
  if (target.kind !== "name" && target.kind !== "attribute" && target.kind !== "subscript") giveUp();
  parser.next();
  const annotation = grammar.test(parser);
  let value: Made | null = null;
  if (parser.skip("="))
    value = parser.token === "yield" ? grammar.yielding(parser) : grammar.list(parser, grammar.test);
  const { end } = value ?? annotation;
  const node: Assign = { kind: "assign", start, end, parent: LATER, targets: [target], annotation, value };
  adopt(target, node);
  adopt(annotation, node);
  if (value !== null) adopt(value, node);
  return node;
}

function readAugmented(parser: Parser, target: Made, start: number): AugAssign {
  const { grammar, word: op } = parser;
  if (target.kind !== "name" && target.kind !== "attribute" && target.kind !== "subscript") giveUp();
  parser.next();
  const value = parser.token === "yield" ? grammar.yielding(parser) : grammar.list(parser, grammar.test);
  const node: AugAssign = { kind: "aug-assign", start, end: value.end, parent: LATER, target, op, value };
  adopt(target, node);
  adopt(value, node);
  return node;
}
