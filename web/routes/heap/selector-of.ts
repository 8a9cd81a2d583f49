// How the server is asked about a row of the picture.

import type { FlatTree } from "../../views/retention/flat-tree.ts";

/** Null for rows that stand for no object: the whole heap, and what several roots hold. */
export function selectorOf({ rows }: FlatTree, row: number): string | null {
  const { address, label } = rows[row] ?? { address: null, label: "" };
  if (address !== null) return address;
  return label === "" || label.startsWith("<") ? null : label;
}
