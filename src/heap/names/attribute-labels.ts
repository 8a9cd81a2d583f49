// Makes the promise of TypeRow.attributes hold: every attribute label has a name. It does not for torn objects, and when
// a heap has more kinds of attribute tables than the type table has room for.

import { ATTRIBUTE_LABEL, UNNAMED_LABEL } from "../../cpython/labels.ts";
import type { TypeRow } from "../snapshot.ts";
import type { Columns } from "../walk/renumber.ts";

/** Labels of attributes beyond the names of their row become "unnamed". O(edges). */
export function unnameUnknownAttributes({ nodes, refs, edgeLabel }: Columns, rows: readonly TypeRow[]): void {
  const firstUnknown = Uint32Array.from(rows, (row) => ATTRIBUTE_LABEL + row.attributes.length);
  for (let node = 1; node < nodes.count; node++) {
    const limit = firstUnknown[nodes.type[node]!]!;
    const end = refs.edgeStart[node + 1]!;
    for (let edge = refs.edgeStart[node]!; edge < end; edge++)
      if (edgeLabel[edge]! >= limit) edgeLabel[edge] = UNNAMED_LABEL;
  }
}
