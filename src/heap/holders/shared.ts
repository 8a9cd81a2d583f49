// Objects that several places keep alive together are dominated by none of them (two dicts over the same sessions). They are
// counted, as shared, for the place through which the shortest path reaches them.

import type { NodeIx } from "../../base/brand.ts";
import type { HeapAnalysis } from "../analyse.ts";

/** Not looked up yet, and no place: in the memo by node. */
const UNKNOWN = -1;
const NOBODY = 0;

/** Bytes by place. `places` are listed holders; nodes just beyond the trunk that are no place go to the one before them. */
export function sharedBytesByPlace(
  analysis: HeapAnalysis,
  trunk: Uint8Array,
  places: ReadonlySet<NodeIx>,
): ReadonlyMap<number, number> {
  const {
    snapshot: {
      refs: { nodeCount },
    },
    tree: { idom },
    rooted: { parent },
    retainedBytes,
  } = analysis;
  const placeOf = new Int32Array(nodeCount).fill(UNKNOWN);
  for (const place of places) placeOf[place] = place;
  const shared = new Map<number, number>();
  for (let node = 1; node < nodeCount; node++) {
    const above = idom[node]!;
    if (above > nodeCount || trunk[above] === 0 || trunk[node] === 1 || placeOf[node]! > NOBODY) continue;
    const before = parent[node]!;
    if (before >= nodeCount || trunk[before] === 1) continue;
    const place = findPlace(before, placeOf, idom, parent, trunk, nodeCount);
    if (place !== NOBODY) shared.set(place, (shared.get(place) ?? 0) + retainedBytes[node]!);
  }
  return shared;
}

/** The nearest place above `start`: along dominators, and along the shortest path where the dominator is trunk. */
function findPlace(
  start: number,
  placeOf: Int32Array,
  idom: Uint32Array,
  parent: Uint32Array,
  trunk: Uint8Array,
  nodeCount: number,
): number {
  const passed: number[] = [];
  let at = start;
  let found = NOBODY;
  while (at < nodeCount && trunk[at] === 0) {
    if (placeOf[at] !== UNKNOWN) {
      found = placeOf[at]!;
      break;
    }
    passed.push(at);
    const above = idom[at]!;
    at = above < nodeCount && trunk[above] === 0 ? above : parent[at]!;
  }
  for (const node of passed) placeOf[node] = found;
  return found;
}
