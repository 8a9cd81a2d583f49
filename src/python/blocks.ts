// The statements that stand before a node: in its own block, and in the blocks around, up to its function.

import type { FileView } from "./file-view.ts";
import type { If, Node, Statement } from "./tree.ts";

export interface BlockAround {
  readonly block: readonly Statement[];
  /** The statement of the block that `node` is in. */
  readonly statement: Node;
  /** Whose block it is. */
  readonly owner: Node;
}

/** Innermost first. O(depth). */
export function blocksAround(file: FileView, node: Node): readonly BlockAround[] {
  const found: BlockAround[] = [];
  let child = file.scopes.outermost(node);
  for (let at = child.parent; at !== null; child = at, at = at.parent) {
    for (const block of blocksOf(at)) if (isWithin(block, child)) found.push({ block, statement: child, owner: at });
    if (at.kind === "function" || at.kind === "lambda") break;
  }
  return found;
}

/** An `if` that leaves the block: what follows runs only if its test did not hold. */
export function isExit(statement: Statement): statement is If {
  if (statement.kind !== "if") return false;
  const last = statement.body.at(-1);
  return last?.kind === "return" || last?.kind === "raise" || (last?.kind === "simple" && last.word !== "pass");
}

function blocksOf(node: Node): readonly (readonly Statement[])[] {
  const blocks: (readonly Statement[])[] = [];
  if ("body" in node && Array.isArray(node.body)) blocks.push(node.body as readonly Statement[]);
  if ("otherwise" in node && Array.isArray(node.otherwise)) blocks.push(node.otherwise as readonly Statement[]);
  if (node.kind === "try") blocks.push(node.finallyBody);
  return blocks;
}

/** By position: blocks may have thousands of statements. */
function isWithin(block: readonly Statement[], { start }: Node): boolean {
  const [first] = block;
  const last = block.at(-1);
  return first !== undefined && last !== undefined && first.start <= start && start <= last.start;
}
