// cachelib's SimpleCache, which Flask-Caching uses by default: `_cache` is a dict of pickles, `_threshold` its bound
// (cachelib/simple.py, 0.9 to 0.13).

import { attributeOf, intAttributeAt } from "../attributes.ts";
import { type CacheFamilyByType } from "../found-cache.ts";

export const cachelib: CacheFamilyByType = {
  family: "cachelib",
  types: ["cachelib.simple.SimpleCache", "flask_caching.backends.simplecache.SimpleCache"],
  read({ snapshot }, node) {
    const entries = attributeOf(snapshot, node, "_cache");
    if (entries === null) return null;
    const boundAt = intAttributeAt(snapshot, node, "_threshold");
    return { family: "cachelib", node, entries, bound: { kind: "unknown" }, boundAt, cached: null, notes: [] };
  },
};
