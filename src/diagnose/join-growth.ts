// A place that grew, with what the last heap and the sources say of it.

import type { OwnedHeap } from "../heap/holders/ownership.ts";
import type { HolderGrowth } from "../model/heap-reports.ts";
import { type HeapFacts, heapFactsOf } from "./heap-facts.ts";
import { joinSource } from "./join-source.ts";
import type { ProcessSource } from "./process-source.ts";
import { NO_JOIN, type SourceJoin } from "./source-join.ts";

export interface JoinedGrowth {
  readonly heap: HeapFacts;
  /** The type of most of what was added; null when that is not known. */
  readonly mostly: string | null;
  readonly join: SourceJoin;
}

/** Without sources nothing is joined. */
export function joinGrowth(
  { holder, steps, entries, mostly: added }: HolderGrowth,
  last: OwnedHeap,
  source: ProcessSource | null,
): JoinedGrowth {
  const heap = heapFactsOf(last, steps);
  const mostly = added?.type ?? heap.elementType;
  const { elementCode: code, codesOnPath: codes, collector } = heap;
  const join = source === null ? NO_JOIN : joinSource(source, { holder, steps, mostly, code, codes, collector });
  // Something writes past the test that was found.
  const isRefuted = typeof join.bound === "number" && (entries.at(-1) ?? 0) > join.bound;
  return { heap, mostly, join: isRefuted ? { ...join, bound: null } : join };
}
