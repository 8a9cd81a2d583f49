// Code that runs once although its function runs often: `if not _installed:`, `if logger.handlers: return`, a cache around.

import { circumstancesOf } from "../../python/circumstances.ts";
import type { FileView } from "../../python/file-view.ts";
import { calleeName } from "../../python/names-in-file.ts";
import type { Expression, FunctionDef, Lambda, Node, Statement } from "../../python/tree.ts";
import { enclosingFunction, walk } from "../../python/walk.ts";

/** Names of flags and slots that say that something was done before. */
const SAYS_DONE =
  /configured|initiali[sz]ed|installed|registered|started|loaded|\bdone|set_?up|ready|once|instance|patched|handlers|hasHandlers|loggerDict|enabled|connected|already|seen|exists|wrapped/i;

/** Whether tests around or before `node` let it run only the first time. O(nodes of its function). */
export function isGuardedOnce(file: FileView, node: Node): boolean {
  const around = enclosingFunction(node);
  if (around === null) return false;
  if (isMemoised(file, around)) return true;
  const tests = testsBefore(node);
  if (tests.length === 0) return false;
  if (tests.some((test) => SAYS_DONE.test(file.text.slice(test.start, test.end)))) return true;
  const assigned = assignedPlaces(file, around);
  return tests.some((test) => mentions(file, test, assigned));
}

/** Tests of the `if`s around `node`, and of those before it that leave the function. */
export function testsBefore(node: Node): readonly Expression[] {
  const tests = [...circumstancesOf(node).tests];
  let child = node;
  for (let at = node.parent; at !== null; child = at, at = at.parent) {
    for (const statement of statementsBefore(at, child)) if (isExit(statement)) tests.push(statement.test);
    if (at.kind === "function" || at.kind === "lambda") break;
  }
  return tests;
}

/** Statements of the block of `at` that `child` is in, up to it. */
function statementsBefore(at: Node, child: Node): readonly Statement[] {
  const blocks: (readonly Statement[])[] = [];
  if ("body" in at && Array.isArray(at.body)) blocks.push(at.body as readonly Statement[]);
  if ("otherwise" in at && Array.isArray(at.otherwise)) blocks.push(at.otherwise as readonly Statement[]);
  if (at.kind === "try") blocks.push(at.finallyBody);
  for (const block of blocks) {
    const position = block.indexOf(child as Statement);
    if (position > 0) return block.slice(0, position);
  }
  return [];
}

function isExit(statement: Statement): statement is Extract<Statement, { readonly kind: "if" }> {
  if (statement.kind !== "if") return false;
  const last = statement.body.at(-1);
  return last?.kind === "return" || last?.kind === "raise" || (last?.kind === "simple" && last.word !== "pass");
}

/** Whether its results are kept: the body runs once for each argument. */
export function isMemoised(file: FileView, around: FunctionDef | Lambda): boolean {
  if (around.kind === "lambda") return false;
  return around.decorators.some((decorator) => {
    const name = calleeName(file, decorator.kind === "call" ? decorator.callee : decorator) ?? "";
    return /cache|memo|once|singleton|lazy|fixture/i.test(name);
  });
}

function assignedPlaces(file: FileView, around: Node): ReadonlySet<string> {
  const found = new Set<string>();
  walk(around, (node) => {
    if (node.kind !== "assign") return;
    for (const target of node.targets)
      if (target.kind === "attribute" || isGlobal(file, target)) found.add(file.text.slice(target.start, target.end));
  });
  return found;
}

function isGlobal(file: FileView, target: Expression): boolean {
  return target.kind === "name" && file.scopes.scopeOf(target).globals.has(target.id);
}

function mentions(file: FileView, test: Expression, places: ReadonlySet<string>): boolean {
  let found = false;
  walk(test, (node) => {
    if (node.kind === "name" || node.kind === "attribute") found ||= places.has(file.text.slice(node.start, node.end));
  });
  return found;
}
