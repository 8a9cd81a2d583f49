// cachetools: Cache keeps its entries in `__data` and says its bound in `__maxsize`, both private to the class
// (src/cachetools/__init__.py, class Cache, 4.0 to 8.0). With `getsizeof` the bound counts something else than entries.
// LRUCache and TTLCache keep the order of use in an OrderedDict beside them.

import type { NodeIx } from "../../../base/brand.ts";
import { roleOf } from "../../analysis/edges.ts";
import { attributeOf, intAttributeAt } from "../attributes.ts";
import { decorated } from "../decorated.ts";
import { type CacheFamilyByType } from "../found-cache.ts";
import type { Snapshot } from "../../snapshot.ts";

const ORDERS = ["_LRUCache__order", "_TTLCache__links"];

export const cachetools: CacheFamilyByType = {
  family: "cachetools",
  types: ["cachetools.Cache", "cachetools.cache.Cache"],
  read(heap, node) {
    const { snapshot } = heap;
    const entries = attributeOf(snapshot, node, "_Cache__data");
    if (entries === null) return null;
    const boundAt = intAttributeAt(snapshot, node, "_Cache__maxsize");
    const order = countsEntries(snapshot, node) ? orderOf(snapshot, node) : null;
    return {
      family: "cachetools",
      node,
      entries,
      bound: { kind: "unknown" },
      boundAt,
      ...decorated(heap, node),
      ...(order === null ? {} : { order }),
      notes: [],
    };
  },
};

function orderOf(snapshot: Snapshot, node: NodeIx): NodeIx | null {
  for (const name of ORDERS) {
    const order = attributeOf(snapshot, node, name);
    if (order !== null) return order;
  }
  return null;
}

/** `getsizeof` is an attribute of the instance only where somebody has given one. */
function countsEntries(snapshot: Snapshot, node: NodeIx): boolean {
  const given = attributeOf(snapshot, node, "getsizeof");
  return given === null || roleOf(snapshot, given) === "none";
}
