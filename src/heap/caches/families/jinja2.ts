// Jinja2's LRUCache of compiled templates: `_mapping` and `capacity` (jinja2/utils.py, 2.11 to 3.1).

import { attributeOf, intAttributeAt } from "../attributes.ts";
import { type CacheFamilyByType } from "../found-cache.ts";

export const jinja2: CacheFamilyByType = {
  family: "jinja2",
  types: ["jinja2.utils.LRUCache"],
  read({ snapshot }, node) {
    const entries = attributeOf(snapshot, node, "_mapping");
    if (entries === null) return null;
    const boundAt = intAttributeAt(snapshot, node, "capacity");
    return { family: "jinja2", node, entries, bound: { kind: "unknown" }, boundAt, cached: null, notes: [] };
  },
};
