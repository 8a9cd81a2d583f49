// Parentheses, displays and comprehensions.

import type {
  Comprehension,
  ComprehensionClause,
  DictDisplay,
  DictEntry,
  Display,
  Expression,
  Starred,
} from "../../python/tree.ts";
import { fitted } from "./fitted.ts";
import { giveUp } from "./give-up.ts";
import { adopt, adoptAll, LATER, type Made, type Making, type Parser } from "./parser.ts";
import { checkTarget } from "./targets.ts";

export function startsComprehension({ token }: Parser): boolean {
  return token === "for" || token === "async";
}

/** An expression in parentheses begins and ends with them. */
export function readParentheses(parser: Parser): Made {
  const { start } = parser;
  parser.descend();
  parser.next();
  const inner = parser.token === "yield" ? parser.grammar.yielding(parser) : readTuple(parser, start);
  if (parser.token !== ")") giveUp();
  // As the complete parser has it: a `yield` begins with its word.
  if (inner.kind !== "yield") inner.start = start;
  inner.end = parser.end;
  parser.next();
  parser.ascend();
  return inner;
}

/** What is in parentheses: nothing, one expression, a generator or a tuple. */
function readTuple(parser: Parser, start: number): Made {
  const elements: Expression[] = [];
  let hasComma = false;
  while (parser.token !== ")") {
    const element = readElement(parser);
    if (elements.length === 0 && startsComprehension(parser) && element.kind !== "starred")
      return comprehensionOf(parser, "generator", null, element, start);
    elements.push(element);
    hasComma = parser.skip(",");
    if (!hasComma) break;
  }
  const [only] = elements;
  if (elements.length === 1 && !hasComma && only !== undefined) return only.kind === "starred" ? giveUp() : only;
  const node: Made = { kind: "display", start, end: 0, parent: LATER, type: "tuple", elements: fitted(elements) };
  adoptAll(elements, node);
  return node;
}

function readElement(parser: Parser): Made {
  if (parser.token !== "*") return parser.grammar.namedTest(parser);
  const { start } = parser;
  parser.next();
  const value = parser.grammar.operand(parser);
  const node: Making<Starred> = { kind: "starred", start, end: value.end, parent: LATER, value };
  adopt(value, node);
  return node;
}

export function readBrackets(parser: Parser): Made {
  const { start } = parser;
  parser.descend();
  parser.next();
  const node = readElements(parser, "list", "]", start, []);
  parser.ascend();
  return node;
}

/** Up to after the closing bracket; `elements` has what was read already. */
function readElements(
  parser: Parser,
  type: "list" | "set",
  closing: "]" | "}",
  start: number,
  elements: Expression[],
): Made {
  while (parser.token !== closing) {
    const element = readElement(parser);
    if (elements.length === 0 && startsComprehension(parser) && element.kind !== "starred")
      return closed(parser, closing, comprehensionOf(parser, type, null, element, start));
    elements.push(element);
    if (!parser.skip(",")) break;
  }
  const node: Making<Display> = { kind: "display", start, end: 0, parent: LATER, type, elements: fitted(elements) };
  adoptAll(elements, node);
  return closed(parser, closing, node);
}

function closed(parser: Parser, closing: "]" | "}", node: Made): Made {
  if (parser.token !== closing) giveUp();
  node.end = parser.end;
  parser.next();
  return node;
}

/** A dict or a set. */
export function readBraces(parser: Parser): Made {
  const { start } = parser;
  parser.descend();
  parser.next();
  const node =
    parser.token === "}" || parser.token === "**" ? readDict(parser, start, null) : readBraced(parser, start);
  parser.ascend();
  return node;
}

function readBraced(parser: Parser, start: number): Made {
  const first = readElement(parser);
  if (parser.token === ":" && first.kind !== "starred" && first.kind !== "walrus")
    return readDict(parser, start, first);
  if (startsComprehension(parser)) {
    if (first.kind === "starred") giveUp();
    return closed(parser, "}", comprehensionOf(parser, "set", null, first, start));
  }
  if (parser.token !== "}") parser.expect(",");
  return readElements(parser, "set", "}", start, [first]);
}

/** `first` is a key that was read already. */
function readDict(parser: Parser, start: number, first: Made | null): Made {
  const entries: DictEntry[] = [];
  let key = first;
  while (parser.token !== "}") {
    const entryStart = key === null ? parser.start : key.start;
    let value: Made;
    if (key === null && parser.skip("**")) value = parser.grammar.operand(parser);
    else {
      key ??= parser.grammar.test(parser);
      parser.expect(":");
      value = parser.grammar.test(parser);
      if (entries.length === 0 && startsComprehension(parser))
        return closed(parser, "}", comprehensionOf(parser, "dict", key, value, start));
    }
    const entry: DictEntry = { kind: "dict-entry", start: entryStart, end: value.end, parent: LATER, key, value };
    if (key !== null) adopt(key, entry);
    adopt(value, entry);
    entries.push(entry);
    key = null;
    if (!parser.skip(",")) break;
  }
  const node: Making<DictDisplay> = { kind: "dict", start, end: 0, parent: LATER, entries: fitted(entries) };
  adoptAll(entries, node);
  return closed(parser, "}", node);
}

/** The `for`s and `if`s after `element`. The caller sets the end where there are brackets. */
export function comprehensionOf(
  parser: Parser,
  type: Comprehension["type"],
  key: Made | null,
  element: Made,
  start: number,
): Made {
  const clauses: ComprehensionClause[] = [];
  const node: Making<Comprehension> = {
    kind: "comprehension",
    start,
    end: 0,
    parent: LATER,
    type,
    key,
    element,
    clauses,
  };
  if (key !== null) adopt(key, node);
  adopt(element, node);
  while (startsComprehension(parser)) clauses.push(adopt(readClause(parser), node));
  node.end = parser.lastEnd;
  return node;
}

function readClause(parser: Parser): ComprehensionClause {
  const { start } = parser;
  const isAsync = parser.skip("async");
  if (isAsync && parser.around !== "async function") giveUp();
  parser.expect("for");
  const target = checkTarget(parser.grammar.list(parser, parser.grammar.operand));
  parser.expect("in");
  const iterable = readIterable(parser);
  const tests: Expression[] = [];
  const node: Making<ComprehensionClause> = {
    kind: "clause",
    start,
    end: 0,
    parent: LATER,
    isAsync,
    target,
    iterable,
    tests,
  };
  adopt(target, node);
  adopt(iterable, node);
  while (parser.skip("if")) tests.push(adopt(readCondition(parser), node));
  node.end = parser.lastEnd;
  return node;
}

/** No conditional without parentheses: the `if` belongs to the comprehension. */
function readIterable(parser: Parser): Made {
  return parser.grammar.disjunction(parser);
}

function readCondition(parser: Parser): Made {
  const value = parser.grammar.disjunction(parser);
  // Rare: `if (y := f(x))` has parentheses, and without them only newer versions take it.
  if (parser.token === ":=") giveUp();
  return value;
}
