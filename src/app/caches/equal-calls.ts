// Calls that a cache keeps several times because they are spelled in several ways, where the values are equal and not the same objects. A
// snapshot keeps no values, so the running process is asked.

import type { Addr } from "../../base/brand.ts";
import { type CallValue, spelledTwice } from "../../heap/caches/call-spellings.ts";
import type { CacheInHeap } from "../../heap/caches/find-caches.ts";
import { spelledTwiceHazard } from "../../heap/caches/key-shape.ts";
import type { ValueMemory } from "./nan-keys.ts";

/** Counts equal calls anew, now by their values. */
export function withEqualCalls(cache: CacheInHeap, memory: ValueMemory | null): CacheInHeap {
  if (memory === null || cache.keys === null || cache.keptCalls.length === 0) return cache;
  const hazard = spelledTwiceHazard(spelledTwice(cache.keptCalls, (value) => identityOf(value, memory)));
  const others = cache.keys.hazards.filter(({ kind }) => kind !== "spelled-twice");
  return { ...cache, keys: { ...cache.keys, hazards: hazard === null ? others : [...others, hazard] } };
}

/** Include/cpython/unicodeobject.h: length, then the hash, which every part of a key has. */
const TEXT_BYTES = 16;
const MOST_DIGITS = 8;

/** Equal for equal values: a text by its length and hash, an int by its digits, a float by its bits. The object where it cannot be read. */
function identityOf({ address, kind }: CallValue, { reader, layout }: ValueMemory): string {
  const { objectHead, unicode, long } = layout;
  const read = (offset: number, length: number): DataView | null => {
    const bytes = reader.read((address + offset) as Addr, length);
    return bytes.length === length ? new DataView(bytes.buffer, bytes.byteOffset, length) : null;
  };
  const words = (offset: number, length: number): string | null => {
    const view = read(offset, length);
    return view === null ? null : Array.from({ length: length / 4 }, (_, at) => view.getUint32(4 * at, true)).join(",");
  };
  const object = `object ${address}`;
  switch (kind) {
    case "str":
      return words(unicode.length, TEXT_BYTES)?.replace(/^/, "str ") ?? object;
    case "float":
      return words(objectHead.size, 8)?.replace(/^/, "float ") ?? object;
    case "int": {
      const head = read(objectHead.itemCount, 8)?.getInt32(0, true);
      if (head === undefined) return object;
      // Include/cpython/longintrepr.h: since 3.12 above three bits for the sign.
      const digits = long.form === "tag" ? head >>> 3 : Math.abs(head);
      if (digits > MOST_DIGITS) return object;
      return `int ${head} ${words(long.digits, 4 * digits) ?? ""}`;
    }
    case "other":
      return object;
  }
}
