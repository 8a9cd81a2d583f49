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
const STR_SUBCLASS = 1 << 28;
const WORD = 8;
const GC_HEAD = 16;
/** SHARED_KEYS_MAX_SIZE (Include/internal/pycore_dict.h, 3.11 and later). */
const MOST_SHARED_KEYS = 30;
/** A word per key, a byte of order per key, and a header. */
const LARGEST_VALUES = MOST_SHARED_KEYS * WORD + 32 + WORD;

interface Reason {
  readonly why: string;
  readonly holds: (difference: SizeDifference) => boolean;
}

const REASONS: readonly Reason[] = [
  {
    // Counted neither by object.__sizeof__ nor by a dict.
    why: "values beside the instance",
    holds: ({ minor, type, surplus }) =>
      minor >= 11 && (type.flags & MANAGED_DICT) !== 0 && isWords(surplus) && surplus > 0 && surplus <= LARGEST_VALUES,
  },
  {
    // The __dict__ of an instance with inline values counts them as its own; we count them with the instance.
    why: "values inside the instance",
    holds: ({ minor, type, surplus }) =>
      minor >= 13 && type.name === "dict" && isWords(surplus) && surplus < 0 && surplus >= -LARGEST_VALUES,
  },
  {
    // sys.getsizeof adds a GC head for the type of the object; a static type is an instance of `type` without one.
    why: "static type without GC head",
    holds: ({ asType, surplus }) => asType !== undefined && (asType.flags & HEAP_TYPE) === 0 && surplus === -GC_HEAD,
  },
  {
    // unicode_sizeof starts from sizeof(PyUnicodeObject), not from the subclass's size with __dict__ and weak references.
    why: "fields of a str subclass",
    holds: ({ minor, type, surplus }) =>
      minor <= 10 &&
      (type.flags & STR_SUBCLASS) !== 0 &&
      (type.flags & HEAP_TYPE) !== 0 &&
      isWords(surplus) &&
      surplus > 0 &&
      surplus <= 2 * WORD,
  },
  {
    // frame_sizeof computes what the code needs; a frame from the free list may be larger, and ob_size says so.
    why: "frame larger than its code needs",
    holds: ({ minor, type, surplus }) => minor <= 10 && type.name === "frame" && isWords(surplus) && surplus > 0,
  },
  {
    // StringIO has no __sizeof__: its characters are counted by nobody.
    why: "characters of a StringIO",
    holds: ({ type, surplus }) => type.name === "_io.StringIO" && surplus > 0,
  },
  {
    // bytesio_sizeof adds the size of its bytes object, which is a node of its own for us.
    why: "buffer of a BytesIO",
    holds: ({ type, surplus }) => type.name === "_io.BytesIO" && surplus < 0,
  },
];

function isWords(surplus: number): boolean {
  return surplus % WORD === 0;
}

/** The reason in words, or null. */
export function explainSize(difference: SizeDifference): string | null {
  return REASONS.find(({ holds }) => holds(difference))?.why ?? null;
}
