// Calls that a cache keeps several times because they are spelled in several ways, where the values are equal and not the same objects. A
// snapshot keeps no values, so the running process is asked.

import type { Addr } from "../../base/brand.ts";
import type { OutsideReader } from "../../cpython/memory-image.ts";
import { type CallValue, spelledTwice } from "../../heap/caches/call-spellings.ts";
import type { CacheInHeap } from "../../heap/caches/find-caches.ts";
import { spelledTwiceHazard } from "../../heap/caches/key-shape.ts";

/** Counts equal calls anew, now by their values. `python`: "3.12.1". */
export function withEqualCalls(
  cache: CacheInHeap,
  memory: { readonly reader: OutsideReader } | null,
  python: string,
): CacheInHeap {
  if (memory === null || cache.keys === null || cache.keptCalls.length === 0) return cache;
  const isTagged = Number(python.split(".")[1]) >= FIRST_TAGGED_MINOR;
  const hazard = spelledTwiceHazard(
    spelledTwice(cache.keptCalls, (value) => identityOf(value, memory.reader, isTagged)),
  );
  const others = cache.keys.hazards.filter(({ kind }) => kind !== "spelled-twice");
  return { ...cache, keys: { ...cache.keys, hazards: hazard === null ? others : [...others, hazard] } };
}

/** Include/cpython/longintrepr.h: the size of an int is in `lv_tag` since 3.12, above three bits for the sign. */
const FIRST_TAGGED_MINOR = 12;
const VALUE_AT = 16;
/** Include/cpython/unicodeobject.h: length, then the hash, which every part of a key has. */
const TEXT_BYTES = 16;
const DIGITS_AT = 8;
const MOST_DIGITS = 8;

/** Equal for equal values: a text by its length and hash, an int by its digits, a float by its bits. The object where it cannot be read. */
function identityOf({ address, kind }: CallValue, memory: OutsideReader, isTagged: boolean): string {
  const read = (length: number): DataView | null => {
    const bytes = memory.read((address + VALUE_AT) as Addr, length);
    return bytes.length === length ? new DataView(bytes.buffer, bytes.byteOffset, length) : null;
  };
  const words = (view: DataView | null, from: number, to: number): string | null =>
    view === null
      ? null
      : Array.from({ length: (to - from) / 4 }, (_, at) => view.getUint32(from + 4 * at, true)).join(",");
  const object = `object ${address}`;
  switch (kind) {
    case "str":
      return words(read(TEXT_BYTES), 0, TEXT_BYTES)?.replace(/^/, "str ") ?? object;
    case "float":
      return words(read(8), 0, 8)?.replace(/^/, "float ") ?? object;
    case "int": {
      const head = read(8)?.getInt32(0, true);
      if (head === undefined) return object;
      const digits = isTagged ? head >>> 3 : Math.abs(head);
      if (digits > MOST_DIGITS) return object;
      return `int ${head} ${words(read(DIGITS_AT + 4 * digits), DIGITS_AT, DIGITS_AT + 4 * digits) ?? ""}`;
    }
    case "other":
      return object;
  }
}
