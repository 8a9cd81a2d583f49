// Python source to our tree: plain files by our own parser, everything else by pyright's, docs/decisions/0004-python-parser.md.

import type { Module, Statement } from "../python/tree.ts";
import { lowerStatements } from "./lower-statements.ts";
import type { Growing } from "./lowering.ts";
import { parsePlain } from "./plain/plain-python.ts";
import type { PyrightOptions, SyntaxFault } from "./pyright-parser.ts";
import { mainFault, parseGuarded, parsePieces, type Piece, TOO_DEEP } from "./resynchronise.ts";

export interface ParsedPython {
  readonly tree: Module;
  /** In order of place; one for each run of lines that could not be read. */
  readonly faults: readonly SyntaxFault[];
}

/**
 * The tree of one module. A source with errors still has one: what could be read of it. Never throws for what is in the
 * text. O(length) without errors.
 */
export function parsePython(text: string, options: PyrightOptions): ParsedPython {
  // In a notebook more is allowed.
  const plain = options.isNotebook ? null : parsePlain(text);
  return plain === null ? parseCompletely(text, options) : { tree: plain, faults: [] };
}

/** The same by pyright's parser alone: several times as slow. */
export function parseCompletely(text: string, options: PyrightOptions): ParsedPython {
  const pieces: Iterable<Piece> = parseWhole(text, options) ?? parsePieces(text, options);
  const tree: Growing<Module> = { kind: "module", start: 0, end: text.length, parent: null, body: [] };
  const body: Statement[] = [];
  const faults: SyntaxFault[] = [];
  for (const piece of pieces) {
    const { start } = piece;
    const fault = mainFault(piece.faults);
    if (fault !== undefined) faults.push({ ...fault, start: fault.start + start, end: fault.end + start });
    for (const one of lowerPiece(piece, text, tree, faults)) body.push(one);
  }
  tree.body = body;
  return { tree, faults };
}

/** Null with errors. A function of its own: the tree of a large text is not kept while the pieces are read. */
function parseWhole(text: string, options: PyrightOptions): readonly Piece[] | null {
  const whole = parseGuarded(text, options);
  return whole.faults.length === 0 ? [{ ...whole, start: 0 }] : null;
}

/** What the parser could read may still be too deep: then that statement alone is left out. */
function lowerPiece({ module, start }: Piece, text: string, tree: Module, faults: SyntaxFault[]): Statement[] {
  const source = start === 0 ? text : text.slice(start, start + module.length);
  const body: Statement[] = [];
  for (const statement of module.d.statements) {
    try {
      for (const one of lowerStatements([statement], tree, { text: source, base: start, depth: 0 })) body.push(one);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      const from = statement.start + start;
      faults.push({ message: TOO_DEEP, start: from, end: from + statement.length });
    }
  }
  return body;
}
