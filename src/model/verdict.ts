// What a series of measurements shows, and how sure that is. Made by src/watch, printed by every report.

/** One quantity over time. Times ascend and need not be evenly spaced; both arrays have the same length. */
export interface MeasuredSeries {
  /** Milliseconds since the watch began. */
  readonly timesMs: ArrayLike<number>;
  readonly values: ArrayLike<number>;
}

/** Cumulative work. */
export interface LoadSeries extends MeasuredSeries {
  /** Seconds of the processor, for want of anything that counts work. */
  readonly isProcessorTime?: boolean;
}

/** What is counted. Bytes wander with the allocator, so they must change more before it means something. */
export type SeriesUnit = "entries" | "objects" | "bytes" | "descriptors" | "threads";

/** What else is known when a series is judged. */
export interface SeriesContext {
  /** Default: entries. */
  readonly unit?: SeriesUnit;
  /** Cumulative work (requests, tasks; CPU seconds as a fall-back) over the same time; null when unknown. */
  readonly load: LoadSeries | null;
  /** The most it can hold: of a bounded cache or queue; null when nothing bounds it. */
  readonly bound: number | null;
  /** Moments since which warm-up may go on: a new module or code object, an import, a fork. */
  readonly unsettledUntilMs: number;
  /** How many series are judged together: the level of the test is corrected for them. */
  readonly family: number;
}

/**
 * growing: rises, and nothing below explains it. filling: bounded and below its bound. warm-up: rose at first, flat since.
 * load: rises with the work done at the moment, not with the work done in all. steady: no trend, or too small to matter.
 * unclear: too few samples or too noisy to say.
 */
export type SeriesShape = "growing" | "filling" | "warm-up" | "load" | "steady" | "unclear";

export interface SeriesVerdict {
  readonly shape: SeriesShape;
  /** True when the ladder's rule for "proved" holds for the series itself: it rose in every one of >= 7 windows. */
  readonly isUnbroken: boolean;
  /** Length of the part that was judged, warm-up cut off. */
  readonly windowSeconds: number;
  readonly samples: number;
  readonly first: number;
  readonly last: number;
  /** Units per second: Theil-Sen, with the bounds of its confidence interval; 0 for steady series of one value. */
  readonly slope: number;
  readonly slopeLow: number;
  readonly slopeHigh: number;
  /** Units per unit of work; null without a load signal. */
  readonly perUnitOfLoad: number | null;
  /** Of the trend test, corrected for autocorrelation and for the size of the family; 1 when no test was made. */
  readonly p: number;
  readonly because: readonly string[];
  /** What it is not, with the reason. */
  readonly ruledOut: readonly { readonly what: string; readonly because: string }[];
  /** What more would change the verdict: "watch 3 minutes more". */
  readonly wouldChange: string;
}
