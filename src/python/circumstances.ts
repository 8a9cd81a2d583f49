// Under what circumstances a node runs: loops, locks, handlers, and the function around it.

import { isEndlessLoop, takesMessages } from "./endless-loops.ts";
import { SITE } from "./facts.ts";
import type { FileView } from "./file-view.ts";
import { remembered } from "./remembered.ts";
import type { Expression, FunctionDef, If, Lambda, Node, Try, While, With } from "./tree.ts";

export interface Circumstances {
  /** Null for the module's body, class bodies in it included. */
  readonly function: FunctionDef | Lambda | null;
  /** Bits of SITE: loop, endless, lock, finally, except, main. */
  readonly flags: number;
  /** Tests of the `if`s around, inside the function. */
  readonly tests: readonly Expression[];
}

/** Circumstances of `node` up to the function that runs it. One climb, O(depth of statements). */
export function circumstancesOf(file: FileView, node: Node): Circumstances {
  const isEndless = (loop: While): boolean => remembered(file, isEndlessLoop, loop);
  let flags = 0;
  const tests: Expression[] = [];
  let child = file.scopes.outermost(node);
  for (let at = child.parent; at !== null; child = at, at = at.parent) {
    if (isBodyOf(at, child)) return { function: at as FunctionDef | Lambda, flags, tests };
    flags |= flagsOf(at, child, isEndless);
    if (at.kind === "if" && child !== at.test) {
      if (isMainTest(at.test)) flags |= SITE.main;
      if (remembered(file, fillsItsTest, at) && at.body.some((each) => each === child)) flags |= SITE.firstTime;
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
      if (child === at.iterable) return 0;
      return takesMessages(at) ? SITE.loop | SITE.endless : SITE.loop;
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

/** `if not self.done: self.done = True`, `if client is None: client = ...`. O(statements of the body). */
function fillsItsTest({ test, body }: If): boolean {
  const asked = emptyPlace(test);
  if (asked === null) return false;
  return body.some((each) => each.kind === "assign" && each.targets.some((target) => isSamePlace(target, asked)));
}

function emptyPlace(test: Expression): Expression | null {
  if (test.kind === "operation" && test.op === "not") return test.operands[0] ?? null;
  const isNone = test.kind === "compare" && test.op === "is" && test.right.kind === "constant";
  return isNone ? test.left : null;
}

function isSamePlace(a: Expression, b: Expression): boolean {
  if (a.kind === "name") return b.kind === "name" && a.id === b.id;
  return a.kind === "attribute" && b.kind === "attribute" && a.name === b.name && isSamePlace(a.object, b.object);
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
