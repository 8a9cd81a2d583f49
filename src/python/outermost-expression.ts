// The way up from a node inside expressions. Generated sources have chains of thousands of calls, each of which asks in
// which statement it stands: a way that is long is walked once.

import type { Node } from "./tree.ts";

/** Steps up after which answers are kept, and how far apart. */
const LONG_WAY = 32;

/** Finds the last node on the way up from a node before one that says something about it: a statement, a lambda, a clause. */
export type FindOutermost = (node: Node) => Node;

/** One for each file: it remembers long ways. Amortised O(1) in the depth of expressions. */
export function outermostFinder(): FindOutermost {
  const known = new Map<Node, Node>();
  return (node) => {
    let at = node;
    for (let steps = 0; at.parent !== null && isPlain(at.parent); at = at.parent)
      if (++steps > LONG_WAY) return farOutermost(node, known);
    return at;
  };
}

function farOutermost(node: Node, known: Map<Node, Node>): Node {
  const marks: Node[] = [];
  let at = node;
  for (let steps = 0; at.parent !== null && isPlain(at.parent); at = at.parent, steps++) {
    const found = known.get(at);
    if (found !== undefined) {
      at = found;
      break;
    }
    if (steps % LONG_WAY === 0) marks.push(at);
  }
  for (const mark of marks) known.set(mark, at);
  return at;
}

/** Expressions that neither open a scope nor say when or how often their parts run. */
function isPlain({ kind }: Node): boolean {
  switch (kind) {
    case "call":
    case "attribute":
    case "argument":
    case "subscript":
    case "operation":
    case "compare":
    case "display":
    case "dict":
    case "dict-entry":
    case "starred":
    case "await":
      return true;
    default:
      return false;
  }
}
