// Where a container keeps its number of entries. One word per kind: it may change while it is read, but not tear.

import { invariant } from "../base/invariant.ts";
import type { GaugeKind } from "../model/gauge.ts";
import type { Layout, Offset } from "./layout.ts";
import { SIMPLE_QUEUE } from "./references-extension.ts";

/**
 * Offset of the word that holds the size. An lru cache has none of its own: its size is that of the dict it points to,
 * so nobody asks for it. Subclasses keep the fields of their base where the base has them.
 */
export function sizeOffset(kind: Exclude<GaugeKind, "lru-cache">, layout: Layout): Offset {
  const offset = offsetOf(kind, layout);
  invariant(offset % 8 === 0, "sizes are whole words");
  return offset;
}

function offsetOf(kind: Exclude<GaugeKind, "lru-cache">, { dict, set, objectHead }: Layout): Offset {
  switch (kind) {
    case "dict":
      return dict.used;
    case "set":
      return set.used;
    case "simple-queue":
      return objectHead.size + SIMPLE_QUEUE.count;
    case "list":
    case "deque":
    case "bytearray":
    case "array":
      return objectHead.itemCount;
  }
}
