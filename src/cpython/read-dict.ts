// Reads single entries of dicts for code that is not hot. Objects/dictobject.c, CPython 3.8-3.15.

import { follow } from "./image-access.ts";
import type { Layout } from "./layout.ts";
import type { MemoryImage } from "./memory-image.ts";
import { NAME_LIMIT, readString } from "./read-string.ts";

/** More attributes than a label has room for. */
const ENTRY_LIMIT = 0x7fff;

interface Entries {
  readonly first: number;
  readonly count: number;
  readonly stride: number;
  /** Slots from the start of an entry to its key. */
  readonly keyAt: number;
}

function entriesOf(image: MemoryImage, layout: Layout, keys: number): Entries {
  const { dictKeys } = layout;
  const { words } = image;
  const header = dictKeys.indices / 8;
  const count = Math.min(words[(keys + dictKeys.entryCount / 8) * 2]!, ENTRY_LIMIT);
  if (dictKeys.form === "sized") {
    const size = words[keys * 2 + 2]!;
    const index = Math.max(8, size * (size <= 0xff ? 1 : size <= 0xffff ? 2 : 4));
    return { first: keys + header + index / 8, count, stride: 3, keyAt: 1 };
  }
  const form = words[keys * 2 + 2]!;
  const first = keys + header + 2 ** ((form >>> 8) & 63) / 8;
  return ((form >>> 16) & 255) === 0 ? { first, count, stride: 3, keyAt: 1 } : { first, count, stride: 2, keyAt: 0 };
}

/** Names in the keys object at slot `keys`, in order of insertion: what split values are named by. */
export function dictNames(image: MemoryImage, layout: Layout, keys: number): string[] {
  const entries = entriesOf(image, layout, keys);
  return Array.from({ length: entries.count }, (_, i) => {
    const key = follow(image, entries.first + i * entries.stride + entries.keyAt);
    return key <= 0 ? "?" : (readString(image, layout, key, NAME_LIMIT) ?? "?");
  });
}

/** The value under a str key of a combined dict, when it is a str; null otherwise. */
export function dictStringValue(image: MemoryImage, layout: Layout, dict: number, name: string): string | null {
  const keys = follow(image, dict + layout.dict.keys / 8);
  if (keys <= 0) return null;
  const entries = entriesOf(image, layout, keys);
  for (let i = 0; i < entries.count; i++) {
    const at = entries.first + i * entries.stride + entries.keyAt;
    const key = follow(image, at);
    if (key <= 0 || readString(image, layout, key, NAME_LIMIT) !== name) continue;
    const value = follow(image, at + 1);
    return value <= 0 ? null : readString(image, layout, value, NAME_LIMIT);
  }
  return null;
}
