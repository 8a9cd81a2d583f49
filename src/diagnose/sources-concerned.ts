// Whose sources a diagnosis needs beyond the program's own: of the packages that a holder, or an object on its path, belongs to, and
// of those that fill what belongs to another.

import type { OwnedHeap } from "../heap/holders/ownership.ts";
import type { HolderGrowth } from "../model/heap-reports.ts";
import { heapFactsOf } from "./heap-facts.ts";
import { registryOf } from "./library-calls.ts";

export interface SourcesConcerned {
  /** Names of modules; the types of builtins have none. */
  readonly modules: readonly string[];
  /** Files with the code of what piles up, as the process names them. */
  readonly files: readonly string[];
  /** How a line is spelled that may fill a holder from elsewhere: `linecache.cache`, `addHandler(`. */
  readonly spellings: readonly string[];
}

/** `last`: the heap that the steps belong to. O(elements of the holders). */
export function sourcesConcerned(last: OwnedHeap, growths: readonly HolderGrowth[]): SourcesConcerned {
  const modules = new Set<string>();
  const files = new Set<string>();
  const spellings = new Set<string>();
  for (const { holder, steps, mostly } of growths) {
    if (holder.module !== null) modules.add(holder.module);
    for (const type of [...steps.map((step) => step.type), mostly?.type ?? ""])
      if (type.includes(".")) modules.add(type.slice(0, type.lastIndexOf(".")));
    const { elementCode } = heapFactsOf(last, steps);
    if (elementCode !== null) files.add(elementCode.file);
    if (holder.module !== null && /^\w+$/.test(holder.name ?? ""))
      spellings.add(`${holder.module.slice(holder.module.lastIndexOf(".") + 1)}.${holder.name ?? ""}`);
    for (const name of registryOf(holder, steps)?.fills ?? [])
      spellings.add(`${name.slice(name.lastIndexOf(".") + 1)}(`);
  }
  return { modules: [...modules], files: [...files], spellings: [...spellings] };
}
