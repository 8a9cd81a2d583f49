// What the functions of this folder are given: the scanner, what surrounds the place, and the way into expressions.

import type { Expression, Node } from "../../python/tree.ts";
import { giveUp } from "./give-up.ts";
import { Scanner } from "./scanner.ts";

/** A node while it is being made. Its parent is set when that is there. */
export type Making<Of> = { -readonly [Key in keyof Of]: Of[Key] };
export type Made = Making<Expression>;

/** Around expressions: which code runs them. */
export type Around = "module" | "class" | "function" | "async function" | "lambda";

export interface Grammar {
  /** Conditional, lambda, operators; no walrus, no star, no tuple without parentheses. */
  readonly test: (parser: Parser) => Made;
  /** The same or `name := value`. */
  readonly namedTest: (parser: Parser) => Made;
  /** The same without conditional and lambda. */
  readonly disjunction: (parser: Parser) => Made;
  /** An operand of comparisons: what a loop's target is made of. */
  readonly operand: (parser: Parser) => Made;
  /** `a, *b, c`: a tuple if there is a comma. */
  readonly list: (parser: Parser, element: (parser: Parser) => Made) => Made;
  readonly yielding: (parser: Parser) => Made;
}

/** Levels of nesting that are taken here; the complete parser decides about more. */
const MOST_DEPTH = 80;

export class Parser extends Scanner {
  readonly grammar: Grammar;
  around: Around = "module";
  /** Inside a loop of the same function. */
  isInLoop = false;
  #depth = 0;

  constructor(text: string, grammar: Grammar) {
    super(text);
    this.grammar = grammar;
  }

  descend(): void {
    if (++this.#depth > MOST_DEPTH) giveUp();
  }

  ascend(): void {
    this.#depth--;
  }
}

/** Stands for a parent or child that comes later. */
export const LATER = null as unknown as never;

/** Gives `child` its parent. */
export function adopt<Child extends Node>(child: Child, parent: Node): Child {
  (child as Making<Node>).parent = parent;
  return child;
}

export function adoptAll(children: readonly Node[], parent: Node): void {
  for (const child of children) (child as Making<Node>).parent = parent;
}

/** What a trailing comma may stand before. */
export function endsList(parser: Parser): boolean {
  switch (parser.token) {
    case ")":
    case "]":
    case "}":
    case "=":
    case ":":
    case "newline":
    case ";":
    case "in":
    case "augmented":
    case "!":
      return true;
    default:
      return false;
  }
}
