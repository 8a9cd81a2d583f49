// Up to how many elements a container grows, by what the project's code asks before it puts one in.

import { sitesThat, type ContainerDefinition, type ContainerSite } from "./definitions.ts";
import type { LengthLimit } from "./length-limit.ts";

/** These put in one element; others as many as they are given. */
const ONE_AT_A_TIME: ReadonlySet<string> = new Set(["append", "appendleft", "add", "insert", "setdefault", "[]=", "put", "put_nowait"]); // biome-ignore format: one line

/**
 * Its own maximum, or the largest limit of the tests under which the program writes to it; "some" when its number is not known. Null when
 * a write of a function has no such test, or when others are handed the container and may write as they like. O(sites).
 */
export function growsUpTo(container: ContainerDefinition): LengthLimit | null {
  if (container.fact.bound !== null) return container.fact.bound;
  if (sitesThat(container, "escape").some(({ fact }) => fact.how !== "return")) return null;
  const writes = sitesThat(container, "grow").filter(({ function: around }) => around !== null);
  const limits = writes.map(limitOf);
  if (limits.length === 0 || limits.includes(null)) return null;
  return limits.includes("some") ? "some" : Math.max(...limits.map(Number));
}

function limitOf({ fact }: ContainerSite): LengthLimit | null {
  if (fact.limit === undefined) return null;
  return ONE_AT_A_TIME.has(fact.how) ? fact.limit : "some";
}
