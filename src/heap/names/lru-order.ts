// Puts the entries of every bounded lru_cache into order of use, least recent first: the order in which they would be
// evicted. The dict of the cache keeps them in order of insertion, which says nothing; the list of links knows.
// Modules/_functoolsmodule.c: the wrapper begins with the root of a circular list; root.next is the least recent link.

import { follow } from "../../cpython/image-access.ts";
import { POSITIONAL_LABEL } from "../../cpython/labels.ts";
import type { Columns } from "../walk/renumber.ts";
import type { Walk } from "../walk/walk-state.ts";

/** Rewrites the pairs of the caches' dicts in place. Linear in entries. */
export function orderLruEntries(walk: Walk, columns: Columns, lruCaches: readonly number[]): void {
  for (const node of lruCaches) orderEntries(walk, columns, node);
}

function orderEntries(walk: Walk, columns: Columns, cache: number): void {
  const { lruCache } = walk.layout.private;
  const slot = columns.slotOfNode[cache]!;
  const dict = columns.nodeOfSlot(follow(walk.image, slot + lruCache.cache / 8));
  if (dict <= 0) return;
  const pairs = pairsOf(columns, dict);
  const links = linksInOrder(walk, columns, slot, pairs.byLink.size);
  // A list that does not agree with the dict was caught in the middle of a change: leave it as it was found.
  if (links.length !== pairs.byLink.size || !links.every((link) => pairs.byLink.has(link))) return;
  const { edgeTarget } = columns.refs;
  for (const [i, link] of links.entries()) {
    edgeTarget[pairs.firstEdge + 2 * i] = pairs.byLink.get(link) ?? 0;
    edgeTarget[pairs.firstEdge + 2 * i + 1] = link;
  }
}

/** Key by link of a cache's dict, and where its pairs start. */
function pairsOf({ refs, edgeLabel }: Columns, dict: number): { firstEdge: number; byLink: Map<number, number> } {
  const byLink = new Map<number, number>();
  const firstEdge = refs.edgeStart[dict]!;
  const end = refs.edgeStart[dict + 1]!;
  for (let edge = firstEdge; edge + 1 < end && edgeLabel[edge] === POSITIONAL_LABEL; edge += 2) {
    byLink.set(refs.edgeTarget[edge + 1]!, refs.edgeTarget[edge]!);
  }
  return { firstEdge, byLink };
}

/** Links from the root's `next` on, at most `limit`: a torn list must not run for ever. */
function linksInOrder(walk: Walk, columns: Columns, root: number, limit: number): number[] {
  const { lruCache, lruLink } = walk.layout.private;
  const links: number[] = [];
  let link = follow(walk.image, root + lruCache.rootNext / 8);
  while (link > 0 && link !== root && links.length < limit) {
    links.push(columns.nodeOfSlot(link));
    link = follow(walk.image, link + lruLink.next / 8);
  }
  return links;
}
