// The part of pyright's parser that we use; tools/bundle-parser.ts writes the module itself.

import type { ModuleNode } from "@zzzen/pyright-internal/dist/parser/parseNodes.js";

export interface Version {
  readonly major: number;
  readonly minor: number;
}
export const pythonVersion3_15: Version;

export class ParseOptions {
  isStubFile: boolean;
  pythonVersion: Version;
  useNotebookMode: boolean;
}

/** Receives every syntax error, with offsets (the bundle replaces pyright's line counting). */
export interface ErrorSink {
  addError(message: string, range: { readonly start: number; readonly end: number }): void;
}

export class Parser {
  /** `contentHash` may be anything: it is handed back. */
  parseSourceFile(
    text: string,
    options: ParseOptions,
    sink: ErrorSink,
    contentHash: object,
  ): { readonly parserOutput: { readonly parseTree: ModuleNode } };
}
