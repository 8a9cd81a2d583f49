// Follows the order of use of one lru_cache while its process runs, and counts what each look says about other sizes.

import { type OrderHead, type OrderOfUse, type WalkedOrder, walkOrder } from "../../cpython/order-of-use.ts";
import {
  addInterval,
  blockAt,
  createMissTally,
  type MissTally,
  type RunningTally,
  type TallyBlock,
} from "../../govern/miss-tally.ts";
import { useAll, usedSince } from "../../graph/reuse-interval.ts";
import { createUseStack, type UseStack } from "../../graph/use-stack.ts";
import { createLives, type Lives } from "../../govern/entry-lives.ts";

/** Largest cache whose order is followed: its links are read one by one, some microseconds each. */
export const MOST_ENTRIES = 200_000;
/** Keys that have left the cache are remembered up to this many times its bound. */
const GHOSTS = 8;
const MOST_GHOSTS = 1_000_000;

/** ended: the process or the cache is no more. cleared: its counters began anew. fast: its order moves faster than it can be read. */
export type FollowEnd = "ended" | "cleared" | "fast";

export interface OrderFollower {
  readonly bound: number;
  readonly tally: MissTally;
  /** Calls since the last look; null when there is nothing more to see. */
  readonly end: FollowEnd | null;
  /** Entries when it was last seen as a whole. */
  readonly entries: number;
  /** No key was thrown out since the counters began: there is nothing above the bound that it does not show. */
  readonly isComplete: boolean;
  /** False where calls are those that changed the order: of several with one key in a row only the first did. */
  readonly isCounted: boolean;
  /** Calls between two looks in which more keys passed through than the cache holds: who left is not known. */
  readonly lostCalls: number;
  /** Looks once; answers the number of calls since the look before. `elapsedMs`: since it is followed. */
  look(elapsedMs: number): number;
}

/** Reads the whole order once. `lifeMs`: how long entries live; null: for ever, or nobody knows. Null when it cannot be read. */
export function followOrder(order: OrderOfUse, bound: number, lifeMs: number | null): OrderFollower | null {
  const head = order.head();
  // Without a bound the order is that in which entries came.
  const walked = head === null ? null : walkOrder(order, head.newest, () => bound === Number.POSITIVE_INFINITY);
  if (head === null || walked === null) return null;
  const following: Following = {
    order,
    bound,
    lives: lifeMs === null ? null : createLives(lifeMs),
    tally: createMissTally(bound, lifeMs !== null),
    stack: createUseStack(Number.isFinite(bound) ? Math.min(MOST_GHOSTS, bound * GHOSTS) + bound : 1),
    ambiguous: new Set(),
    calls: head.calls,
    misses: head.misses,
    entries: head.entries ?? walked.keys.length,
    // A full cache is one short for a moment.
    isComplete: head.thrownOut === null ? walked.keys.length < bound - 1 : head.thrownOut === 0,
    lostCalls: 0,
    end: null,
  };
  // Of two keys with one hash neither can be told from the other.
  for (const key of walked.keys.toReversed()) if (following.stack.use(key) > 0) following.ambiguous.add(key);
  return {
    bound,
    tally: following.tally,
    get end() {
      return following.end;
    },
    get entries() {
      return following.entries;
    },
    get isComplete() {
      return following.isComplete;
    },
    isCounted: head.misses !== null,
    get lostCalls() {
      return following.lostCalls;
    },
    look: (elapsedMs) => look(following, blockAt(following.tally, elapsedMs), elapsedMs),
  };
}

interface Following {
  readonly order: OrderOfUse;
  readonly bound: number;
  readonly tally: RunningTally;
  readonly stack: UseStack;
  /** Hashes that two keys of the cache share: their places tell nothing. */
  readonly ambiguous: Set<number>;
  readonly lives: Lives | null;
  calls: number;
  misses: number | null;
  entries: number;
  isComplete: boolean;
  lostCalls: number;
  end: FollowEnd | null;
}

function look(following: Following, block: TallyBlock, elapsedMs: number): number {
  const head = following.order.head();
  if (head === null) return end(following, "ended");
  const made = callsSince(following, head);
  if (made.calls < 0 || (made.misses ?? 0) < 0) return end(following, "cleared");
  if (made.calls < 1) return 0;
  if (following.bound === Number.POSITIVE_INFINITY) return takeUnbounded(following, head, made, block);
  const seen = walkUsed(following, head.newest, Math.floor(made.calls));
  if (seen === null) return end(following, "fast");
  [following.calls, following.misses] = [head.calls, head.misses];
  take(following, { made, block, elapsedMs, ...seen });
  if (head.entries !== null) following.entries = head.entries;
  return made.calls;
}

interface CallsMade {
  readonly calls: number;
  /** Null where the cache does not count. */
  readonly misses: number | null;
}

function callsSince({ calls, misses }: Following, head: OrderHead): CallsMade {
  const isCounted = misses !== null && head.misses !== null;
  return { calls: head.calls - calls, misses: isCounted ? head.misses - misses : null };
}

/** Without a bound no order is kept, and every miss is a new key. */
function takeUnbounded(following: Following, head: OrderHead, made: CallsMade, block: TallyBlock): number {
  const { calls, misses } = { calls: made.calls, misses: made.misses ?? 0 };
  [following.calls, following.misses] = [head.calls, head.misses];
  following.entries += misses;
  const depths = Array.from({ length: misses }, () => 0);
  addInterval(following.tally, block, { calls, misses, depths, knownDepth: 0 });
  return calls;
}

function end(following: Following, how: FollowEnd): number {
  following.end = how;
  return 0;
}

/** The newest keys, and how many of them were used. The counters say how many there can be; loads under way may add some. */
function walkUsed(
  { order, stack, ambiguous }: Following,
  newest: number,
  calls: number,
): { readonly walked: WalkedOrder; readonly used: number } | null {
  for (let most = calls + 3; ; most *= 2) {
    const walked = walkOrder(order, newest, (keys) => keys.length >= most);
    if (walked === null) return null;
    const keys = ambiguous.size === 0 ? walked.keys : walked.keys.filter((key) => !ambiguous.has(key));
    const used = usedSince(stack, keys, walked.isWhole);
    if (used !== null) return { walked: { ...walked, keys }, used };
  }
}

interface Seen {
  readonly walked: WalkedOrder;
  readonly used: number;
  readonly made: CallsMade;
  readonly block: TallyBlock;
  readonly elapsedMs: number;
}

function take(following: Following, { walked, used, made, block, elapsedMs }: Seen): void {
  const { stack, bound, tally, lives } = following;
  const { calls } = made;
  const before = stack.size;
  const isTurnedOver = walked.isWhole && used === walked.keys.length && made.misses !== 0 && calls > bound;
  if (isTurnedOver) {
    // Keys may have come and gone unseen: what is known is what is there now.
    stack.clear();
    following.lostCalls += calls;
  }
  const depths = useAll(stack, walked.keys, used);
  if (walked.isWhole) following.entries = walked.keys.length;
  else following.entries = Math.min(bound, Math.max(following.entries, stack.size));
  // Nor is it known then how many were misses.
  if (isTurnedOver && made.misses === null) return;
  const misses = made.misses ?? depths.filter((depth) => depth === 0 || depth > bound).length;
  const told =
    lives === null ? depths : lives.without(depths, walked.keys.slice(0, used).toReversed(), bound, elapsedMs);
  const knownDepth = isTurnedOver ? 0 : following.isComplete ? Number.POSITIVE_INFINITY : before;
  addInterval(tally, block, { calls, misses, depths: isTurnedOver ? [] : told, knownDepth });
}
