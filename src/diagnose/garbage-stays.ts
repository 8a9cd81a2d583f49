// Whether garbage would outlive collections: because there are none, or because it did.

import type { NodeIx } from "../base/brand.ts";
import { type HeapAnalysis, isGarbage } from "../heap/analyse.ts";
import type { Comparison } from "../heap/queries/compare.ts";
import { counterpart } from "../heap/queries/match.ts";

/** Garbage of the first heap that is looked up in the last. */
const SAMPLE = 2000;
const MOST_OF_IT = 0.5;

/** The collector never looks at what `gc.freeze()` has put aside. */
function isFrozen(first: HeapAnalysis, last: HeapAnalysis): boolean {
  const frozen = last.snapshot.meta.collector.permanentObjects - first.snapshot.meta.collector.permanentObjects;
  const garbage = last.garbage.count - first.garbage.count;
  return frozen > 0 && frozen >= garbage * MOST_OF_IT;
}

/**
 * True with the collector off all the time; and when full collections ran in between and most of the garbage is still there, as with
 * `gc.freeze()`, objects that cannot be collected, or a `__del__` that saves them. A new object of the same type at the same
 * address looks like an old one, so this is asked of many.
 */
export function garbageStays({ first, last, sameProcess }: Comparison): boolean {
  if (!sameProcess) return false;
  const [before, after] = [first.snapshot.meta.collector, last.snapshot.meta.collector];
  if (!before.enabled && !after.enabled) return true;
  if (isFrozen(first, last)) return true;
  return fullCollections(last) > fullCollections(first) && isStillThere(first, last);
}

/**
 * True when the collector is at work and garbage is no more than it lets pile up: the oldest objects are looked at when a quarter as many
 * have come to them (CPython: `long_lived_pending`, gcmodule.c). The next full collection frees it, whether the watch sees that or not.
 */
export function garbageWaits(comparison: Comparison): boolean {
  const { first, last, sameProcess } = comparison;
  if (!sameProcess || garbageStays(comparison) || !last.snapshot.meta.collector.enabled) return false;
  const objects = last.snapshot.nodes.count - 1 - last.garbage.count;
  const bearable = Math.max(objects * MOST_OF_IT, Math.min(MOST_BETWEEN, madeBetweenCollections(last)));
  return youngCollections(last) > youngCollections(first) && last.garbage.count <= bearable;
}

/** The thresholds of a program that hardly wants to collect are no excuse. */
const MOST_BETWEEN = 1_000_000;

/** Objects that must be made, and not freed, before all are looked at: with 2,000, 10 and 10 they are 200,000. */
function madeBetweenCollections({ snapshot }: HeapAnalysis): number {
  return snapshot.meta.collector.generations.reduce((product, { threshold }) => product * Math.max(1, threshold), 1);
}

function youngCollections({ snapshot }: HeapAnalysis): number {
  return snapshot.meta.collector.generations[0]?.collections ?? 0;
}

function fullCollections({ snapshot }: HeapAnalysis): number {
  return snapshot.meta.collector.generations.at(-1)?.collections ?? 0;
}

function isStillThere(first: HeapAnalysis, last: HeapAnalysis): boolean {
  let [seen, kept] = [0, 0];
  for (let node = 1; node < first.snapshot.nodes.count && seen < SAMPLE; node++) {
    if (!isGarbage(first, node as NodeIx)) continue;
    seen += 1;
    const same = counterpart(first, node as NodeIx, last);
    if (same !== null && isGarbage(last, same)) kept += 1;
  }
  return seen > 0 && kept >= seen * MOST_OF_IT;
}
