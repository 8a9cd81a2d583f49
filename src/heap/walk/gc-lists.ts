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
  let broken = 0;
  const generations: GenerationFacts[] = [];
  for (let i = 0; i < GENERATIONS; i++) {
    const head = at(layout.generations + i * layout.generationSize);
    const stats = at(layout.generationStats + i * STATS_BYTES);
    const list = readList(walk, head);
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
  const permanent = readList(walk, at(layout.permanent));
  return {
    facts: {
      enabled: int32At(image, collector, layout.enabled) !== 0,
      collecting: int32At(image, collector, layout.collecting) !== 0,
      generations,
      permanentObjects: permanent.objects,
    },
    broken: broken + permanent.broken,
  };
}

/** Walks one circular list. Ends at its head, at an object already met, or where the chain breaks. */
function readList(walk: Walk, head: number): { objects: number; broken: number } {
  const { image, marked, objectSlot, objectRow } = walk;
  const { words } = image;
  let current = nextOf(walk, head);
  let broken = 0;
  const before = walk.count;
  while (current !== head) {
    if (current < 0) return { objects: walk.count - before, broken: broken + 1 };
    const slot = current + 2;
    if (((marked[slot >>> 5]! >>> (slot & 31)) & 1) !== 0) return { objects: walk.count - before, broken: broken + 1 };
    const row = rowOfType(walk.types, slotOfHalves(image, words[slot * 2 + 2]!, words[slot * 2 + 3]!));
    if (row < 0) broken += 1;
    else {
      marked[slot >>> 5]! |= 1 << (slot & 31);
      objectSlot[walk.count] = slot;
      objectRow[walk.count] = row;
      walk.count += 1;
    }
    current = nextOf(walk, current);
  }
  return { objects: walk.count - before, broken };
}

function nextOf(walk: Walk, head: number): number {
  const { words } = walk.image;
  return slotOfHalves(walk.image, (words[head * 2]! & ~3) >>> 0, words[head * 2 + 1]!);
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
