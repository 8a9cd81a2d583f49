// The order in which the entries of a cache were used, read while its process runs: nothing is stopped. Where it lies is for others to
// say: a functools.lru_cache has a ring (order-in-ring.ts), other caches an OrderedDict (order-in-dict.ts). Both are links between a newest
// and an oldest.
//
// Why a walk from new to old is safe: links only ever leave their place for the newest end, which lies behind the walk, or leave altogether.
// A link that was taken away under us shows in the next one, whose `newer` no longer points back; then we go back one step and read
// again.

import { HIGH_WORD } from "../base/uint32.ts";

/** Fills the whole buffer from an address, or says that it could not. */
export type ReadExactly = (buffer: Uint8Array, length: number, address: number) => boolean;

/** The order of one cache. */
export interface OrderOfUse {
  /** What stands behind the oldest link. */
  readonly end: number;
  /** Null when the cache is no more. */
  head(): OrderHead | null;
  /** Reads a link into `link`; false when there is none at the address. */
  readLink(address: number): boolean;
  /** The last that was read. */
  readonly link: { key: number; older: number; newer: number };
}

/** What a cache says of itself at one instant. */
export interface OrderHead {
  /** Since it was made or last emptied. Where the cache does not count: those that changed the order. */
  readonly calls: number;
  /** Null where the cache does not count. */
  readonly misses: number | null;
  /** Entries that were thrown out for want of room; null where that is not counted. */
  readonly thrownOut: number | null;
  /** Null where only a walk tells. */
  readonly entries: number | null;
  /** Address of the newest link; `end` when it is empty. */
  readonly newest: number;
}

/** Hashes of keys, newest first, and whether the walk reached the oldest. */
export interface WalkedOrder {
  readonly keys: readonly number[];
  readonly isWhole: boolean;
}

/** A link that moves under the walk costs a step back; more of them than this, and the order moves faster than it can be read. */
const MOST_STEPS_BACK = 256;

/**
 * Walks from the newest link to older ones until `isEnough` says so, or the oldest was read. Null when the order cannot be read or moves too
 * fast. One read of a few bytes for each link.
 */
export function walkOrder(
  order: OrderOfUse,
  newest: number,
  isEnough: (keys: readonly number[]) => boolean,
): WalkedOrder | null {
  const { link, end } = order;
  const links: number[] = [];
  const keys: number[] = [];
  let stepsBack = 0;
  for (let at = newest; at !== end; ) {
    if (isEnough(keys)) return { keys, isWhole: false };
    if (at <= 0 || at % 8 !== 0 || !order.readLink(at)) return null;
    const behind = links.at(-1);
    if (behind !== undefined && link.newer !== behind) {
      // It was used meanwhile and lies at the newest end now. What is behind it knows its new neighbour.
      if (++stepsBack > MOST_STEPS_BACK) return null;
      links.pop();
      keys.pop();
      at = behind;
      continue;
    }
    links.push(at);
    keys.push(link.key);
    at = link.older;
  }
  return { keys, isWhole: true };
}

/** 64 bits of hash into the 53 that a number holds, well mixed: integers of 61 bits are keys, too. */
export function keyOfHash(view: DataView, at: number): number {
  const low = view.getUint32(at, true);
  const high = view.getUint32(at + 4, true);
  const upper = (high ^ Math.imul(low, 0x85ebca6b)) >>> 11;
  return upper * HIGH_WORD + ((low ^ Math.imul(high, 0x9e3779b1)) >>> 0);
}

/** An unsigned word, exact up to 2^53. */
export function wordIn(view: DataView, at: number): number {
  return view.getUint32(at, true) + view.getUint32(at + 4, true) * HIGH_WORD;
}
