// The suppressions of a file, with the lines that they mean.

import { type Suppression, suppressionsIn } from "../model/suppression.ts";
import type { SourceRange } from "../model/finding.ts";
import { commentsOf } from "../python/comments.ts";
import type { FileView } from "../python/file-view.ts";
import type { Module, Node, NodeKind } from "../python/tree.ts";
import { walk } from "../python/walk.ts";

/** Most files have none and cost one search. */
const WORTH_READING = /dw:\s*ignore|noqa/i;

type RangeOf = FileView["rangeOf"];

/** Of a Python file. A suppression means the whole head of the statement it stands at: decorators, `def`, all lines of a call. */
export function pythonSuppressions({ text, tree, rangeOf }: FileView): readonly Suppression[] {
  if (!WORTH_READING.test(text)) return [];
  const found = commentsOf(text).flatMap((comment) => suppressionsAt(text, comment, rangeOf));
  return found.length === 0 ? [] : withHeads(found, tree, { text, rangeOf });
}

/** Of a Cython file: each means its own line. */
export function cythonSuppressions(text: string, rangeOf: RangeOf): readonly Suppression[] {
  if (!WORTH_READING.test(text)) return [];
  return commentsOf(text).flatMap((comment) => suppressionsAt(text, comment, rangeOf));
}

/** Comments of C, and strings so that what is in them is none. */
const C_COMMENT = /\/\/[^\r\n]*|\/\*(?:[^*]+|\*(?!\/))*(?:\*\/|$)|"(?:[^"\\\r\n]+|\\[^])*"?|'(?:[^'\\\r\n]+|\\[^])*'?/g;

/** Of a C file: each means its own line. */
export function cSuppressions(text: string, rangeOf: RangeOf): readonly Suppression[] {
  if (!WORTH_READING.test(text)) return [];
  return Array.from(text.matchAll(C_COMMENT))
    .filter((match) => match[0].startsWith("/"))
    .flatMap((match) => suppressionsAt(text, { start: match.index, end: match.index + match[0].length }, rangeOf));
}

function suppressionsAt(
  text: string,
  { start, end }: { readonly start: number; readonly end: number },
  rangeOf: RangeOf,
): readonly Suppression[] {
  return suppressionsIn(text.slice(start, end)).map(({ scope, word, codes, ...part }) => {
    const span = { start: start + part.start, end: start + part.end };
    const { line, column, endColumn, cell } = rangeOf(span);
    const lines = { line, firstLine: line, lastLine: line, ...(cell === undefined ? {} : { cell }) };
    return { scope, word, codes, ...lines, ...span, column, endColumn };
  });
}

/** Widens each to the smallest head around its line. O(nodes + heads * suppressions). */
function withHeads(
  found: readonly Suppression[],
  tree: Module,
  { text, rangeOf }: Pick<FileView, "text" | "rangeOf">,
): readonly Suppression[] {
  const heads: SourceRange[] = [];
  walk(tree, (node) => {
    const head = headOf(node);
    if (head === null) return;
    const range = rangeOf({ start: head.start, end: endWithColon(text, head.end) });
    if (range.endLine > range.line) heads.push(range);
  });
  return found.map((each) => {
    const around = heads.filter(
      (head) => head.cell === each.cell && head.line <= each.line && each.line <= head.endLine,
    );
    const smallest = around.toSorted((a, b) => a.endLine - a.line - (b.endLine - b.line))[0];
    if (smallest === undefined) return each;
    return { ...each, firstLine: smallest.line, lastLine: smallest.endLine };
  });
}

/** Statements without a body: all of one is its head. */
const SIMPLE: ReadonlySet<NodeKind> = new Set<NodeKind>([
  "assign",
  "aug-assign",
  "expression-statement",
  "return",
  "raise",
  "delete",
  "import",
  "import-from",
  "assert",
  "type-alias",
]);

/** A statement up to its body; null for what is no statement. */
function headOf(node: Node): { readonly start: number; readonly end: number } | null {
  switch (node.kind) {
    case "function":
      return withDecorators(node, endOfHead(node.body, node.returns?.end ?? lastEnd(node.parameters, node.nameStart)));
    case "class":
      return withDecorators(node, endOfHead(node.body, lastEnd(node.arguments, node.nameStart)));
    case "for":
      return { start: node.start, end: node.iterable.end };
    case "if":
    case "while":
      return { start: node.start, end: node.test.end };
    case "with":
      return { start: node.start, end: lastEnd(node.items, node.start) };
    default:
      return SIMPLE.has(node.kind) ? { start: node.start, end: node.end } : null;
  }
}

function withDecorators(
  node: { readonly start: number; readonly decorators: readonly Node[] },
  end: number,
): { readonly start: number; readonly end: number } {
  return { start: Math.min(node.start, node.decorators[0]?.start ?? node.start), end };
}

/** Where the head ends, never past the body. */
function endOfHead(body: readonly Node[], end: number): number {
  return Math.min(end, body[0]?.start ?? end);
}

/** What may stand between the last part of a head and its colon: `,`, `)` and `/`, on lines and with comments of their own. */
const TO_COLON = /^(?:[\s,)/\\]|#[^\r\n]*(?=[\r\n]|$))*:/;

/** The end of the colon after `end`; `end` itself when none follows, as in statements without a body. */
function endWithColon(text: string, end: number): number {
  return end + (TO_COLON.exec(text.slice(end))?.[0].length ?? 0);
}

function lastEnd(nodes: readonly Node[], otherwise: number): number {
  return nodes.at(-1)?.end ?? otherwise;
}
