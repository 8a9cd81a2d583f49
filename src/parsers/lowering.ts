// What every lowering function is given: where the parsed text lies in the file.

import type { ExpressionNode } from "@zzzen/pyright-internal/dist/parser/parseNodes.js";

import type { Expression, Node } from "../python/tree.ts";

export interface Lowering {
  /** What pyright was given: the file, or a piece of it. */
  readonly text: string;
  /** Where that piece begins in the file. */
  readonly base: number;
  /** Expressions and suites around the node that is being made. */
  depth: number;
}

/**
 * Depth at which reading ends. CPython itself takes 200 brackets (MAXLEVEL) and 100 indentations (MAXINDENT), both in
 * Parser/lexer/state.h. A limit of our own gives the same answer in every thread, whatever its stack.
 */
const MOST_DEPTH = 300;

/** Counts a level; throws a RangeError, as a stack that overflows does, when there are too many. */
export function descend(at: Lowering): void {
  if (++at.depth > MOST_DEPTH) throw new RangeError("too deep");
}

export type LowerExpression = (from: ExpressionNode, parent: Node, at: Lowering) => Expression;

/** A node while its children are being filled in. Afterwards nobody writes to it. */
export type Growing<Of> = { -readonly [Key in keyof Of]: Of[Key] };

/** Stands in a slot until its child is there. */
export const PENDING = null as unknown as never;
