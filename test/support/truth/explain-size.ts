// Why our shallow size of an object may differ from sys.getsizeof on purpose. Each reason is a fact of CPython, bounded
// as tightly as the truth allows; a difference without a reason is a bug of ours.

import type { TrueType } from "./truth.ts";

export interface SizeDifference {
  readonly minor: number;
  /** Type of the object. */
  readonly type: TrueType;
  /** The object as a type, when it is one. */
  readonly asType: TrueType | undefined;
  /** Our size minus sys.getsizeof. */
  readonly surplus: number;
}

const MANAGED_DICT = 1 << 4;
const HEAP_TYPE = 1 << 9;
const WORD = 8;
const GC_HEAD = 16;
/** SHARED_KEYS_MAX_SIZE (Include/internal/pycore_dict.h, 3.11 and later). */
const MOST_SHARED_KEYS = 30;
/** A word per key, a byte of order per key, and a header. */
const LARGEST_VALUES = MOST_SHARED_KEYS * WORD + 32 + WORD;

/** The reason in words, or null. */
export function explainSize({ minor, type, asType, surplus }: SizeDifference): string | null {
  if (surplus % WORD !== 0) return null;
  // The values array of an instance is counted by nobody: neither by object.__sizeof__ nor by a dict.
  if (minor >= 11 && (type.flags & MANAGED_DICT) !== 0 && surplus > 0 && surplus <= LARGEST_VALUES) {
    return "values beside the instance";
  }
  // sys.getsizeof adds a GC head for the type of the object; a static type is an instance of `type` without one.
  if (asType !== undefined && (asType.flags & HEAP_TYPE) === 0 && surplus === -GC_HEAD)
    return "static type without GC head";
  // 3.13: the __dict__ of an instance with inline values counts them as its own; we count them with the instance.
  if (minor >= 13 && type.name === "dict" && surplus < 0 && surplus >= -LARGEST_VALUES)
    return "values inside the instance";
  return null;
}
