// The only file that knows where pyright's parser lies. Decision: docs/decisions/0004-python-parser.md.

import type { ModuleNode } from "@zzzen/pyright-internal/dist/parser/parseNodes.js";

import { ParseOptions, Parser, pythonVersion3_15 } from "../../vendor/pyright-parser.mjs";

export interface SyntaxFault {
  readonly message: string;
  /** UTF-16 offsets in the text that was parsed. */
  readonly start: number;
  readonly end: number;
}

export interface PyrightResult {
  readonly module: ModuleNode;
  readonly faults: readonly SyntaxFault[];
}

export interface PyrightOptions {
  readonly isStub: boolean;
  /** `await` outside functions is no error there. */
  readonly isNotebook: boolean;
}

/** An error from Python 3.14 on (PEP 765) but valid before, and in the standard library: not a reason to call a file broken. */
const VERSION_ADVICE = /^A "(?:return|break|continue)" cannot be used to exit a "finally" block$/;

/**
 * The tree as pyright makes it, for the newest version it knows, and what it complains about in order of place.
 * Throws a RangeError when the text nests deeper than the stack of this thread.
 */
export function parseWithPyright(text: string, { isStub, isNotebook }: PyrightOptions): PyrightResult {
  const options = new ParseOptions();
  options.isStubFile = isStub;
  options.useNotebookMode = isNotebook;
  options.pythonVersion = pythonVersion3_15;
  const faults: SyntaxFault[] = [];
  const addError = (message: string, range: { readonly start: number; readonly end: number }): void => {
    if (!VERSION_ADVICE.test(message)) faults.push({ message, start: range.start, end: range.end });
  };
  const { parserOutput } = new Parser().parseSourceFile(text, options, { addError }, options);
  return { module: parserOutput.parseTree, faults: faults.toSorted((a, b) => a.start - b.start) };
}
