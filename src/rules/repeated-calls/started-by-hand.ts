// Contexts that say how a function is started, but not how often.

import type { Context } from "../../python/contexts.ts";

/**
 * A task or callback of an event loop runs once for each time that somebody starts it, which may be once; so does what a
 * signal from the operator sets off.
 */
export function isStartedByHand({ kind, why }: Context): boolean {
  return (kind === "task" && why.includes("event loop")) || (kind === "event" && why.startsWith("a signal handler"));
}
