// The collector's own lists: every tracked object of every generation, whether anything still reaches it or not.
// This is what makes garbage cycles visible that the collector has not collected yet.
// CPython 3.8-3.15, Include/internal/pycore_gc.h: a PyGC_Head {next, prev} lies right before each object; the low two
// bits of both words are flags.

import { byteAt } from "../../base/byte-windows.ts";
import { ringOf } from "../../cpython/collection-rings.ts";
import { follow, int32At, int64At, slotOfHalves } from "../../cpython/image-access.ts";
import type { CollectorFacts, GenerationFacts } from "../../model/snapshot-meta.ts";
import { claim, rowOfObject } from "./mark.ts";
import type { Walk } from "./walk-state.ts";

const GENERATIONS = 3;
/** A list with more broken entries than this is torn; it might not even close. */
const BROKEN_LIMIT = 1000;
const LINKS_PER_BREATH = 512;

export interface ListsResult {
  readonly facts: CollectorFacts;
  /** Entries that were no objects, and lists that did not close: signs of a torn read. */
  readonly broken: number;
}

/** Which ends of the lists a walker follows. Two walkers that share a bitmap take an end each and meet. */
export type ListEnds = "both" | "front" | "back";

/** What one walker found on one list. */
export interface ListShare {
  readonly objects: number;
  readonly broken: number;
}

/** Heads of the lists of the collector state at slot `collector`: the generations, then the permanent one. */
export function listHeads(walk: Walk, collector: number): readonly number[] {
  const { generations, generationSize, permanent } = walk.layout.collector;
  const offsets = Array.from({ length: GENERATIONS }, (_, i) => generations + i * generationSize);
  return [...offsets, permanent].map((offset) => collector + Math.floor(offset / 8));
}

/** While a collection runs, `_gc_prev` holds other things: only the forward chain can be followed then. */
export function isCollecting(walk: Walk, collector: number): boolean {
  return int32At(walk.image, collector, walk.layout.collector.collecting) !== 0;
}

/** Marks every object on the lists that begin at `heads`. `breathe` is called now and then. */
export function markLists(
  walk: Walk,
  heads: readonly number[],
  ends: ListEnds,
  breathe?: () => void,
): readonly ListShare[] {
  return heads.map((head) => markList(walk, head, ends, breathe ?? (() => {})));
}

/** What the collector says about itself; `shares`: by list, in the order of `listHeads`. */
export function readCollector(walk: Walk, collector: number, shares: readonly ListShare[]): ListsResult {
  const layout = walk.layout.collector;
  const { image } = walk;
  const generations: GenerationFacts[] = [];
  for (let i = 0; i < GENERATIONS; i++) {
    const head = collector + Math.floor((layout.generations + i * layout.generationSize) / 8);
    const record = statisticsRecord(walk, collector, i);
    const total = (offset: number): number => (record <= 0 ? 0 : int64At(image, record + offset / 8));
    generations.push({
      objects: shares[i]!.objects,
      threshold: int32At(image, head, layout.generationThreshold),
      count: int32At(image, head, layout.generationCount),
      collections: total(layout.statistics.collections),
      collected: total(layout.statistics.collected),
      uncollectable: total(layout.statistics.uncollectable),
    });
  }
  return {
    facts: {
      enabled: int32At(image, collector, layout.enabled) !== 0,
      collecting: isCollecting(walk, collector),
      generations,
      permanentObjects: shares[GENERATIONS]!.objects,
    },
    broken: shares.reduce((sum, share) => sum + share.broken, 0),
  };
}

/** Slot of what is counted of a generation's collections, not above 0 when it cannot be read. */
function statisticsRecord(walk: Walk, collector: number, generation: number): number {
  const { at, recordSize, rings } = walk.layout.collector.statistics;
  if (rings === null) return collector + (at + generation * recordSize) / 8;
  const buffers = follow(walk.image, collector + at / 8);
  if (buffers <= 0) return -1;
  const [first, latest] = ringOf(rings, generation);
  return buffers + (first + recordSize * byteAt(walk.image.bytes, buffers * 8 + latest)) / 8;
}

/**
 * Follows one circular list. From both ends at once the two chains of dependent loads overlap, which nearly halves the
 * time. The ends meet at an object already marked: nothing else may mark objects before the lists are done.
 */
function markList(walk: Walk, head: number, ends: ListEnds, breathe: () => void): ListShare {
  let forward = ends === "back" ? head : linkAt(walk, head);
  let backward = ends === "front" ? head : linkAt(walk, head + 1);
  let objects = 0;
  let broken = 0;
  while ((forward !== head || backward !== head) && broken < BROKEN_LIMIT) {
    if (objects % LINKS_PER_BREATH === 0) breathe();
    if (forward !== head) {
      const state = take(walk, forward);
      if (state === MET) break;
      if (state === TAKEN) objects += 1;
      else broken += 1;
      forward = forward < 0 ? head : linkAt(walk, forward);
    }
    if (backward !== head) {
      const state = take(walk, backward);
      if (state === MET) break;
      if (state === TAKEN) objects += 1;
      else broken += 1;
      backward = backward < 0 ? head : linkAt(walk, backward + 1);
    }
  }
  return { objects, broken };
}

const TAKEN = 0;
const MET = 1;
const BROKEN = 2;

/** Marks the object behind a GC head. */
function take(walk: Walk, gcHead: number): number {
  if (gcHead < 0) return BROKEN;
  const slot = gcHead + 2;
  if (((walk.marked[slot >>> 5]! >>> (slot & 31)) & 1) !== 0) return MET;
  if (rowOfObject(walk, slot) < 0) return BROKEN;
  return claim(walk, slot) ? TAKEN : MET;
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

/** Slots of all interpreter states, the oldest first, which is the main one: CPython puts new ones at the head of its list. */
export function interpreterSlots(walk: Walk, runtime: number): readonly number[] {
  const found: number[] = [];
  let slot = follow(walk.image, runtime + walk.layout.runtime.interpretersHead / 8);
  while (slot > 0 && found.length < 256 && !found.includes(slot)) {
    found.push(slot);
    slot = follow(walk.image, slot + walk.layout.interpreter.next / 8);
  }
  return found.reverse();
}
