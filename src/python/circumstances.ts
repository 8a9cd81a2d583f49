// Under what circumstances a node runs: loops, locks, handlers, and the function around it. One climb, O(depth).

import { isEndlessLoop } from "./endless-loops.ts";
import { SITE } from "./facts.ts";
import type { Expression, FunctionDef, Lambda, Node, Try, While, With } from "./tree.ts";

export interface Circumstances {
  /** Null for the module's body, class bodies in it included. */
  readonly function: FunctionDef | Lambda | null;
  /** Bits of SITE: loop, endless, lock, finally, except, main. */
  readonly flags: number;
  /** Tests of the `if`s around, inside the function. */
  readonly tests: readonly Expression[];
}

/** Circumstances of `node` up to the function that runs it; `isEndless` as `isEndlessLoop` says, perhaps remembered. */
export function circumstancesOf(node: Node, isEndless: (loop: While) => boolean = isEndlessLoop): Circumstances {
  let flags = 0;
  const tests: Expression[] = [];
  let child = node;
  for (let at = node.parent; at !== null; child = at, at = at.parent) {
    if (isBodyOf(at, child)) return { function: at as FunctionDef | Lambda, flags, tests };
    flags |= flagsOf(at, child, isEndless);
    if (at.kind === "if" && child !== at.test) {
      if (isMainTest(at.test)) flags |= SITE.main;
      tests.push(at.test);
    }
  }
  return { function: null, flags, tests };
}

/** Decorators, defaults and annotations run outside of the function. */
function isBodyOf(at: Node, child: Node): boolean {
  if (at.kind === "lambda") return child.kind !== "parameter";
  if (at.kind !== "function" || child.kind === "parameter") return false;
  return child !== at.returns && !(at.decorators as readonly Node[]).includes(child);
}

function flagsOf(at: Node, child: Node, isEndless: (loop: While) => boolean): number {
  switch (at.kind) {
    case "for":
      return child === at.iterable ? 0 : SITE.loop;
    case "while":
      return isEndless(at) ? SITE.loop | SITE.endless : SITE.loop;
    case "comprehension":
      return SITE.loop;
    case "try":
      return inFinally(at, child) ? SITE.finally : 0;
    case "except":
      return SITE.except;
    case "with":
      return holdsLock(at) ? SITE.lock : 0;
    default:
      return 0;
  }
}

function inFinally({ finallyBody }: Try, child: Node): boolean {
  const [first] = finallyBody;
  return first !== undefined && child.start >= first.start;
}

/** A lock by its name: `with self._lock:`, `with cache_mutex:`, `async with sem:`. */
function holdsLock({ items }: With): boolean {
  return items.some(({ context }) => /lock|mutex|semaphore|condition|\bcond$/i.test(lastWord(context)));
}

function lastWord(expression: Expression): string {
  if (expression.kind === "name") return expression.id;
  if (expression.kind === "attribute") return expression.name;
  if (expression.kind === "call") return lastWord(expression.callee);
  return expression.kind === "subscript" ? lastWord(expression.object) : "";
}

function isMainTest(test: Expression): boolean {
  return (
    test.kind === "compare" && [test.left, test.right].some((side) => side.kind === "name" && side.id === "__name__")
  );
}
