// What `deadweight watch` shows of one moment: the terminal view, the plain lines, the metrics and `--json` are made of it.

import type { Forecast, ProcessVerdict } from "./diagnosis.ts";
import type { HolderKind } from "./holder.ts";
import type { DescriptorCounts } from "./sample.ts";
import type { SeriesShape } from "./verdict.ts";

/** stopped: by a signal or a debugger. ended: gone, or another program by now. */
export const WATCHED_STATES = ["running", "stopped", "ended"] as const;
export type WatchedState = (typeof WATCHED_STATES)[number];

/** Resident memory by what it is, as the kernel counts it. */
export interface WatchedMemory {
  readonly rssBytes: number;
  readonly anonBytes: number;
  readonly fileBytes: number;
  readonly shmemBytes: number;
  readonly swapBytes: number;
  /** Shared pages divided among their users; null when it was not read yet. */
  readonly pssBytes: number | null;
  /** In use, of Python's allocator. */
  readonly pythonBytes: number | null;
  /** Free inside Python's allocator. */
  readonly allocatorFreeBytes: number | null;
}

/** Of the control group. */
export interface WatchedLimit {
  readonly usageBytes: number;
  /** Page cache that the kernel takes back under pressure. */
  readonly reclaimableBytes: number;
  readonly limitBytes: number | null;
  /** Share of the last 10 s in which some task waited for memory, in percent. */
  readonly pressurePercent: number | null;
}

export interface WatchedForecast extends Forecast {
  readonly soonestSeconds: number | null;
  readonly latestSeconds: number | null;
}

export interface WatchedCollector {
  readonly isEnabled: boolean;
  /** Per generation, youngest first. */
  readonly collections: readonly number[];
  readonly uncollectable: number;
  /** Made minus freed since the youngest generation was collected. */
  readonly pending: number;
}

/** A container with a name that changed since the watch began. */
export interface WatchedHolder {
  /** The same for the same place in every worker and run. */
  readonly fingerprint: string;
  readonly path: string;
  readonly kind: HolderKind;
  readonly type: string;
  /** "0x7f12...": usable as a selector. */
  readonly address: string;
  readonly unit: "entries" | "bytes";
  /** When the watch began. */
  readonly first: number;
  readonly now: number;
  /** Units per second, over the last minute. */
  readonly perSecond: number;
  readonly bound: number | null;
  /** When the last snapshot was taken. */
  readonly heldBytes: number;
  readonly shape: SeriesShape;
  /** It rose without a break, and nothing bounds it. */
  readonly isProved: boolean;
}

/** An lru cache that was asked since the watch began. */
export interface WatchedCache {
  readonly fingerprint: string;
  readonly path: string;
  readonly address: string;
  readonly entries: number;
  readonly bound: number | null;
  /** Since the watch began. */
  readonly hits: number;
  readonly misses: number;
}

export interface WatchedProcess {
  readonly pid: number;
  readonly python: string;
  readonly command: readonly string[];
  readonly state: WatchedState;
  /** How long it has been watched. */
  readonly seconds: number;
  readonly memory: WatchedMemory;
  readonly group: WatchedLimit | null;
  /** From its signals and its containers so far; never "leak", since the sources are not read. */
  readonly verdict: ProcessVerdict;
  readonly because: readonly string[];
  readonly forecast: WatchedForecast;
  readonly threads: number;
  readonly descriptors: DescriptorCounts | null;
  /** Of one core, over the last minute; null with fewer than two samples. */
  readonly cpuShare: number | null;
  readonly collector: WatchedCollector | null;
  /** Containers whose sizes are read. */
  readonly followed: number;
  /** Those that changed; most growth first, at most 200. */
  readonly holders: readonly WatchedHolder[];
  /** Most asked first, at most 50. */
  readonly caches: readonly WatchedCache[];
  /** Snapshots taken of it, the first included. */
  readonly snapshots: number;
}

/** The same place in several workers. */
export interface HolderSum {
  readonly fingerprint: string;
  readonly path: string;
  readonly type: string;
  readonly unit: "entries" | "bytes";
  /** How many have it. */
  readonly processes: number;
  readonly now: number;
  readonly perSecond: number;
  readonly heldBytes: number;
  /** The worst of them. */
  readonly shape: SeriesShape;
  readonly isProved: boolean;
  /** The worker that has far more than the others; null when there is none. */
  readonly outlier: { readonly pid: number; readonly now: number } | null;
}

/** `deadweight watch --json`: one such document per line. */
export interface WatchReport {
  readonly schema: "deadweight/watch@1";
  /** Milliseconds since 1970. */
  readonly atMs: number;
  /** Since the watch began. */
  readonly seconds: number;
  /** In order of pid. */
  readonly processes: readonly WatchedProcess[];
  /** Most growth first; a row for each place of any process, at most 200. */
  readonly sums: readonly HolderSum[];
  /** What happened since the last document: a snapshot, a worker that came or went, a recording that stopped. */
  readonly events: readonly string[];
}
