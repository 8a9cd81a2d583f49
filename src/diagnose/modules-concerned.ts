// Whose sources a diagnosis needs beyond the program's own: of the packages that a holder, or an object on its path, belongs to.

import type { HolderGrowth } from "../model/heap-reports.ts";

/** Names of modules; the types of builtins have none. */
export function modulesConcerned(growths: readonly HolderGrowth[]): readonly string[] {
  const names = new Set<string>();
  for (const { holder, steps } of growths) {
    if (holder.module !== null) names.add(holder.module);
    for (const { type } of steps) if (type.includes(".")) names.add(type.slice(0, type.lastIndexOf(".")));
  }
  return [...names];
}
