// Expressions by precedence. Long chains (`a + b + ...`, `a.b().c()...`) are loops: recursion is as deep as brackets nest.

import type {
  Attribute,
  Await,
  Call,
  Compare,
  Conditional,
  Expression,
  Lambda,
  Operation,
  Starred,
  Subscript,
  Walrus,
  Yield,
} from "../../python/tree.ts";
import { readArguments, readParameters, readSubscript } from "./arguments.ts";
import { readBraces, readBrackets, readParentheses } from "./displays.ts";
import { fitted } from "./fitted.ts";
import { giveUp } from "./give-up.ts";
import { numberType } from "./numbers.ts";
import { adopt, adoptAll, endsList, type Grammar, LATER, type Made, type Making, type Parser } from "./parser.ts";
import { readStrings } from "./strings.ts";
import { POWER } from "./words.ts";

export const GRAMMAR: Grammar = {
  test,
  namedTest,
  disjunction: (parser) => (parser.token === "lambda" ? lambda(parser) : binary(parser, POWER.or)),
  operand: (parser) => binary(parser, POWER.bitOr),
  list,
  yielding,
};

function test(parser: Parser): Made {
  if (parser.token === "lambda") return lambda(parser);
  const body = binary(parser, POWER.or);
  if (parser.token !== "if") return body;
  parser.next();
  const condition = binary(parser, POWER.or);
  parser.expect("else");
  parser.descend();
  const otherwise = test(parser);
  parser.ascend();
  const node: Making<Conditional> = {
    kind: "conditional",
    start: body.start,
    end: otherwise.end,
    parent: LATER,
    test: condition,
    body,
    otherwise,
  };
  adopt(body, node);
  adopt(condition, node);
  adopt(otherwise, node);
  return node;
}

function namedTest(parser: Parser): Made {
  const target = test(parser);
  if (parser.token !== ":=") return target;
  if (target.kind !== "name" || target.end !== target.start + target.id.length) return giveUp();
  parser.next();
  const value = test(parser);
  const { start } = target;
  const node: Making<Walrus> = { kind: "walrus", start, end: value.end, parent: LATER, target, value };
  adopt(target, node);
  adopt(value, node);
  return node;
}

function list(parser: Parser, element: (parser: Parser) => Made): Made {
  const first = starredOr(parser, element);
  if (parser.token !== ",") return first.kind === "starred" ? giveUp() : first;
  const elements: Expression[] = [first];
  while (parser.skip(",")) {
    if (endsList(parser)) break;
    elements.push(starredOr(parser, element));
  }
  const { end } = elements.at(-1) ?? first;
  const node: Made = {
    kind: "display",
    start: first.start,
    end,
    parent: LATER,
    type: "tuple",
    elements: fitted(elements),
  };
  adoptAll(elements, node);
  return node;
}

/** `*rest` or what `element` reads. */
function starredOr(parser: Parser, element: (parser: Parser) => Made): Made {
  if (parser.token !== "*") return element(parser);
  const { start } = parser;
  parser.next();
  const value = binary(parser, POWER.bitOr);
  const node: Making<Starred> = { kind: "starred", start, end: value.end, parent: LATER, value };
  adopt(value, node);
  return node;
}

function yielding(parser: Parser): Made {
  const { start, end, around } = parser;
  if (around === "module" || around === "class") giveUp();
  parser.next();
  const isFrom = parser.token === "from";
  if (isFrom && around === "async function") giveUp();
  if (isFrom) parser.next();
  const node: Making<Yield> = { kind: "yield", start, end, parent: LATER, isFrom, value: null };
  if (!isFrom && endsList(parser)) return node;
  const value = isFrom ? test(parser) : list(parser, test);
  node.value = adopt(value, node);
  node.end = value.end;
  return node;
}

function lambda(parser: Parser): Made {
  const { start, around } = parser;
  parser.next();
  parser.descend();
  const parameters = readParameters(parser, ":");
  parser.expect(":");
  parser.around = "lambda";
  const body = test(parser);
  parser.around = around;
  parser.ascend();
  const node: Making<Lambda> = { kind: "lambda", start, end: body.end, parent: LATER, parameters, body };
  adoptAll(parameters, node);
  adopt(body, node);
  return node;
}

/** Operands joined by operators that bind at least as strongly as `least`. */
function binary(parser: Parser, least: number): Made {
  let left = parser.token === "not" && least <= POWER.compare ? negation(parser) : signed(parser);
  while (parser.power >= least && parser.power > 0) {
    const { power, token } = parser;
    if (power === POWER.compare) left = comparison(parser, left);
    else {
      parser.next();
      left = joined(token, left, binary(parser, power + 1));
    }
  }
  return left;
}

function negation(parser: Parser): Made {
  const { start } = parser;
  parser.next();
  parser.descend();
  const operand = parser.token === "not" ? negation(parser) : binary(parser, POWER.compare);
  parser.ascend();
  return prefixed("not", start, operand);
}

function prefixed(op: string, start: number, operand: Made): Made {
  const operands = [operand];
  const node: Operation = { kind: "operation", start, end: operand.end, parent: LATER, op, operands };
  adopt(operand, node);
  return node;
}

/** `a + b + c` is one operation with three operands. */
function joined(op: string, left: Made, right: Made): Made {
  if (left.kind === "operation" && left.op === op && left.operands.length > 1 && !isChain(left)) {
    (left.operands as Expression[]).push(adopt(right, left));
    left.end = right.end;
    return left;
  }
  const operands: Expression[] = [left, right];
  const node: Making<Operation> = {
    kind: "operation",
    start: left.start,
    end: right.end,
    parent: LATER,
    op,
    operands,
  };
  adopt(left, node);
  adopt(right, node);
  return node;
}

/** The `and` that stands for `a < b < c`: its second comparison begins where the first ends. */
function isChain({ op, operands }: Operation): boolean {
  const [first, second] = operands;
  return (
    op === "and" && first?.kind === "compare" && second?.kind === "compare" && second.left.start === first.right.start
  );
}

/** `a < b`, and chains: `a < b < c` is an `and` whose middle operand is there twice. */
function comparison(parser: Parser, first: Made): Made {
  const compares: Expression[] = [];
  let left = first;
  for (;;) {
    const op = comparing(parser);
    const mark = parser.mark();
    const right = binary(parser, POWER.bitOr);
    const { start } = left;
    const node: Making<Compare> = { kind: "compare", start, end: right.end, parent: LATER, op, left, right };
    adopt(left, node);
    adopt(right, node);
    compares.push(node);
    if (parser.power !== POWER.compare) break;
    // The middle operand once more, for the next comparison.
    parser.reset(mark);
    left = binary(parser, POWER.bitOr);
  }
  const [only] = compares;
  if (compares.length === 1 && only !== undefined) return only;
  const { end } = compares.at(-1) ?? first;
  const node: Made = { kind: "operation", start: first.start, end, parent: LATER, op: "and", operands: compares };
  adoptAll(compares, node);
  return node;
}

function comparing(parser: Parser): Compare["op"] {
  const { token } = parser;
  parser.next();
  switch (token) {
    case "not":
      parser.expect("in");
      return "not in";
    case "is":
      return parser.skip("not") ? "is not" : "is";
    case "==":
    case "!=":
    case "<":
    case "<=":
    case ">":
    case ">=":
    case "in":
      return token;
    default:
      return giveUp();
  }
}

function signed(parser: Parser): Made {
  const { start, token } = parser;
  if (token === "-" || token === "+" || token === "~") {
    parser.next();
    parser.descend();
    const operand = signed(parser);
    parser.ascend();
    return prefixed(token, start, operand);
  }
  const base = token === "await" ? awaiting(parser) : chained(parser, atom(parser));
  if (parser.token !== "**") return base;
  parser.next();
  parser.descend();
  const exponent = signed(parser);
  parser.ascend();
  return joined("**", base, exponent);
}

function awaiting(parser: Parser): Made {
  const { start } = parser;
  if (parser.around !== "async function") giveUp();
  parser.next();
  const value = chained(parser, atom(parser));
  const node: Making<Await> = { kind: "await", start, end: value.end, parent: LATER, value };
  adopt(value, node);
  return node;
}

/** Calls, attributes and subscripts of `first`. */
function chained(parser: Parser, first: Made): Made {
  let object = first;
  for (;;) {
    const { start } = object;
    switch (parser.token) {
      case ".": {
        parser.next();
        if (!parser.is("name")) giveUp();
        const { word: name, start: nameStart, end } = parser;
        parser.next();
        const node: Making<Attribute> = { kind: "attribute", start, end, parent: LATER, object, name, nameStart };
        object = own(object, node);
        break;
      }
      case "(": {
        const all = readArguments(parser);
        const node: Making<Call> = {
          kind: "call",
          start,
          end: parser.lastEnd,
          parent: LATER,
          callee: object,
          arguments: all,
        };
        adoptAll(all, node);
        object = own(object, node);
        break;
      }
      case "[": {
        const index = readSubscript(parser);
        const node: Making<Subscript> = {
          kind: "subscript",
          start,
          end: parser.lastEnd,
          parent: LATER,
          object,
          index,
        };
        adopt(index, node);
        object = own(object, node);
        break;
      }
      default:
        return object;
    }
  }
}

function own(object: Made, link: Made): Made {
  adopt(object, link);
  return link;
}

function atom(parser: Parser): Made {
  const { token, start, end } = parser;
  switch (token) {
    case "name": {
      const { word: id } = parser;
      parser.next();
      return { kind: "name", start, end, parent: LATER, id };
    }
    case "string":
      return readStrings(parser);
    case "number": {
      const text = parser.text.slice(start, end);
      parser.next();
      return { kind: "constant", start, end, parent: LATER, type: numberType(text), text };
    }
    case "None":
      parser.next();
      return { kind: "constant", start, end, parent: LATER, type: "none", text: token };
    case "True":
    case "False":
      parser.next();
      return { kind: "constant", start, end, parent: LATER, type: "bool", text: token };
    case "...":
      parser.next();
      return { kind: "constant", start, end, parent: LATER, type: "ellipsis", text: token };
    case "(":
      return readParentheses(parser);
    case "[":
      return readBrackets(parser);
    case "{":
      return readBraces(parser);
    default:
      return giveUp();
  }
}
