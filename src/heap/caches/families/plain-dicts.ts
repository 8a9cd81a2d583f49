// Plain dicts used as caches: a module's or class's dict (or one in a closure) whose name says so.

import type { NodeIx } from "../../../base/brand.ts";
import { entriesOf } from "../../analysis/edges.ts";
import { describeHolder, holderTrail } from "../../holders/holder-of.ts";
import type { OwnedHeap } from "../../holders/ownership.ts";
import type { FoundCache } from "../found-cache.ts";

/** `_cache`, `CACHE`, `user_cache`, `cached_rows`, `memo`, `_memoized`; not `cacheable` and not `cache_dir`. */
const SAYS_CACHE =
  /(?:^|[._])(?:\w*?_)?(?:cache[sd]?|memo(?:ized|ised)?)(?:_(?:by_\w+|entries|items|data|map|dict|rows|results))?$/i;
/** A dict with fewer, that does not grow, is a table of settings more often than a cache. */
const FEWEST_ENTRIES = 8;
const PLACES: ReadonlySet<string> = new Set(["module-global", "class-attribute", "instance-attribute", "closure-cell"]);

/** `isTaken`: dicts that belong to a cache of another family. O(dicts with a name). */
export function findPlainDicts(
  heap: OwnedHeap,
  named: readonly NodeIx[],
  isTaken: (node: NodeIx) => boolean,
  grew: ReadonlySet<number>,
): FoundCache[] {
  return named.flatMap((node) => {
    const entries = entriesOf(heap.snapshot, node) ?? 0;
    if (isTaken(node) || (entries < FEWEST_ENTRIES && !grew.has(node))) return [];
    const holder = describeHolder(heap, node, holderTrail(heap, node));
    if (!PLACES.has(holder.kind) || holder.name === null) return [];
    const hasGrown = grew.has(node);
    if (!SAYS_CACHE.test(holder.name) && !hasGrown) return [];
    return [
      {
        family: "dict" as const,
        node,
        entries: node,
        bound: { kind: "none" as const },
        boundAt: null,
        cached: null,
        notes: [
          SAYS_CACHE.test(holder.name)
            ? "A plain dict whose name says cache: it counts no hits, and nothing bounds it."
            : "A plain dict that grew while it was watched.",
        ],
      },
    ];
  });
}
