// Parameters, arguments, and what stands in the brackets of a subscript.

import type { Argument, Expression, Parameter, Slice, Starred } from "../../python/tree.ts";
import { comprehensionOf, startsComprehension } from "./displays.ts";
import { fitted } from "./fitted.ts";
import { giveUp } from "./give-up.ts";
import { adopt, adoptAll, LATER, type Made, type Making, type Parser } from "./parser.ts";
import type { Token } from "./words.ts";

/** Of a call, from "(" to after ")". */
export function readArguments(parser: Parser): Argument[] {
  const all: Argument[] = [];
  let seen = 0;
  parser.descend();
  parser.next();
  while (parser.token !== ")") {
    const argument = readArgument(parser);
    // Positions, then names; stars go between.
    if (argument.name !== null) seen |= 1;
    else if (argument.star === "**") seen |= 2;
    else if ((argument.star === "" && seen > 0) || (argument.star === "*" && (seen & 2) > 0)) giveUp();
    all.push(argument);
    if (!parser.skip(",")) break;
    if (isBareGenerator(argument)) giveUp();
  }
  if (all.length > 1 && all.some(isBareGenerator)) giveUp();
  parser.expect(")");
  parser.ascend();
  return fitted(all);
}

/** `x for x in y` without parentheses of its own: its element begins where it does. */
function isBareGenerator({ value }: Argument): boolean {
  return value.kind === "comprehension" && value.type === "generator" && value.start === value.element.start;
}

function readArgument(parser: Parser): Argument {
  const { start, token } = parser;
  const star = token === "*" || token === "**" ? token : "";
  if (star !== "") parser.next();
  let value = parser.grammar.namedTest(parser);
  let name: string | null = null;
  if (star === "" && parser.token === "=") {
    if (value.kind !== "name" || value.start !== start || value.end !== start + value.id.length) return giveUp();
    name = value.id;
    parser.next();
    value = parser.grammar.test(parser);
  } else if (startsComprehension(parser)) {
    if (star !== "") giveUp();
    value = comprehensionOf(parser, "generator", null, value, start);
  }
  const node: Making<Argument> = { kind: "argument", start, end: value.end, parent: LATER, name, star, value };
  adopt(value, node);
  return node;
}

/** Of a function or lambda, up to `closing`. */
export function readParameters(parser: Parser, closing: Token): Parameter[] {
  const all: Parameter[] = [];
  const order: Order = { hasStar: false, hasDefault: false };
  while (parser.token !== closing) {
    const last = all.at(-1);
    if (last?.star === "**") giveUp();
    const parameter = readParameter(parser, closing === ")", order);
    if (parameter.name !== "" && all.some(({ name }) => name === parameter.name)) giveUp();
    all.push(parameter);
    if (!parser.skip(",")) break;
  }
  if (all.at(-1)?.star === "*" && all.at(-1)?.name === "") giveUp();
  return fitted(all);
}

interface Order {
  hasStar: boolean;
  hasDefault: boolean;
}

function readParameter(parser: Parser, mayHaveAnnotation: boolean, order: Order): Parameter {
  const { start, end, token } = parser;
  const star = token === "*" || token === "**" ? token : "";
  const isKeywordOnly = order.hasStar && star === "";
  const node: Making<Parameter> = {
    kind: "parameter",
    start,
    end,
    parent: LATER,
    name: "",
    star,
    annotation: null,
    defaultValue: null,
    isKeywordOnly,
  };
  if (star !== "" || token === "/") parser.next();
  if (order.hasStar && (star === "*" || token === "/")) giveUp();
  if (star === "*") order.hasStar = true;
  if (token === "/" || (star === "*" && !parser.is("name"))) return node;
  node.name = parser.word;
  parser.expect("name");
  if (mayHaveAnnotation && parser.skip(":")) node.annotation = adopt(readAnnotation(parser), node);
  readDefault(parser, node, order);
  node.end = parser.lastEnd;
  return node;
}

function readAnnotation(parser: Parser): Made {
  return parser.token === "*" ? giveUp() : parser.grammar.test(parser);
}

function readDefault(parser: Parser, node: Making<Parameter>, order: Order): void {
  if (parser.skip("=")) {
    if (node.star !== "") giveUp();
    node.defaultValue = adopt(parser.grammar.test(parser), node);
    if (!node.isKeywordOnly) order.hasDefault = true;
  } else if (order.hasDefault && node.star === "" && !node.isKeywordOnly) giveUp();
}

/** From "[" to after "]": one index, or a tuple display. */
export function readSubscript(parser: Parser): Made {
  parser.descend();
  parser.next();
  const items: Expression[] = [];
  let hasComma = false;
  while (parser.token !== "]") {
    items.push(readIndex(parser));
    hasComma = parser.skip(",");
    if (!hasComma) break;
  }
  parser.expect("]");
  parser.ascend();
  const [first] = items;
  if (first === undefined) return giveUp();
  if (items.length === 1 && !hasComma && first.kind !== "starred") return first;
  const { end } = items.at(-1) ?? first;
  const tuple: Made = {
    kind: "display",
    start: first.start,
    end,
    parent: LATER,
    type: "tuple",
    elements: fitted(items),
  };
  adoptAll(items, tuple);
  return tuple;
}

function readIndex(parser: Parser): Made {
  const { start } = parser;
  if (parser.token === "*") {
    parser.next();
    const value = parser.grammar.operand(parser);
    const node: Making<Starred> = { kind: "starred", start, end: value.end, parent: LATER, value };
    adopt(value, node);
    return node;
  }
  const lower = parser.token === ":" ? null : parser.grammar.namedTest(parser);
  return parser.token === ":" ? readSlice(parser, start, lower) : (lower ?? giveUp());
}

function readSlice(parser: Parser, start: number, lower: Made | null): Made {
  const node: Making<Slice> = { kind: "slice", start, end: 0, parent: LATER, lower, upper: null, step: null };
  if (lower !== null) adopt(lower, node);
  parser.next();
  node.upper = slicePart(parser, node);
  if (parser.skip(":")) node.step = slicePart(parser, node);
  // The colons at its end are not part of it.
  node.end = (node.step ?? node.upper ?? node.lower)?.end ?? start + 1;
  return node;
}

function slicePart(parser: Parser, parent: Slice): Expression | null {
  if (parser.token === ":" || parser.token === "]" || parser.token === ",") return null;
  return adopt(parser.grammar.test(parser), parent);
}
