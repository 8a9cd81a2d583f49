// How a function is reached, as links of a chain of evidence.

import type { RelatedLocation } from "../../model/finding.ts";
import type { Context } from "../../python/contexts.ts";

/** From the entry point to the function; of a long way the entry point and the last steps. Empty when nothing is known. */
export function wayHere({ chain, why }: Context, most: number): readonly RelatedLocation[] {
  const [entry, ...steps] = chain;
  if (entry === undefined) return [];
  const last = steps.slice(Math.max(0, steps.length - most + 1));
  return [
    { ...entry.at, message: `is reached from ${entry.name}: ${why}` },
    ...last.map(({ name, at }) => ({ ...at, message: `by way of ${name}` })),
  ];
}
