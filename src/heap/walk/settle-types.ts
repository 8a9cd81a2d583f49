// The final order of types. Which type a walker meets first is chance; by address it is the same for every reading of
// the same memory, however many walkers there were.

import { forgetTypes, rowOfType, type TypeTable, variantOf } from "../../cpython/type-table.ts";

/** A type by its slot; a variant by the slot of its attribute names too, -1 for the type itself. */
export interface TypeKey {
  readonly slot: number;
  readonly variant: number;
}

export function typeKeys(table: TypeTable): readonly TypeKey[] {
  const rows = Array.from({ length: table.names.length - 1 }, (_, i) => i + 1);
  return rows.map((row) => ({ slot: table.slot[row]!, variant: table.variantKey[row]! }));
}

/** What any of the walkers met, each once, by address. */
export function mergeTypeKeys(lists: readonly (readonly TypeKey[])[]): readonly TypeKey[] {
  const keys = new Map(lists.flat().map((key) => [`${key.slot} ${key.variant}`, key]));
  return [...keys.values()].sort((a, b) => a.slot - b.slot || a.variant - b.variant);
}

/** Replaces what the table holds: the same keys give the same rows. */
export function settleTypes(table: TypeTable, keys: readonly TypeKey[]): void {
  forgetTypes(table);
  for (const { slot, variant } of keys) {
    const row = rowOfType(table, slot);
    if (variant >= 0) variantOf(table, row, variant);
  }
}
