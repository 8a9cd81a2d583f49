// String literals that stand next to each other are one constant, or one f-string when any of them is one.

import type {
  ExpressionNode,
  FormatStringNode,
  StringListNode,
} from "@zzzen/pyright-internal/dist/parser/parseNodes.js";

import type { Constant, Expression, FormattedString, Node } from "../python/tree.ts";
import type { LowerExpression, Lowering } from "./lowering.ts";
import { NODE } from "./pyright-node-kinds.ts";

/** StringTokenFlags of pyright (dist/parser/tokenizerTypes.d.ts). */
const BYTES = 32;
const TEMPLATE = 128;

export function lowerStrings(
  from: StringListNode,
  parent: Node,
  at: Lowering,
  lower: LowerExpression,
): Constant | FormattedString {
  const start = from.start + at.base;
  const end = start + from.length;
  let text = "";
  let isBytes = false;
  for (const string of from.d.strings) {
    if (string.nodeType === NODE.FormatString) return formatted(from, parent, at, lower);
    isBytes ||= (string.d.token.flags & BYTES) !== 0;
    text += string.d.value;
  }
  return { kind: "constant", start, end, parent, type: isBytes ? "bytes" : "str", text };
}

function formatted(from: StringListNode, parent: Node, at: Lowering, lower: LowerExpression): FormattedString {
  const start = from.start + at.base;
  const expressions: Expression[] = [];
  const literals: string[] = [];
  const isTemplate = from.d.strings.some(
    (string) => string.nodeType === NODE.FormatString && (string.d.token.flags & TEMPLATE) !== 0,
  );
  const node: FormattedString = {
    kind: "f-string",
    start,
    end: start + from.length,
    parent,
    isTemplate,
    literals,
    expressions,
  };
  let text = "";
  for (const string of from.d.strings) {
    if (string.nodeType === NODE.String) {
      text += string.d.value;
      continue;
    }
    for (const piece of piecesOf(string)) {
      if (typeof piece === "string") {
        text += piece;
      } else {
        literals.push(text);
        text = "";
        expressions.push(lower(piece, node, at));
      }
    }
  }
  literals.push(text);
  return node;
}

/** pyright keeps texts and expressions apart, each in order; merged here by place. Nested formats come right after. */
function* piecesOf(from: FormatStringNode): Generator<string | ExpressionNode> {
  const { middleTokens, fieldExprs } = from.d;
  let next = 0;
  for (const expression of fieldExprs) {
    for (let token = middleTokens[next]; token !== undefined && token.start < expression.start; ) {
      yield token.escapedValue;
      token = middleTokens[++next];
    }
    yield expression;
  }
  for (const token of middleTokens.slice(next)) yield token.escapedValue;
}
