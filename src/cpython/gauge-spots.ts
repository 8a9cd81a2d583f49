// The places in a process that following its containers means reading, as flat columns in order of address. Most gauges are
// one spot; an lru cache is two: the dict that holds its entries, and the wrapper with the counters.

import { HIGH_WORD } from "../base/uint32.ts";
import type { Gauge } from "../model/gauge.ts";
import { sizeOffset } from "./gauge-fields.ts";
import type { Interpreter } from "./interpreter.ts";
import type { Layout } from "./layout.ts";
import type { OutsideReader } from "./memory-image.ts";
import { int32At, wordAt } from "./outside-words.ts";

/** What is read at a spot. */
export const SpotRole = { size: 0, counters: 1 } as const;

/** Columns over spots, ascending by address. */
export interface GaugeSpots {
  readonly count: number;
  /** Index into the gauges. */
  readonly gauge: Uint32Array;
  readonly role: Uint8Array;
  /** Of the object; a multiple of 8. */
  readonly address: Float64Array;
  /** What `ob_type` must be. */
  readonly typeLow: Uint32Array;
  readonly typeHigh: Uint32Array;
  /** Bytes from the object's start to the size, or to `hits`. */
  readonly valueAt: Uint32Array;
  /** The same to `misses`; for sizes as `valueAt`. */
  readonly secondAt: Uint32Array;
  /** Bytes from the object's start to the end of what is read. */
  readonly spanBytes: Uint32Array;
  /** What one counted item is worth: bytes of an array's items, else 1. */
  readonly scale: Float64Array;
}

interface Spot {
  readonly gauge: number;
  readonly role: number;
  readonly address: number;
  readonly type: number;
  readonly valueAt: number;
  readonly secondAt: number;
  readonly scale: number;
}

/**
 * The spots of all gauges. Reads the pointer to the dict of each lru cache and the item size of each array; those that cannot
 * be read have no spot, and their gauges are never seen. O(gauges log gauges); objects exist only while it runs.
 */
export function spotsOf(
  gauges: readonly Gauge[],
  layout: Layout,
  interpreter: Interpreter,
  memory: OutsideReader,
): GaugeSpots {
  const dictType = interpreter.symbols.get("PyDict_Type") ?? 0;
  const spots = gauges
    .flatMap((gauge, index) =>
      gauge.kind === "lru-cache"
        ? spotsOfCache(gauge, index, layout, dictType, memory)
        : [spotOf(gauge, gauge.kind, index, layout, memory)],
    )
    .filter(({ address }) => address > 0 && address % 8 === 0)
    .sort((a, b) => a.address - b.address || a.gauge - b.gauge);
  return columnsOf(spots);
}

function spotOf(
  { address, typeAddress }: Gauge,
  kind: Exclude<Gauge["kind"], "lru-cache">,
  gauge: number,
  layout: Layout,
  memory: OutsideReader,
): Spot {
  const at = sizeOffset(kind, layout);
  const scale = kind === "array" ? itemBytes(memory, layout, address) : 1;
  return { gauge, role: SpotRole.size, address, type: typeAddress, valueAt: at, secondAt: at, scale };
}

function spotsOfCache(
  { address, typeAddress }: Gauge,
  gauge: number,
  layout: Layout,
  dictType: number,
  memory: OutsideReader,
): Spot[] {
  const { cache, hits, misses } = layout.private.lruCache;
  if (wordAt(memory, address + layout.objectHead.type) !== typeAddress) return [];
  const at = layout.dict.used;
  const entries = wordAt(memory, address + cache) ?? 0;
  return [
    { gauge, role: SpotRole.size, address: entries, type: dictType, valueAt: at, secondAt: at, scale: 1 },
    { gauge, role: SpotRole.counters, address, type: typeAddress, valueAt: hits, secondAt: misses, scale: 1 },
  ];
}

/** Modules/arraymodule.c: the descriptor is constant for the life of an array. */
function itemBytes(memory: OutsideReader, layout: Layout, address: number): number {
  const { descriptor, descriptorItemSize } = layout.private.array;
  const at = wordAt(memory, address + descriptor);
  const bytes = at === null ? null : int32At(memory, at + descriptorItemSize);
  return bytes !== null && bytes > 0 && bytes <= 16 ? bytes : 1;
}

function columnsOf(spots: readonly Spot[]): GaugeSpots {
  return {
    count: spots.length,
    gauge: Uint32Array.from(spots, (spot) => spot.gauge),
    role: Uint8Array.from(spots, (spot) => spot.role),
    address: Float64Array.from(spots, (spot) => spot.address),
    typeLow: Uint32Array.from(spots, (spot) => spot.type % HIGH_WORD),
    typeHigh: Uint32Array.from(spots, (spot) => Math.floor(spot.type / HIGH_WORD)),
    valueAt: Uint32Array.from(spots, (spot) => spot.valueAt),
    secondAt: Uint32Array.from(spots, (spot) => spot.secondAt),
    spanBytes: Uint32Array.from(spots, (spot) => Math.max(spot.valueAt, spot.secondAt) + 8),
    scale: Float64Array.from(spots, (spot) => spot.scale),
  };
}
