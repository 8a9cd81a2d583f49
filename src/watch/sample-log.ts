// Samples of a watch without an end: a log that is full drops every other one and takes fewer from then on.

import type { ProcessSample } from "../model/sample.ts";

export interface SampleLog {
  readonly add: (sample: ProcessSample) => void;
  /** Oldest first; the first and the latest are always among them. */
  readonly samples: () => readonly ProcessSample[];
}

const MOST_SAMPLES = 900;

/** Keeps at most `most` samples, evenly spread over the time of the watch. */
export function createSampleLog(most: number = MOST_SAMPLES): SampleLog {
  let kept: ProcessSample[] = [];
  let gapMs = 0;
  return {
    add: (sample) => {
      const [before, last] = [kept.at(-2), kept.at(-1)];
      // The latest stands for the moments since the one before it, until the gap is over.
      const isClose = before !== undefined && last !== undefined && last.atMs - before.atMs < gapMs;
      if (isClose) kept[kept.length - 1] = withRare(sample, last);
      else kept.push(sample);
      if (kept.length <= most) return;
      kept = halved(kept);
      gapMs = Math.max(gapMs * 2, spanMs(kept) / most);
    },
    samples: () => kept,
  };
}

function spanMs(samples: readonly ProcessSample[]): number {
  return (samples.at(-1)?.atMs ?? 0) - (samples[0]?.atMs ?? 0);
}

/** `sample` with what was read rarely of an earlier one, which would be lost with it otherwise. */
export function withRare(sample: ProcessSample, dropped: ProcessSample): ProcessSample {
  return {
    ...sample,
    pssBytes: sample.pssBytes ?? dropped.pssBytes,
    descriptors: sample.descriptors ?? dropped.descriptors,
    group: sample.group ?? dropped.group,
    collector: sample.collector ?? dropped.collector,
    allocator: sample.allocator ?? dropped.allocator,
    load: sample.load ?? dropped.load,
  };
}

function halved(samples: readonly ProcessSample[]): ProcessSample[] {
  const last = samples.length - 1;
  return samples.flatMap((sample, at) => {
    if (at !== 0 && at !== last && at % 2 === 1) return [];
    const dropped = samples[at - 1];
    return [dropped === undefined || at % 2 === 1 ? sample : withRare(sample, dropped)];
  });
}
