// What is measured of a process while it is watched, without stopping it. Sizes are bytes, times are milliseconds.

/** Signals of the whole process at one moment. Null: not asked at this moment, or not to be had. */
export interface ProcessSample {
  /** Since the watch began, by a clock that does not jump. */
  readonly atMs: number;
  readonly rssBytes: number;
  readonly anonBytes: number;
  readonly fileBytes: number;
  readonly shmemBytes: number;
  readonly swapBytes: number;
  readonly threads: number;
  /** Of all threads so far, user and system. */
  readonly cpuSeconds: number;
  /** Proportional set size; read rarely, since the kernel walks the page tables under a lock. */
  readonly pssBytes: number | null;
  readonly descriptors: DescriptorCounts | null;
  readonly group: ControlGroupSample | null;
  readonly collector: CollectorSample | null;
  readonly allocator: AllocatorSample | null;
  /** Cumulative work done, as the load signal counts it. */
  readonly load: number | null;
}

/** Open descriptors. With more than 2,048 the kinds are estimated from 2,048 of them; their sum stays exact. */
export interface DescriptorCounts {
  readonly files: number;
  readonly sockets: number;
  readonly pipes: number;
  readonly others: number;
}

/** Of the control group the process is in, version 1 or 2. */
export interface ControlGroupSample {
  readonly usageBytes: number;
  /** Null: no limit. */
  readonly limitBytes: number | null;
  /** Page cache that the kernel takes back under pressure. */
  readonly inactiveFileBytes: number;
  /** Share of the last 10 s in which some task waited for memory, in percent; null without PSI. */
  readonly pressureSome10: number | null;
  /** How often the kernel killed a process of the group for want of memory; null when it does not say. */
  readonly oomKills: number | null;
}

/** Counters of the garbage collector, per generation. */
export interface CollectorSample {
  readonly isEnabled: boolean;
  readonly collections: readonly number[];
  readonly collected: readonly number[];
  readonly uncollectable: readonly number[];
  /** Objects allocated minus freed since the last collection of the youngest generation. */
  readonly pending: number;
  /** Against the thresholds: `pending`, then collections of the generation before since the last of this one. */
  readonly counts: readonly number[];
  readonly thresholds: readonly number[];
}

/** Of pymalloc, read from its arena table. */
export interface AllocatorSample {
  /** Of address space: what was never touched takes no memory, and is neither used nor free here. */
  readonly arenaBytes: number;
  /** In blocks that are in use; estimated from pools when `isEstimate`. */
  readonly usedBytes: number;
  /** In memory that was in use at least once: free blocks, freed pools, headers. */
  readonly freeBytes: number;
  readonly isEstimate: boolean;
}
