// Where the collector keeps its lists and its counts.

import type { Offset } from "./layout.ts";

/** `struct _gc_runtime_state`: three generation heads `generationSize` apart, then the permanent one. */
export interface CollectorLayout {
  readonly enabled: Offset;
  readonly generations: Offset;
  readonly generationSize: number;
  readonly generationThreshold: Offset;
  readonly generationCount: Offset;
  readonly permanent: Offset;
  readonly collecting: Offset;
  readonly statistics: CollectionStatisticsLayout;
  readonly garbage: Offset;
}
/** `struct gc_generation_stats`, counted from the start of the process. */
export interface CollectionStatisticsLayout {
  /** In the collector's state: a record for each generation, one behind the other; or a pointer to `rings`. */
  readonly at: Offset;
  readonly recordSize: number;
  readonly collections: Offset;
  readonly collected: Offset;
  readonly uncollectable: Offset;
  /** 3.15+, `struct gc_stats`: a ring of records for each generation, and a signed byte that says which is the latest. */
  readonly rings: {
    readonly size: number;
    readonly young: Offset;
    readonly youngLatest: Offset;
    readonly middle: Offset;
    readonly middleLatest: Offset;
    readonly old: Offset;
    readonly oldLatest: Offset;
  } | null;
}
