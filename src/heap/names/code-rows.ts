// One row per code object of the graph, and one per functools.lru_cache wrapper.

import type { NodeIx } from "../../base/brand.ts";
import { follow, int64At } from "../../cpython/image-access.ts";
import type { CodeRow, LruCacheRow } from "../snapshot.ts";
import type { Columns } from "../walk/renumber.ts";
import type { Walk } from "../walk/walk-state.ts";
import { NAME_LIMIT, readString } from "../../cpython/read-string.ts";
import { describeCode } from "./code-names.ts";
import type { NamedNodes } from "./named-nodes.ts";

/** `functions`: asked for the qualname where the code object does not know it (3.8-3.10). */
export function codeRows(walk: Walk, columns: Columns, { codes: nodes, functions }: NamedNodes): readonly CodeRow[] {
  const qualnames =
    walk.layout.code.qualname === null ? functionQualnames(walk, columns, functions) : new Map<number, string>();
  return nodes.map((node) => {
    const { qualname, file, firstLine, freeVariables, parameters } = describeCode(
      walk.image,
      walk.layout,
      columns.slotOfNode[node]!,
    );
    return {
      node: node as NodeIx,
      qualname: qualnames.get(node) ?? qualname,
      file,
      firstLine,
      freeVariables,
      parameters,
    };
  });
}

/** Code node -> `__qualname__` of a function made of it. */
function functionQualnames(walk: Walk, columns: Columns, functions: readonly number[]): Map<number, string> {
  const { image, layout } = walk;
  const found = new Map<number, string>();
  for (const node of functions) {
    const slot = columns.slotOfNode[node]!;
    const code = columns.nodeOfSlot(follow(image, slot + layout.function.code / 8));
    const name = follow(image, slot + layout.function.qualname / 8);
    const text = name > 0 ? readString(image, layout, name, NAME_LIMIT) : null;
    if (code > 0 && text !== null) found.set(code, text);
  }
  return found;
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
