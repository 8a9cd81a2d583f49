// The only file that knows where the C grammar lies. Decision: docs/decisions/0006-c-parser.md.

import { readFile } from "node:fs/promises";

import { Language, Parser, type TreeCursor } from "web-tree-sitter";

/** One named node of the concrete tree. A plain object: a call into the wasm for every question would cost more. */
export interface RawNode {
  readonly type: string;
  /** What it is to its parent: "left", "body". */
  readonly field: string | null;
  readonly start: number;
  readonly end: number;
  readonly children: readonly RawNode[];
  /** Something below it did not fit the grammar. Known of functions only. */
  readonly isBroken: boolean;
}

export type ReadCText = (text: string) => RawNode | null;

const GRAMMAR = new URL("../../vendor/tree-sitter-c.wasm", import.meta.url);

/** Loads runtime and grammar, 0.8 MB, once; call it only when there is a C file to read. Rejects when the grammar is missing. */
export async function loadCGrammar(): Promise<ReadCText> {
  await Parser.init();
  const parser = new Parser();
  parser.setLanguage(await Language.load(await readFile(GRAMMAR)));
  return (text) => {
    const tree = parser.parse(text);
    if (tree === null) return null;
    const cursor = tree.walk();
    const root = rawNode(cursor);
    cursor.delete();
    tree.delete();
    return root;
  };
}

/** Where the text of the operator decides. */
const OPERATORS: ReadonlySet<string> = new Set(["operator"]);

function rawNode(cursor: TreeCursor): RawNode {
  const type = cursor.nodeType;
  const children: RawNode[] = [];
  const isBroken = type === "function_definition" && cursor.currentNode.hasError;
  if (cursor.gotoFirstChild()) {
    do {
      const field = cursor.currentFieldName;
      if (cursor.nodeType === "comment") continue;
      if (cursor.nodeIsNamed || (field !== null && OPERATORS.has(field))) children.push(rawNode(cursor));
    } while (cursor.gotoNextSibling());
    cursor.gotoParent();
  }
  return {
    type,
    field: cursor.currentFieldName,
    start: cursor.startIndex,
    end: cursor.endIndex,
    children,
    isBroken,
  };
}
