// Texts of nodes: keys that are identifiers or small numbers, string values where the user asked for them.

import type { NodeIx } from "../../base/brand.ts";
import type { TextTable } from "../snapshot.ts";
import { positionOf } from "./bisect.ts";

const decoder = new TextDecoder("utf-8");

/** The text of a node, or null: a text is never invented. */
export function textOf(texts: TextTable, node: NodeIx): string | null {
  const at = positionOf(texts.node, node);
  if (at < 0) return null;
  return decoder.decode(texts.utf8.subarray(texts.start[at], texts.start[at + 1]));
}
