// What `deadweight caches advise` says: how often a cache would answer with other bounds, and which bound is worth its bytes.

import type { CacheBound, CacheFamily, CacheOrigin } from "./cache-inventory.ts";

/** How many calls would have been misses with a bound of `size` entries in each process. */
export interface CurvePoint {
  readonly size: number;
  readonly missRatio: number;
  /** About two standard errors, as a share of the calls. */
  readonly band: number;
}

/** shrink: fewer entries answer as well. grow: more would answer more. keep: neither. refused: the data does not carry it. */
export const ADVICE_VERDICTS = ["shrink", "grow", "keep", "refused"] as const;
export type AdviceVerdict = (typeof ADVICE_VERDICTS)[number];

/** safe: new keys have all but stopped coming. never: they keep coming, so it grows for ever. */
export const UNBOUNDED_VERDICTS = ["safe", "never", "unknown"] as const;
export type UnboundedVerdict = (typeof UNBOUNDED_VERDICTS)[number];

/** A step of the curve: with `from` entries it misses so much more often than with `to`, and little lies between. */
export interface CurveCliff {
  readonly from: number;
  readonly to: number;
  readonly fromMissRatio: number;
  readonly toMissRatio: number;
}

/** One process that was followed. */
export interface AdvisedWorker {
  readonly pid: number;
  readonly entries: number;
  readonly calls: number;
  readonly misses: number;
}

/** Another bound and what it would do, in all followed processes together. */
export interface SizeOffer {
  readonly size: number;
  readonly missRatio: number;
  readonly band: number;
  /** Bytes more than now when it is full; negative: fewer. By the mean entry. */
  readonly bytes: number;
  /** Seconds of loading per second that would be spared; negative: more loading. Null: nobody has measured a load. */
  readonly sparedLoad: number | null;
  /** Seconds of loading spared in an hour for each MiB more. Null as above, or where no byte is added. */
  readonly hourlySecondsPerMiB: number | null;
}

export interface CacheAdvice {
  readonly name: string;
  readonly family: CacheFamily;
  readonly origin: CacheOrigin;
  readonly file: string | null;
  readonly line: number | null;
  readonly bound: CacheBound;
  readonly workers: readonly AdvisedWorker[];
  readonly watchedSeconds: number;
  readonly calls: number;
  readonly missRatio: number | null;
  /** Mean retained bytes of an entry; null where there is none. */
  readonly entryBytes: number | null;
  /** Mean time of a load; null: unknown. */
  readonly loadMs: number | null;
  /** By ascending size, per process. Empty when refused. */
  readonly curve: readonly CurvePoint[];
  readonly verdict: AdviceVerdict;
  /** The bound that the verdict speaks of. */
  readonly offer: SizeOffer | null;
  /** The smallest bound that answers as well as the present one. */
  readonly waste: number | null;
  /** From here on more entries bring less and less. */
  readonly knee: number | null;
  readonly cliff: CurveCliff | null;
  readonly unbounded: UnboundedVerdict;
  /** New keys per second at the end of the watch, in each process. */
  readonly newKeysPerSecond: number | null;
  /** Sentences: why it was refused, what could not be seen, and what to do about it. */
  readonly because: readonly string[];
}

export interface CacheAdviceReport {
  readonly schema: "deadweight/cache-advice@1";
  readonly pids: readonly number[];
  readonly watchedSeconds: number;
  /** Share of one core that the reading took, over the whole watch. */
  readonly readingShare: number;
  /** Most calls first. */
  readonly caches: readonly CacheAdvice[];
  readonly warnings: readonly string[];
}
