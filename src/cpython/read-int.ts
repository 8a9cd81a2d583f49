// Reads small Python ints. Objects/longobject.c: digits of 30 bits, sign in ob_size (to 3.11) or in lv_tag (3.12+).

import type { Layout } from "./layout.ts";
import type { MemoryImage } from "./memory-image.ts";

/** The value when it has at most two digits of 30 bits and is exact in a double; null otherwise. */
export function readSmallInt(image: MemoryImage, layout: Layout, slot: number): number | null {
  const { words } = image;
  const size = words[(slot + layout.objectHead.itemCount / 8) * 2]!;
  const isTagged = layout.long.form === "tag";
  const count = isTagged ? size >>> 3 : Math.abs(size | 0);
  const isNegative = isTagged ? (size & 3) === 2 : (size | 0) < 0;
  if (count > 2) return null;
  const digits = slot * 2 + layout.long.digits / 4;
  const low = count > 0 ? words[digits]! : 0;
  const high = count > 1 ? words[digits + 1]! : 0;
  const value = low + high * 2 ** 30;
  if (!Number.isSafeInteger(value) || (isTagged && (size & 3) === 1)) return isTagged && (size & 3) === 1 ? 0 : null;
  return isNegative ? -value : value;
}
