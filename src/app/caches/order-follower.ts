// Follows the order of use of one lru_cache while its process runs, and counts what each look says about other sizes.

import { type OrderOfUse, readOrderHead, type WalkedOrder, walkOrder } from "../../cpython/order-of-use.ts";
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
  /** Calls between two looks in which more keys passed through than the cache holds: who left is not known. */
  readonly lostCalls: number;
  /** Looks once; answers the number of calls since the look before. `elapsedMs`: since it is followed. */
  look(elapsedMs: number): number;
}

/** Reads the whole order once. Null when it cannot be read. */
export function followOrder(order: OrderOfUse, bound: number): OrderFollower | null {
  const head = readOrderHead(order);
  const walked = head === null ? null : walkOrder(order, head.newest, () => false);
  if (head === null || walked === null) return null;
  const following: Following = {
    order,
    bound,
    tally: createMissTally(bound),
    stack: createUseStack(Number.isFinite(bound) ? Math.min(MOST_GHOSTS, bound * GHOSTS) + bound : 1),
    ambiguous: new Set(),
    hits: head.hits,
    misses: head.misses,
    entries: walked.keys.length,
    isComplete: walked.keys.length < bound,
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
    get lostCalls() {
      return following.lostCalls;
    },
    look: (elapsedMs) => look(following, blockAt(following.tally, elapsedMs)),
  };
}

interface Following {
  readonly order: OrderOfUse;
  readonly bound: number;
  readonly tally: RunningTally;
  readonly stack: UseStack;
  /** Hashes that two keys of the cache share: their places tell nothing. */
  readonly ambiguous: Set<number>;
  hits: number;
  misses: number;
  entries: number;
  isComplete: boolean;
  lostCalls: number;
  end: FollowEnd | null;
}

function look(following: Following, block: TallyBlock): number {
  const head = readOrderHead(following.order);
  if (head === null) return end(following, "ended");
  const [hits, misses] = [head.hits - following.hits, head.misses - following.misses];
  if (hits < 0 || misses < 0) return end(following, "cleared");
  const calls = hits + misses;
  if (calls === 0) return 0;
  if (following.bound === Number.POSITIVE_INFINITY) {
    // Without a bound no order is kept, and every miss is a new key.
    [following.hits, following.misses] = [head.hits, head.misses];
    following.entries += misses;
    const depths = Array.from({ length: misses }, () => 0);
    addInterval(following.tally, block, { calls, misses, depths, knownDepth: 0 });
    return calls;
  }
  const seen = walkUsed(following, head.newest, calls);
  if (seen === null) return end(following, "fast");
  [following.hits, following.misses] = [head.hits, head.misses];
  take(following, { calls, misses, block, ...seen });
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
  readonly calls: number;
  readonly misses: number;
  readonly block: TallyBlock;
}

function take(following: Following, { walked, used, calls, misses, block }: Seen): void {
  const { stack, bound, tally } = following;
  const before = stack.size;
  const isTurnedOver = walked.isWhole && used === walked.keys.length && misses > 0 && calls > bound;
  if (isTurnedOver) {
    // Keys may have come and gone unseen: what is known is what is there now.
    stack.clear();
    following.lostCalls += calls;
  }
  const depths = useAll(stack, walked.keys, used);
  if (walked.isWhole) following.entries = walked.keys.length;
  else following.entries = Math.min(bound, Math.max(following.entries, stack.size));
  const knownDepth = isTurnedOver ? 0 : following.isComplete ? Number.POSITIVE_INFINITY : before;
  addInterval(tally, block, { calls, misses, depths: isTurnedOver ? [] : depths, knownDepth });
}
