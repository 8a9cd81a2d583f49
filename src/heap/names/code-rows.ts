// One row per code object of the graph, and one per functools.lru_cache wrapper.

import type { NodeIx } from "../../base/brand.ts";
import { follow, int64At } from "../../cpython/image-access.ts";
import type { CodeRow, LruCacheRow } from "../snapshot.ts";
import type { Columns } from "../walk/renumber.ts";
import type { Walk } from "../walk/walk-state.ts";
import { describeCode } from "./code-names.ts";

export function codeRows(walk: Walk, columns: Columns, nodes: readonly number[]): readonly CodeRow[] {
  return nodes.map((node) => {
    const { qualname, file, firstLine, freeVariables } = describeCode(walk.image, walk.layout, columns.slotOfNode[node]!);
    return { node: node as NodeIx, qualname, file, firstLine, freeVariables };
  });
}

/** Modules/_functoolsmodule.c, lru_cache_object: maxsize is -1 for unbounded; entries are those of the cache dict. */
export function lruCacheRows(walk: Walk, columns: Columns, nodes: readonly number[]): readonly LruCacheRow[] {
  const { image, layout } = walk;
  const { lruCache } = layout.private;
  return nodes.map((node) => {
    const slot = columns.slotOfNode[node]!;
    const maxsize = int64At(image, slot + lruCache.maxsize / 8);
    const dict = follow(image, slot + lruCache.cache / 8);
    return {
      node: node as NodeIx,
      hits: int64At(image, slot + lruCache.hits / 8),
      misses: int64At(image, slot + lruCache.misses / 8),
      maxsize: maxsize < 0 ? null : maxsize,
      entries: dict > 0 ? int64At(image, dict + layout.dict.used / 8) : 0,
    };
  });
}
