// What two looks at an order of use say about the calls between them. See docs/decisions/0010-curves-from-the-order-of-use.md.

import type { UseStack } from "./use-stack.ts";

/**
 * How many of the newest keys were used since the stack was last brought up to date, or null when more have to be seen to tell: keys that
 * were not used are in their old order behind all that were. The smallest such number. O(keys).
 */
export function usedSince(stack: UseStack, newestFirst: readonly number[], isWhole: boolean): number | null {
  let used = newestFirst.length;
  let newer = 0;
  while (used > 0) {
    const recency = stack.recencyOf(newestFirst[used - 1]!);
    if (recency === 0 || recency <= newer) break;
    newer = recency;
    used--;
  }
  // The last key of an unfinished walk proves nothing by itself: it has to be in the old order with what stands before it.
  return isWhole || newestFirst.length - used >= 2 ? used : null;
}

/**
 * Brings the stack up to date: uses the `used` newest keys, oldest first. Answers the depth each had when its turn came, 0 for those the
 * stack did not know. Where a key was used several times, its last use stands for its first: distances may be off by the
 * number of keys in the interval, not more.
 */
export function useAll(stack: UseStack, newestFirst: readonly number[], used: number): number[] {
  const depths: number[] = [];
  for (let at = used - 1; at >= 0; at--) depths.push(stack.use(newestFirst[at]!));
  return depths;
}
