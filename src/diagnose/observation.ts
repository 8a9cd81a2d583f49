// What was seen of a process: heaps at a few moments, and between them the signals and sizes that cost nothing.

import type { HeapAnalysis } from "../heap/analyse.ts";
import type { Gauge, GaugeTrack } from "../model/gauge.ts";
import type { ProcessEnd } from "../model/process-end.ts";
import type { ProcessSample } from "../model/sample.ts";

/** A snapshot on the clock of the watch. */
export interface TimedHeap {
  readonly atMs: number;
  /** Its name in messages, or its file. */
  readonly file: string;
  readonly analysis: HeapAnalysis;
}

export interface Observation {
  readonly pid: number;
  /** Its working folder; null when it cannot be read. */
  readonly folder: string | null;
  /** C code outside the standard library, largest first. */
  readonly extensions: readonly { readonly name: string; readonly file: string }[];
  readonly first: TimedHeap;
  /** All, oldest first; the first and the last are different. */
  readonly heaps: readonly TimedHeap[];
  readonly last: TimedHeap;
  readonly gauges: readonly Gauge[];
  readonly tracks: readonly GaugeTrack[];
  readonly samples: readonly ProcessSample[];
  readonly end: ProcessEnd;
  readonly warnings: readonly string[];
}
