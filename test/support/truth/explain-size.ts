// Why our shallow size of an object may differ from sys.getsizeof on purpose. Each reason is a fact of CPython, exact
// where the truth tells enough and otherwise bounded from both sides; a difference without a reason is a bug of ours.

import type { TrueType } from "./truth.ts";

export interface SizeDifference {
  readonly minor: number;
  /** Type of the object. */
  readonly type: TrueType;
  /** Our size minus sys.getsizeof. */
  readonly surplus: number;
  /** How many attributes we found in a values array of the object. */
  readonly attributes: number;
  /** Our sizes of the `bytes` objects it holds. */
  readonly heldBytes: readonly number[];
}

const MANAGED_DICT = 1 << 4;
const HEAP_TYPE = 1 << 9;
const STR_SUBCLASS = 1 << 28;
const WORD = 8;
/** sizeof(Py_UCS4). */
const CHARACTER = 4;
/** SHARED_KEYS_MAX_SIZE (Include/internal/pycore_dict.h, 3.11 and later). */
const MOST_SHARED_KEYS = 30;
/** sizeof(PyUnicodeObject) up to 3.11 (Include/cpython/unicodeobject.h). */
const NON_COMPACT_STR = 80;
/** Characters in the longest text that app.py writes into a StringIO. */
const LONGEST_TEXT = 16;
/** Locals and stack of the hungriest function that a target calls; a frame is recycled with at most its room. */
const LARGEST_FRAME = 100 * WORD;

interface Reason {
  readonly why: string;
  readonly holds: (difference: SizeDifference) => boolean;
}

const REASONS: readonly Reason[] = [
  {
    // Counted neither by object.__sizeof__ nor by a dict (gh-128762).
    why: "values beside the instance",
    holds: ({ minor, type, surplus, attributes }) =>
      minor >= 11 &&
      (type.flags & MANAGED_DICT) !== 0 &&
      capacities(attributes).some((capacity) => surplus === valuesBytes(minor, capacity)),
  },
  {
    // The __dict__ of an instance with inline values counts them as its own (_PyDict_SizeOf adds a word per shared key,
    // used or not); we count them with the instance that they lie in.
    why: "values inside the instance",
    holds: ({ minor, type, surplus }) =>
      minor >= 13 && type.name === "dict" && capacities(0).some((capacity) => surplus === -capacity * WORD),
  },
  {
    // unicode_sizeof starts from sizeof(PyUnicodeObject), not from the subclass's tp_basicsize with its __dict__, weak
    // references and slots. Since 3.12 the first two lie in front of the object.
    why: "fields of a str subclass",
    holds: ({ minor, type, surplus }) =>
      minor <= 11 &&
      (type.flags & STR_SUBCLASS) !== 0 &&
      (type.flags & HEAP_TYPE) !== 0 &&
      surplus > 0 &&
      surplus === type.basicsize - NON_COMPACT_STR,
  },
  {
    // frame_sizeof computes what the code needs. A frame from the free list may be larger (frameobject.c only ever
    // enlarges them), and ob_size says so.
    why: "frame larger than its code needs",
    holds: ({ minor, type, surplus }) =>
      minor <= 10 && type.name === "frame" && surplus % WORD === 0 && surplus > 0 && surplus <= LARGEST_FRAME,
  },
  {
    // StringIO has no __sizeof__: its characters are counted by nobody. resize_buffer (Modules/_io/stringio.c) asks for
    // at most an eighth and seven more than the text.
    why: "characters of a StringIO",
    holds: ({ type, surplus }) =>
      type.name === "_io.StringIO" &&
      surplus % CHARACTER === 0 &&
      surplus > 0 &&
      surplus <= (LONGEST_TEXT + LONGEST_TEXT / 8 + 8) * CHARACTER,
  },
  {
    // bytesio_sizeof adds its bytes object unless somebody else holds that too; it is a node of its own for us. Since
    // 3.12 bytesio_traverse visits it, so the truth holds it while it asks.
    why: "buffer of a BytesIO",
    holds: ({ minor, type, surplus, heldBytes }) =>
      minor <= 11 && type.name === "_io.BytesIO" && heldBytes.length === 1 && surplus === -(heldBytes[0] ?? 0),
  },
];

/** Room for keys that a class with `least` attributes may share among its instances. */
function capacities(least: number): readonly number[] {
  const first = Math.max(1, least);
  return Array.from({ length: Math.max(0, MOST_SHARED_KEYS - first + 1) }, (_, i) => first + i);
}

/**
 * Objects/dictobject.c. 3.11 and 3.12, new_values: a word per key, and before them a byte of order per key and two more,
 * rounded up to words. 3.13, _PyInlineValuesSize: a word of header, a word per key, a byte of order per key, rounded up.
 */
function valuesBytes(minor: number, capacity: number): number {
  const order = minor >= 13 ? WORD + roundedUp(capacity) : roundedUp(capacity + 2);
  return capacity * WORD + order;
}

function roundedUp(bytes: number): number {
  return Math.ceil(bytes / WORD) * WORD;
}

/** The reason in words, or null. */
export function explainSize(difference: SizeDifference): string | null {
  return REASONS.find(({ holds }) => holds(difference))?.why ?? null;
}
