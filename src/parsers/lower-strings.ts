// String literals that stand next to each other are one constant, or one f-string when any of them is one.

import type {
  ExpressionNode,
  FormatStringNode,
  StringListNode,
  StringNode,
} from "@zzzen/pyright-internal/dist/parser/parseNodes.js";

import type { Constant, Expression, FormattedString, Node } from "../python/tree.ts";
import type { LowerExpression, Lowering } from "./lowering.ts";
import { NODE } from "./pyright-node-kinds.ts";

/** StringTokenFlags of pyright (dist/parser/tokenizerTypes.d.ts). */
const RAW = 8;
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
    text += valueOf(string);
  }
  return { kind: "constant", start, end, parent, type: isBytes ? "bytes" : "str", text };
}

/** pyright leaves line ends as they are where it does not look for escapes. */
function valueOf({ d: { value, token } }: StringNode): string {
  return (token.flags & RAW) === 0 ? value : withPlainLineEnds(value);
}

/** Python reads every line end in a literal as LF. */
function withPlainLineEnds(content: string): string {
  return content.includes("\r") ? content.replaceAll(/\r\n?/g, "\n") : content;
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
      text += valueOf(string);
      continue;
    }
    for (const piece of piecesOf(string)) {
      if (typeof piece === "string") {
        text += withPlainLineEnds(piece);
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
