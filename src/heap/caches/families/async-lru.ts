// async-lru: `_LRUCacheWrapper` keeps an OrderedDict of tasks' results (async_lru/__init__.py, 2.0 to 2.4).

import { attributeOf, intAttributeAt } from "../attributes.ts";
import { countedBy } from "../decorated.ts";
import { type CacheFamilyByType } from "../found-cache.ts";

export const asyncLru: CacheFamilyByType = {
  family: "async-lru",
  types: ["async_lru._LRUCacheWrapper"],
  read({ snapshot }, node) {
    const entries = attributeOf(snapshot, node, "_LRUCacheWrapper__cache");
    if (entries === null) return null;
    const boundAt = intAttributeAt(snapshot, node, "_LRUCacheWrapper__maxsize");
    const counted = countedBy(snapshot, node);
    return {
      family: "async-lru",
      node,
      entries,
      // `maxsize=None` is no int.
      bound: boundAt === null ? { kind: "none" } : { kind: "unknown" },
      boundAt,
      cached: attributeOf(snapshot, node, "__wrapped__"),
      ...(counted === null ? {} : { counted }),
      ...(boundAt === null ? {} : { order: entries }),
      notes: [],
    };
  },
};
