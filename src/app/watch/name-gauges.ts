// Names for the containers that are followed, so that the heap they come from need not be kept.

import { fingerprintOfPlace } from "../../diagnose/fingerprint.ts";
import { typeRowOf } from "../../heap/analysis/edges.ts";
import { describeHolder, holderOf } from "../../heap/holders/holder-of.ts";
import type { OwnedHeap } from "../../heap/holders/ownership.ts";
import { PatternIndex } from "../../heap/paths/patterns.ts";
import type { Gauge } from "../../model/gauge.ts";
import type { Holder } from "../../model/holder.ts";
import type { GaugeName } from "../../watch/watched-gauges.ts";

/** Those most worth following come first in a list of gauges; a name of its own takes 0.1 ms. */
const NAMED_ONE_BY_ONE = 3000;

/**
 * By index into `gauges`, which are of this heap. The first have their own names; those behind, which lie in collections, share one
 * with their like: `app.users[*].tags`. O(edges).
 */
export function nameGauges(heap: OwnedHeap, gauges: readonly Gauge[]): readonly GaugeName[] {
  const shared = gauges.length > NAMED_ONE_BY_ONE ? createSharedNames(heap) : null;
  return gauges.map((gauge, at) => {
    const heldBytes = heap.heldBytes[gauge.node] ?? 0;
    const name = at < NAMED_ONE_BY_ONE || shared === null ? nameOf(holderOf(heap, gauge.node)) : shared(gauge);
    return { ...name, heldBytes };
  });
}

type SharedName = Omit<GaugeName, "heldBytes">;

function createSharedNames(heap: OwnedHeap): (gauge: Gauge) => SharedName {
  const patterns = new PatternIndex(heap);
  const names = new Map<string, SharedName>();
  return ({ node, kind }) => {
    const pattern = patterns.patternOf(node);
    const trail = patterns.trails[pattern];
    const key = `${pattern} ${kind} ${typeRowOf(heap.snapshot, node).canonical}`;
    const known = names.get(key);
    if (known !== undefined) return known;
    const name = nameOf(trail === undefined ? holderOf(heap, node) : describeHolder(heap, node, trail));
    names.set(key, name);
    return name;
  };
}

function nameOf(holder: Holder): SharedName {
  const { path, kind, type } = holder;
  return { fingerprint: fingerprintOfPlace(holder), path, kind, type };
}
