// The order of use that a bounded functools.lru_cache keeps, read while its process runs: nothing is stopped.
//
// Modules/_functoolsmodule.c, bounded_lru_cache_wrapper (alike in 3.8 to 3.13): entries are a ring of links around `root`, which lies in
// the wrapper itself at offset 0. A call puts its link between `root.prev` and `root`, so root.prev is the newest and root.next
// the oldest. A miss in a full cache turns the oldest link into the newest, with another key.
//
// Why a walk from new to old is safe: links only ever leave their place for the newest end, which lies behind the walk. A link
// that was taken away under us shows in the next one, whose `next` no longer points back; then we go back one step and read again.

import { HIGH_WORD } from "../base/uint32.ts";
import type { Layout } from "./layout.ts";

/** Fills the whole buffer from an address, or says that it could not. */
export type ReadExactly = (buffer: Uint8Array, length: number, address: number) => boolean;

/** Where an lru_cache lies, and how it is read. */
export interface OrderOfUse {
  readonly address: number;
  readonly typeAddress: number;
  readonly layout: Layout;
  readonly read: ReadExactly;
  readonly buffer: DataView;
}

/** What the wrapper says of itself at one instant. */
export interface OrderHead {
  readonly hits: number;
  readonly misses: number;
  /** Address of the newest link; the wrapper's own when it is empty. */
  readonly newest: number;
}

export function openOrder(address: number, typeAddress: number, layout: Layout, read: ReadExactly): OrderOfUse {
  const { lruCache, lruLink } = layout.private;
  const bytes = new Uint8Array(Math.max(lruCache.size, lruLink.size));
  return { address, typeAddress, layout, read, buffer: new DataView(bytes.buffer) };
}

/** Null when the cache is no more. */
export function readOrderHead({ address, typeAddress, layout, read, buffer }: OrderOfUse): OrderHead | null {
  const { size, rootPrevious, hits, misses } = layout.private.lruCache;
  if (!read(bytesOf(buffer), size, address) || word(buffer, layout.objectHead.type) !== typeAddress) return null;
  return { hits: word(buffer, hits), misses: word(buffer, misses), newest: word(buffer, rootPrevious) };
}

/** Hashes of keys, newest first, and whether the walk reached the oldest. */
export interface WalkedOrder {
  readonly keys: readonly number[];
  readonly isWhole: boolean;
}

/** A link that moves under the walk costs a step back; more of them than this, and the order moves faster than it can be read. */
const MOST_STEPS_BACK = 256;

/**
 * Walks from the newest link to older ones until `isEnough` says so, or the oldest was read. Null when the ring cannot be read or moves too
 * fast. One read of a few bytes for each link.
 */
export function walkOrder(
  order: OrderOfUse,
  newest: number,
  isEnough: (keys: readonly number[]) => boolean,
): WalkedOrder | null {
  const { previous, next, key } = order.layout.private.lruLink;
  const end = order.address;
  const links: number[] = [];
  const keys: number[] = [];
  let stepsBack = 0;
  for (let at = newest; at !== end; ) {
    if (isEnough(keys)) return { keys, isWhole: false };
    if (!readLink(order, at)) return null;
    const behind = links.at(-1);
    if (behind !== undefined && word(order.buffer, next) !== behind) {
      // It was used meanwhile and lies at the newest end now. What is behind it knows its new neighbour.
      if (++stepsBack > MOST_STEPS_BACK) return null;
      links.pop();
      keys.pop();
      at = behind;
      continue;
    }
    links.push(at);
    // lru_list_elem: the hash stands before the key.
    keys.push(keyOf(order.buffer, key - 8));
    at = word(order.buffer, previous);
  }
  return { keys, isWhole: true };
}

function readLink({ layout, read, buffer }: OrderOfUse, address: number): boolean {
  return address > 0 && address % 8 === 0 && read(bytesOf(buffer), layout.private.lruLink.size, address);
}

/** 64 bits of hash into the 53 that a number holds, well mixed: integers of 61 bits are keys, too. */
function keyOf(view: DataView, hash: number): number {
  const low = view.getUint32(hash, true);
  const high = view.getUint32(hash + 4, true);
  const upper = (high ^ Math.imul(low, 0x85ebca6b)) >>> 11;
  return upper * HIGH_WORD + ((low ^ Math.imul(high, 0x9e3779b1)) >>> 0);
}

function word(view: DataView, at: number): number {
  return view.getUint32(at, true) + view.getUint32(at + 4, true) * HIGH_WORD;
}

function bytesOf(view: DataView): Uint8Array {
  return new Uint8Array(view.buffer);
}
