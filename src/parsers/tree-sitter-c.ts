// The only file that knows where the C grammar lies. Decision: docs/decisions/0006-c-parser.md.

import { readFile } from "node:fs/promises";

import type { Language, Parser, TreeCursor } from "web-tree-sitter";

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

/**
 * The runtime is one per thread, whoever asks, and a grammar that is loaded stays in its table: after some thousand loads the
 * table is full. So this is remembered here, where the runtime is.
 */
const LOADED: { grammar: Promise<Grammar> | null } = { grammar: null };

interface Grammar {
  readonly language: Language;
  readonly newParser: () => Parser;
}

/** Most projects have no C: the package is loaded here, not with the tool. */
async function loadGrammar(): Promise<Grammar> {
  const treeSitter = await import("web-tree-sitter");
  await treeSitter.Parser.init();
  const language = await treeSitter.Language.load(await readFile(GRAMMAR));
  return { language, newParser: () => new treeSitter.Parser() };
}

/** Loads runtime and grammar, 0.8 MB, once; call it only when there is a C file to read. Rejects when the grammar is missing. */
export async function loadCGrammar(): Promise<ReadCText> {
  const { language, newParser } = await (LOADED.grammar ??= loadGrammar());
  return (text) => {
    const parser = newParser();
    try {
      return readTree(parser.setLanguage(language), text);
    } finally {
      // What the wasm holds is not collected.
      parser.delete();
    }
  };
}

function readTree(parser: Parser, text: string): RawNode | null {
  const tree = parser.parse(text);
  if (tree === null) return null;
  const cursor = tree.walk();
  try {
    return rawNode(cursor);
  } finally {
    // Also after a text that nests deeper than the stack.
    cursor.delete();
    tree.delete();
  }
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
