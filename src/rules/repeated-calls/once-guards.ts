// Code that runs once although its function runs often: `if not _installed:`, `if logger.handlers: return`, a cache around.

import { blocksAround, isExit } from "../../python/blocks.ts";
import { circumstancesOf } from "../../python/circumstances.ts";
import type { FileView } from "../../python/file-view.ts";
import { calleeName } from "../../python/names-in-file.ts";
import { remembered } from "../../python/remembered.ts";
import type { Expression, FunctionDef, Lambda, Node, Statement } from "../../python/tree.ts";
import { enclosingFunction, walk } from "../../python/walk.ts";

/** Names of flags and slots that say that something was done before. */
const SAYS_DONE =
  /configured|initiali[sz]ed|installed|registered|started|loaded|\bdone|set_?up|ready|once|instance|patched|handlers|hasHandlers|loggerDict|enabled|connected|already|seen|exists|wrapped/i;

/** Whether tests around or before `node` let it run only the first time. O(depth), after one look at its function. */
export function isGuardedOnce(file: FileView, node: Node): boolean {
  const around = enclosingFunction(node);
  if (around === null) return false;
  if (isMemoised(file, around)) return true;
  const isGuard = (test: Expression): boolean => remembered(file, saysDone, test);
  return circumstancesOf(file, node).tests.some(isGuard) || isAfterGuard(file, node);
}

/** Whether a statement before `node`, in the same function, leaves it when something was done already. */
function isAfterGuard(file: FileView, node: Node): boolean {
  return blocksAround(file, node).some(({ block, statement }) => {
    const guard = remembered(file, firstGuard, block);
    return guard !== null && guard.start < statement.start;
  });
}

function firstGuard(block: readonly Statement[], file: FileView): Statement | null {
  return block.find((each) => isExit(each) && remembered(file, saysDone, each.test)) ?? null;
}

/** Whether a test asks for something that was done before: by its words, or by what its function assigns. */
function saysDone(test: Expression, file: FileView): boolean {
  if (SAYS_DONE.test(file.text.slice(test.start, test.end))) return true;
  const around = enclosingFunction(test);
  return around !== null && mentions(file, test, remembered(file, assignedPlaces, around));
}

/** Whether its results are kept: the body runs once for each argument. */
export function isMemoised(file: FileView, around: FunctionDef | Lambda): boolean {
  if (around.kind === "lambda") return false;
  return around.decorators.some((decorator) => {
    const name = calleeName(file, decorator.kind === "call" ? decorator.callee : decorator) ?? "";
    return /cache|memo|once|singleton|lazy|fixture/i.test(name);
  });
}

function assignedPlaces(around: Node, file: FileView): ReadonlySet<string> {
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
