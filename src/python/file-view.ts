// One parsed file, as rules see it while they collect.

import type { SourceRange } from "../model/finding.ts";
import type { KnownMeanings } from "./meaning.ts";
import type { KnownAnswers } from "./remembered.ts";
import type { Module } from "./tree.ts";
import type { ScopeTree } from "./scopes.ts";

export interface FileView {
  /** As the user gave it. */
  readonly path: string;
  /** app.sessions; "__main__"-only scripts are named by their file. */
  readonly module: string;
  /** An `__init__.py`. */
  readonly isPackage: boolean;
  readonly isStub: boolean;
  /** In a folder or file of tests by the usual names. */
  readonly isTest: boolean;
  /** See resolve-import.ts. */
  readonly neighbours?: Readonly<Record<string, string>>;
  /** Decoded, line ends as in the file. */
  readonly text: string;
  readonly tree: Module;
  readonly scopes: ScopeTree;
  /** Written by names-in-file.ts alone. */
  readonly meanings: KnownMeanings;
  /** Written by remembered.ts alone. */
  readonly answers: KnownAnswers;
  readonly rangeOf: (span: { readonly start: number; readonly end: number }) => SourceRange;
}
