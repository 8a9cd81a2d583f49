// What every part of the lowering of C needs: the text, and questions about concrete nodes.

import type { RawNode } from "./tree-sitter-c.ts";

export interface CLowering {
  readonly text: string;
}

/** The part of `node` with that field name. */
export function child(node: RawNode, field: string): RawNode | null {
  return node.children.find((part) => part.field === field) ?? null;
}

/** Empty for null. */
export function textOf(lowering: CLowering, node: RawNode | null): string {
  return node === null ? "" : lowering.text.slice(node.start, node.end);
}
