// The collector's own lists: every tracked object of every generation, whether anything still reaches it or not.
// This is what makes garbage cycles visible that the collector has not collected yet.
// CPython 3.8-3.13, Include/internal/pycore_gc.h: a PyGC_Head {next, prev} lies right before each object; the low two
// bits of both words are flags.

import { follow, int32At, int64At, slotOfHalves } from "../../cpython/image-access.ts";
import { rowOfType } from "../../cpython/type-table.ts";
import type { CollectorFacts, GenerationFacts } from "../../model/snapshot-meta.ts";
import type { Walk } from "./walk-state.ts";

const GENERATIONS = 3;
const STATS_BYTES = 24;
/** A list with more broken entries than this is torn; it might not even close. */
const BROKEN_LIMIT = 1000;

export interface ListsResult {
  readonly facts: CollectorFacts;
  /** Entries that were no objects, and lists that did not close: signs of a torn read. */
  readonly broken: number;
}

/** Queues every object on the lists of the collector state at slot `collector`. */
export function readCollector(walk: Walk, collector: number): ListsResult {
  const layout = walk.layout.collector;
  const { image } = walk;
  const at = (offset: number): number => collector + Math.floor(offset / 8);
  const isCollecting = int32At(image, collector, layout.collecting) !== 0;
  let broken = 0;
  const generations: GenerationFacts[] = [];
  for (let i = 0; i < GENERATIONS; i++) {
    const head = at(layout.generations + i * layout.generationSize);
    const stats = at(layout.generationStats + i * STATS_BYTES);
    const list = readList(walk, head, isCollecting);
    broken += list.broken;
    generations.push({
      objects: list.objects,
      threshold: int32At(image, collector, layout.generations + i * layout.generationSize + layout.generationThreshold),
      count: int32At(image, collector, layout.generations + i * layout.generationSize + layout.generationCount),
      collections: int64At(image, stats),
      collected: int64At(image, stats + 1),
      uncollectable: int64At(image, stats + 2),
    });
  }
  const permanent = readList(walk, at(layout.permanent), isCollecting);
  return {
    facts: {
      enabled: int32At(image, collector, layout.enabled) !== 0,
      collecting: isCollecting,
      generations,
      permanentObjects: permanent.objects,
    },
    broken: broken + permanent.broken,
  };
}

/**
 * Walks one circular list from both ends at once: the two chains of dependent loads overlap, which nearly halves the
 * time. The ends meet at an object already marked. While a collection runs, `_gc_prev` holds other things, so only the
 * forward chain is followed then.
 */
function readList(walk: Walk, head: number, isCollecting: boolean): { objects: number; broken: number } {
  const before = walk.count;
  let forward = linkAt(walk, head);
  let backward = isCollecting ? head : linkAt(walk, head + 1);
  let broken = 0;
  while ((forward !== head || backward !== head) && broken < BROKEN_LIMIT) {
    if (forward !== head) {
      const state = take(walk, forward);
      if (state === MET) return { objects: walk.count - before, broken };
      if (state === BROKEN) broken += 1;
      forward = forward < 0 ? head : linkAt(walk, forward);
    }
    if (backward !== head) {
      const state = take(walk, backward);
      if (state === MET) return { objects: walk.count - before, broken };
      if (state === BROKEN) broken += 1;
      backward = backward < 0 ? head : linkAt(walk, backward + 1);
    }
  }
  return { objects: walk.count - before, broken };
}

const TAKEN = 0;
const MET = 1;
const BROKEN = 2;

/** Marks and queues the object behind a GC head. */
function take(walk: Walk, gcHead: number): number {
  if (gcHead < 0) return BROKEN;
  const { marked } = walk;
  const slot = gcHead + 2;
  const bit = 1 << (slot & 31);
  if ((marked[slot >>> 5]! & bit) !== 0) return MET;
  const { words } = walk.image;
  const row = rowOfType(walk.types, slotOfHalves(walk.image, words[slot * 2 + 2]!, words[slot * 2 + 3]!));
  if (row < 0) return BROKEN;
  marked[slot >>> 5]! |= bit;
  walk.objectSlot[walk.count] = slot;
  walk.objectRow[walk.count] = row;
  walk.count += 1;
  return TAKEN;
}

/** Where the link word at `slot` leads, without its flag bits. */
function linkAt(walk: Walk, slot: number): number {
  const { words } = walk.image;
  return slotOfHalves(walk.image, (words[slot * 2]! & ~3) >>> 0, words[slot * 2 + 1]!);
}

/** Slots of the collector states: one in the runtime (3.8) or one per interpreter. */
export function collectorSlots(walk: Walk, runtime: number, interpreters: readonly number[]): readonly number[] {
  const { runtime: runtimeLayout, interpreter } = walk.layout;
  if (runtimeLayout.gc !== null) return [runtime + runtimeLayout.gc / 8];
  return interpreters.map((slot) => slot + (interpreter.gc ?? 0) / 8);
}

/** Slots of all interpreter states, the main one included. */
export function interpreterSlots(walk: Walk, runtime: number): readonly number[] {
  const found: number[] = [];
  let slot = follow(walk.image, runtime + walk.layout.runtime.interpretersHead / 8);
  while (slot > 0 && found.length < 256 && !found.includes(slot)) {
    found.push(slot);
    slot = follow(walk.image, slot + walk.layout.interpreter.next / 8);
  }
  return found;
}
