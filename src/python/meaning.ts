// What an expression means as far as its file knows: see names-in-file.ts.

import type { Expression } from "./tree.ts";

export interface Meaning {
  readonly name: string;
  /** The name is the class of an object: it has attributes, but the expression is not the class. */
  readonly isObject: boolean;
  /** Reached through a local name. */
  readonly isAlias: boolean;
}

/** What was asked before: facts and rules ask for the same callees again and again. */
export type KnownMeanings = Map<Expression, Meaning | null>;
