// Which word of the shared table a scope has; python/src/deadweight/_cache/slots.py says the same.

import { createHash } from "node:crypto";
import { TABLE } from "../../govern/table-layout.ts";

/** 1 to slotWords - 1: word 0 belongs to no scope. */
export function slotOf(scope: string): number {
  return (rankOf(scope) % (TABLE.slotWords - 1)) + 1;
}

/** A number for a text, the same for ever: the first six bytes of its BLAKE2b, exact in a double. */
export function rankOf(text: string): number {
  return createHash("blake2b512").update(text, "utf8").digest().readUIntLE(0, 6);
}
