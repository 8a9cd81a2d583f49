// The table of interned strings (3.12 and later). A string that can die is not owned by it: whoever refers to the string keeps it, and
// when nobody does it leaves the table (Objects/unicodeobject.c, unicode_dealloc). Strings that never die are kept by nothing else.

import { isImmortal } from "../cpython/immortal.ts";
import { refcountAt } from "../cpython/refcount.ts";
import { INTERNED_STRINGS } from "./walk/interpreter-parts.ts";
import type { Columns } from "./walk/renumber.ts";
import type { Roots } from "./walk/roots.ts";
import type { Walk } from "./walk/walk-state.ts";

/** Turns what the table does not own into references to nothing, and corrects the balance. O(entries). */
export function disownMortalStrings({ image, scan }: Walk, columns: Columns, { seeds }: Roots): void {
  const { refs, slotOfNode, balance } = columns;
  for (const { origin, slot } of seeds) {
    if (origin.kind !== "interpreter" || origin.part !== INTERNED_STRINGS) continue;
    const table = columns.nodeOfSlot(slot);
    if (table <= 0) continue;
    for (let edge = refs.edgeStart[table]!; edge < refs.edgeStart[table + 1]!; edge++) {
      const target = refs.edgeTarget[edge]!;
      if (target === 0 || isImmortal(refcountAt(image.words, slotOfNode[target]!, scan.offsets))) continue;
      refs.edgeTarget[edge] = 0;
      balance[target]! += 1;
    }
  }
}
