// Statements of C.

import type { CBlock, CExpression, CSpan, CStatement } from "../csource/c-tree.ts";
import { child, textOf, type CLowering } from "./c-lowering.ts";
import { lowerCVariables } from "./lower-c-declarations.ts";
import { lowerCExpression } from "./lower-c-expressions.ts";
import type { RawNode } from "./tree-sitter-c.ts";

type Lower = (lowering: CLowering, node: RawNode) => CStatement;

const LOWERED: ReadonlyMap<string, Lower> = new Map<string, Lower>([
  ["compound_statement", lowerCBlock],
  ["expression_statement", lowerExpressionStatement],
  ["declaration", (lowering, node) => declaration(lowering, node)],
  ["if_statement", lowerIf],
  ["else_clause", (lowering, node) => block(lowering, node.children, node)],
  ["while_statement", (lowering, node) => lowerWhile(lowering, node, true)],
  ["do_statement", (lowering, node) => lowerWhile(lowering, node, false)],
  ["for_statement", lowerFor],
  ["switch_statement", lowerSwitch],
  ["case_statement", lowerCase],
  ["labeled_statement", lowerLabel],
  [
    "goto_statement",
    (lowering, node) => ({ kind: "goto", label: textOf(lowering, child(node, "label")), ...spanOf(node) }),
  ],
  ["return_statement", lowerReturn],
  ["break_statement", (_, node) => ({ kind: "jump", to: "break", ...spanOf(node) })],
  ["continue_statement", (_, node) => ({ kind: "jump", to: "continue", ...spanOf(node) })],
  ["preproc_if", lowerPreprocessorIf],
  ["preproc_ifdef", lowerPreprocessorIf],
  ["preproc_elif", lowerPreprocessorIf],
  ["preproc_elifdef", lowerPreprocessorIf],
  ["preproc_else", (lowering, node) => block(lowering, node.children, node)],
]);

export function lowerCBlock(lowering: CLowering, node: RawNode): CBlock {
  return block(lowering, node.children, node);
}

function lowerCStatement(lowering: CLowering, node: RawNode): CStatement {
  const lower = LOWERED.get(node.type);
  if (lower !== undefined) return lower(lowering, node);
  if (isExpression(node)) return { kind: "expression", expression: lowerCExpression(lowering, node), ...spanOf(node) };
  return { kind: "block", body: [], ...spanOf(node) };
}

const isExpression = (node: RawNode): boolean => node.type.endsWith("_expression") || node.type === "identifier";

const spanOf = (node: RawNode): CSpan => ({ start: node.start, end: node.end });

function block(lowering: CLowering, parts: readonly RawNode[], at: RawNode): CBlock {
  return { kind: "block", body: parts.map((part) => lowerCStatement(lowering, part)), ...spanOf(at) };
}

function expressionOf(lowering: CLowering, node: RawNode, field: string): CExpression | null {
  const found = child(node, field);
  return found === null ? null : lowerCExpression(lowering, found);
}

function statementOf(lowering: CLowering, node: RawNode, field: string): CStatement {
  const found = child(node, field);
  return found === null ? { kind: "block", body: [], ...spanOf(node) } : lowerCStatement(lowering, found);
}

function lowerExpressionStatement(lowering: CLowering, node: RawNode): CStatement {
  const only = node.children[0];
  if (only === undefined) return block(lowering, [], node);
  return { kind: "expression", expression: lowerCExpression(lowering, only), ...spanOf(node) };
}

function declaration(lowering: CLowering, node: RawNode): CStatement {
  return { kind: "declaration", names: lowerCVariables(lowering, node), ...spanOf(node) };
}

function lowerIf(lowering: CLowering, node: RawNode): CStatement {
  const otherwise = child(node, "alternative");
  return {
    kind: "if",
    test: expressionOf(lowering, node, "condition"),
    condition: "",
    yes: statementOf(lowering, node, "consequence"),
    no: otherwise === null ? null : lowerCStatement(lowering, otherwise),
    ...spanOf(node),
  };
}

function lowerWhile(lowering: CLowering, node: RawNode, testsFirst: boolean): CStatement {
  return {
    kind: "loop",
    testsFirst,
    initial: null,
    test: expressionOf(lowering, node, "condition"),
    step: null,
    body: statementOf(lowering, node, "body"),
    ...spanOf(node),
  };
}

function lowerFor(lowering: CLowering, node: RawNode): CStatement {
  const initial = child(node, "initializer");
  return {
    kind: "loop",
    testsFirst: true,
    initial: initial === null ? null : lowerCStatement(lowering, initial),
    test: expressionOf(lowering, node, "condition"),
    step: expressionOf(lowering, node, "update"),
    body: statementOf(lowering, node, "body"),
    ...spanOf(node),
  };
}

function lowerSwitch(lowering: CLowering, node: RawNode): CStatement {
  const subject = child(node, "condition") ?? node;
  return {
    kind: "switch",
    subject: lowerCExpression(lowering, subject),
    body: statementOf(lowering, node, "body"),
    ...spanOf(node),
  };
}

function lowerCase(lowering: CLowering, node: RawNode): CStatement {
  const body = node.children.filter((part) => part.field !== "value");
  return {
    kind: "case",
    value: expressionOf(lowering, node, "value"),
    body: block(lowering, body, node).body,
    ...spanOf(node),
  };
}

function lowerLabel(lowering: CLowering, node: RawNode): CStatement {
  const body = node.children.filter((part) => part.field !== "label");
  const name = textOf(lowering, child(node, "label"));
  return { kind: "label", name, body: block(lowering, body, node).body, ...spanOf(node) };
}

function lowerReturn(lowering: CLowering, node: RawNode): CStatement {
  const value = node.children[0];
  return {
    kind: "return",
    value: value === undefined ? null : lowerCExpression(lowering, value),
    ...spanOf(node),
  };
}

/** `#if` inside a function: two programs, told apart by the text of the condition. */
function lowerPreprocessorIf(lowering: CLowering, node: RawNode): CStatement {
  const name = child(node, "condition") ?? child(node, "name");
  const otherwise = child(node, "alternative");
  const body = node.children.filter((part) => part !== name && part !== otherwise);
  const isNegated = /^#\s*ifndef/.test(lowering.text.slice(node.start, node.start + 12));
  const yes = block(lowering, body, node);
  const no = otherwise === null ? null : lowerCStatement(lowering, otherwise);
  const condition = `#${textOf(lowering, name)}`;
  if (!isNegated) return { kind: "if", test: null, condition, yes, no, ...spanOf(node) };
  return { kind: "if", test: null, condition, yes: no ?? block(lowering, [], node), no: yes, ...spanOf(node) };
}
