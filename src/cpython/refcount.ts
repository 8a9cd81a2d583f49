// How many references an object says there are to it, and whether what lies there can be an object at all.
// With a GIL one word counts. Without one the owning thread counts in `ob_ref_local`, all others together in
// `ob_ref_shared`, which may be below 0 (PEP 703; Include/object.h and refcount.h of 3.13 and later).

import { HIGH_WORD } from "../base/uint32.ts";
import type { Offsets } from "./offsets.ts";

/** What `refcountAt` gives for objects whose count says nothing: they never die, or references on stacks are left out. */
export const UNCOUNTED_REFCOUNT = 0xffffffff;

/** Halves of words from the start of an object: see _object in Include/object.h. */
const STATE_HALF = 2;
const LOCAL_HALF = 3;
const SHARED_HALF = 4;
/** PyMutex has two bits; `ob_gc_bits` uses eight. */
const MUTEX_AND_GC_BITS = 0xff03_0000;
const DEFERRED_SHIFT = 24;
const SHARED_STEP = 4;

/** The reference count of the object at `slot`; UNCOUNTED_REFCOUNT, or another immortal one, where it counts nothing. O(1). */
export function refcountAt(words: Uint32Array, slot: number, offsets: Offsets): number {
  return offsets.isSplit ? splitRefcount(words, slot * 2, offsets.deferredBit) : words[slot * 2]!;
}

/**
 * Whether the head at `slot` may be that of a living object. A free block of pymalloc begins with a pointer or null where
 * the count would be; one of mimalloc keeps the counts of 0 that its object had in the end. O(1).
 */
export function mayBeObject(words: Uint32Array, slot: number, offsets: Offsets): boolean {
  const word = slot * 2;
  // More than 0 and below 2^32, from 3.14 on with flags above.
  if (!offsets.isSplit) return (words[word + 1]! & offsets.noRefcount) === 0 && words[word] !== 0;
  return (words[word + STATE_HALF]! & offsets.noRefcount) === 0 && splitRefcount(words, word, offsets.deferredBit) > 0;
}

function splitRefcount(words: Uint32Array, word: number, deferredBit: number): number {
  const local = words[word + LOCAL_HALF]!;
  if (local === UNCOUNTED_REFCOUNT || (words[word + STATE_HALF]! & deferredBit) !== 0) return UNCOUNTED_REFCOUNT;
  const shared = (words[word + SHARED_HALF + 1]! | 0) * HIGH_WORD + words[word + SHARED_HALF]!;
  return Math.min(local + Math.floor(shared / SHARED_STEP), UNCOUNTED_REFCOUNT);
}

/** Bits that are 0 in the half of a word that `mayBeObject` looks at; `flagBits`: those of the version that may be set. */
export function impossibleBits(flagBits: number, isSplit: boolean): number {
  return isSplit ? ~(flagBits | MUTEX_AND_GC_BITS) : ~flagBits;
}

/** The bit of `ob_gc_bits` as it stands in its half of a word. */
export function gcBitInHalf(bit: number): number {
  return (bit << DEFERRED_SHIFT) >>> 0;
}
