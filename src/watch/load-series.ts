// The load signal of a watch as a series.

import type { ProcessSample } from "../model/sample.ts";
import type { LoadSeries } from "../model/verdict.ts";

/** Null for less than two values. Where nothing else is counted the samples carry the processor time of the process. */
export function loadSeriesOf(samples: readonly ProcessSample[]): LoadSeries | null {
  const known = samples.flatMap(({ atMs, load, cpuSeconds }) => (load === null ? [] : [{ atMs, load, cpuSeconds }]));
  if (known.length < 2) return null;
  return {
    timesMs: known.map(({ atMs }) => atMs),
    values: known.map(({ load }) => load),
    isProcessorTime: known.every(({ load, cpuSeconds }) => load === cpuSeconds),
  };
}
