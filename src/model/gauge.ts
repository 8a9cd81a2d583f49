// A container whose size is followed from outside, by reading a few bytes at its address while the process runs.

import type { Addr, NodeIx } from "../base/brand.ts";
import type { MeasuredSeries } from "./verdict.ts";

/** How the size is read: which struct lies at the address. Subclasses of a type are of its kind. */
export type GaugeKind = "dict" | "list" | "set" | "deque" | "simple-queue" | "lru-cache" | "bytearray" | "array";

export interface Gauge {
  readonly kind: GaugeKind;
  readonly address: Addr;
  /** What `ob_type` must still be: otherwise the object died and its place was used again. */
  readonly typeAddress: Addr;
  /** In the snapshot that it was picked from. */
  readonly node: NodeIx;
  readonly entries: number;
  /** Of a bounded cache, deque or queue; null when nothing bounds it or nobody has looked yet. */
  readonly bound: number | null;
  /** An int object of the target that bounds it (`queue.Queue.maxsize`); null when there is none. */
  readonly boundAt: Addr | null;
}

/** gone: freed or no longer what it was. unread: its memory cannot be read any more. */
export type GaugeState = "alive" | "gone" | "unread";

/** What became of one gauge over the watch. Kept only for gauges that changed. */
export interface GaugeTrack {
  /** Index into the gauges that were followed. */
  readonly gauge: number;
  readonly state: GaugeState;
  /** Number of entries; bytes for bytearray and array. */
  readonly series: MeasuredSeries;
  /** For lru caches: counters now and at first. */
  readonly hits: readonly [first: number, last: number] | null;
  readonly misses: readonly [first: number, last: number] | null;
}

/** A gauge that changed, without its series. */
export interface GaugeSummary {
  readonly gauge: number;
  readonly state: GaugeState;
  readonly first: number;
  readonly last: number;
  readonly lastMs: number;
}
