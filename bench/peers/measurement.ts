// What is measured of one tool in one round, and the medians over the rounds.

/** What the tool said about CACHE, the holder to be found. */
export interface Answer {
  /** Where its user would look for the name. */
  readonly text: string;
  /** What it gives for CACHE; null if it gives nothing. */
  readonly bytes: number | null;
}

/** One request to a tool inside the target. */
export interface Step {
  readonly name: string;
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly gapMs: number;
}

export interface Measurement {
  /** Longest time between two beats of the target's heartbeat thread. */
  readonly gapMs: number;
  /** How long the thread that has to run the tool is away; for tools outside nothing but the pause, so the same as `gapMs`. */
  readonly ownThreadMs: number;
  readonly wallSeconds: number;
  readonly targetCpuSeconds: number;
  /** Null inside the target. */
  readonly toolCpuSeconds: number | null;
  /** Resident memory of the target above what it had: at the highest point, and when the tool was done. */
  readonly peakExtraMib: number;
  readonly keptExtraMib: number;
  /** The largest process of the tool; null inside the target. */
  readonly toolPeakMib: number | null;
  readonly steps: readonly Step[];
  readonly answer: Answer;
}

/** Median with the lowest and the highest value. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

export function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (index: number): number => sorted[index] ?? Number.NaN;
  const half = sorted.length >> 1;
  return {
    median: sorted.length % 2 === 1 ? at(half) : (at(half - 1) + at(half)) / 2,
    min: at(0),
    max: at(sorted.length - 1),
  };
}
