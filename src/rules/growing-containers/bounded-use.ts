// Code that looks at the size of a container before it grows: an own bound, however it is kept.

import type { ContainerDefinition } from "../../python/definitions.ts";
import { isUnder } from "../../python/facts.ts";

/** True if any write stands under or after a comparison of the container's length. */
export function hasBoundedUse({ sites }: ContainerDefinition): boolean {
  return sites.some(({ fact }) => fact.action !== "read" && isUnder(fact, "lengthGuard"));
}
