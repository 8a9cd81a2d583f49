// Context variables say what they are called by a string of their own.

import type { TypeRow } from "../snapshot.ts";
import type { Columns } from "../walk/renumber.ts";

/** Rows of the strings that name the variables at `variables`. O(edges of these). */
export function namesOfVariables(
  { nodes, refs, edgeLabel }: Columns,
  rows: readonly TypeRow[],
  variables: readonly number[],
): ReadonlySet<number> {
  const names = new Set<number>();
  for (const node of variables) {
    const { fields } = rows[nodes.type[node]!]!;
    for (let edge = refs.edgeStart[node]!; edge < refs.edgeStart[node + 1]!; edge++)
      if (fields.get(edgeLabel[edge]!) === "name") names.add(refs.edgeTarget[edge]!);
  }
  return names;
}
