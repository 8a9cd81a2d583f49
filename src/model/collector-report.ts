// What `deadweight gc` saw of the garbage collector in a process and its workers.

/** Collections of one generation while we looked. */
export interface GenerationActivity {
  /** 0 is the youngest. */
  readonly generation: number;
  readonly collections: number;
  readonly collected: number;
  readonly uncollectable: number;
  readonly pauseMs: number;
  readonly longestPauseMs: number;
}

/** As the kernel says in smaps_rollup, in bytes. */
export interface MemorySharing {
  readonly residentBytes: number;
  /** Shared pages count in parts: sums over processes are right. */
  readonly proportionalBytes: number;
  readonly privateDirtyBytes: number;
  /** Mapped by other processes, too. */
  readonly sharedBytes: number;
}

export interface CollectedProcess {
  readonly pid: number;
  readonly parentPid: number;
  readonly python: string;
  /** Without secrets. */
  readonly command: readonly string[];
  readonly enabled: boolean;
  readonly thresholds: readonly number[];
  /** Objects that gc.freeze has put aside. */
  readonly frozen: number;
  /** Entries of gc.garbage. */
  readonly garbage: number;
  readonly generations: readonly GenerationActivity[];
  /** Collections that were not recorded in time. */
  readonly dropped: number;
  /** Null where the kernel does not say. */
  readonly before: MemorySharing | null;
  readonly after: MemorySharing | null;
  /** What it shared with others and has for itself now; null when it is no fork of one of these processes. */
  readonly unsharedBytes: number | null;
  /** Why there are no figures of the end; null when there are. */
  readonly lost: string | null;
}

export interface CollectorAdvice {
  readonly about: "freeze" | "disabled" | "uncollectable" | "pauses";
  readonly text: string;
}

export interface CollectorReport {
  readonly schema: "deadweight/gc@1";
  readonly pid: number;
  readonly seconds: number;
  /** Whether each process was asked for a full collection. */
  readonly isForced: boolean;
  readonly processes: readonly CollectedProcess[];
  readonly advice: readonly CollectorAdvice[];
}
