// Facts about a snapshot as a whole; printed by `snapshot` and kept in the file's header.

/** Where the bytes came from. */
export type SnapshotSource = "live" | "core" | "inside" | "imported";

export interface GenerationFacts {
  /** Objects on the generation's list when it was read. */
  readonly objects: number;
  readonly threshold: number;
  readonly count: number;
  readonly collections: number;
  readonly collected: number;
  readonly uncollectable: number;
}

export interface CollectorFacts {
  readonly enabled: boolean;
  /** True when a collection was running at the instant of the snapshot: lists may be incomplete. */
  readonly collecting: boolean;
  /** Youngest first. */
  readonly generations: readonly GenerationFacts[];
  readonly permanentObjects: number;
}

/** Memory of the process by what it is used for, in bytes; null where the source cannot know. */
export interface MemoryFacts {
  readonly rssBytes: number | null;
  readonly sharedBytes: number | null;
  readonly swapBytes: number | null;
}

export interface SnapshotMeta {
  readonly source: SnapshotSource;
  /** Milliseconds since 1970 at the moment the target was stopped (or the core file's time). */
  readonly takenAtMs: number;
  readonly pid: number | null;
  /** When the process began, in clock ticks after boot: with the pid it names one process. Null when not known (core files). */
  readonly processStartTicks: number | null;
  readonly command: readonly string[];
  /** "3.11.7". */
  readonly python: string;
  readonly executable: string;
  /** Bytes of all objects in the graph (shallow sizes). */
  readonly liveBytes: number;
  readonly copiedBytes: number;
  /** How long the target stood still for us: 0 when somebody else had stopped it, null for a core file. */
  readonly pauseMs: number | null;
  /** Share (0..1) of mortal objects whose refcount equals their in-degree in our graph; null where no counts are known. */
  readonly exactness: number | null;
  /** References that could not be read (null items, torn or unmapped memory). */
  readonly unreadableReferences: number;
  readonly threads: number;
  readonly collector: CollectorFacts;
  readonly memory: MemoryFacts;
  /** True when string values were kept (`--values`). */
  readonly values: boolean;
  /** Sentences a reader of the snapshot must know: torn read, unknown layout, collection in progress. */
  readonly warnings: readonly string[];
}
