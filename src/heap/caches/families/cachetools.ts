// cachetools: Cache keeps its entries in `__data` and says its bound in `__maxsize`, both private to the class
// (src/cachetools/__init__.py, class Cache, 4.0 to 7.2). With `getsizeof` the bound counts something else than entries.

import { attributeOf, intAttributeAt } from "../attributes.ts";
import { type CacheFamilyByType } from "../found-cache.ts";

export const cachetools: CacheFamilyByType = {
  family: "cachetools",
  types: ["cachetools.Cache", "cachetools.cache.Cache"],
  read({ snapshot }, node) {
    const entries = attributeOf(snapshot, node, "_Cache__data");
    if (entries === null) return null;
    const boundAt = intAttributeAt(snapshot, node, "_Cache__maxsize");
    return { family: "cachetools", node, entries, bound: { kind: "unknown" }, boundAt, cached: null, notes: [] };
  },
};
