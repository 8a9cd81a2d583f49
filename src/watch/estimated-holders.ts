// What the containers that are followed add to the growth of a process: their entries, times what an entry held at the last snapshot.

import { formatPercent } from "../base/format-percent.ts";
import type { Gauge, GaugeSummary } from "../model/gauge.ts";
import type { ProcessSample } from "../model/sample.ts";
import type { HolderEvidence } from "./process-evidence.ts";
import type { GaugeName, VerdictMemory } from "./watched-gauges.ts";

export interface FollowedSizes {
  readonly samples: readonly ProcessSample[];
  readonly gauges: readonly Gauge[];
  readonly summaries: readonly GaugeSummary[];
  readonly nameOf: (gauge: number) => GaugeName | null;
}

/** Most growth first; those that were judged, and whose entries had a size in the snapshot. O(changed). */
export function estimatedHolders(
  { samples, gauges, summaries, nameOf }: FollowedSizes,
  verdicts: VerdictMemory,
): readonly HolderEvidence[] {
  const grown = Math.max(1, privateBytes(samples.at(-1)) - privateBytes(samples[0]));
  const holders = summaries.flatMap(({ gauge: at, state, first, last }): HolderEvidence[] => {
    const [gauge, name] = [gauges[at], nameOf(at)];
    const growth = gauge === undefined ? undefined : verdicts.get(gauge.address)?.growth;
    if (state !== "alive" || gauge === undefined || name === null || growth === undefined || gauge.entries < 1)
      return [];
    const grownBytes = (last - first) * (name.heldBytes / gauge.entries);
    if (!(grownBytes > 0)) return [];
    return [
      {
        path: name.path,
        growth,
        grownBytes,
        shareOfGrowth: grownBytes / grown,
        isUnbounded: gauge.bound === null,
        survivesCollection: name.kind !== "garbage-cycle",
        // It was followed, so it was there all the time.
        isInFlight: false,
      },
    ];
  });
  return holders.toSorted((a, b) => b.grownBytes - a.grownBytes);
}

/** "app.CACHE is about 90 % of the growth. It rose over 9 windows ..." */
export function estimateSentence({ path, shareOfGrowth, growth }: HolderEvidence): string {
  return `${path} is about ${formatPercent(Math.min(1, shareOfGrowth), 0)} of the growth. ${growth.because[0] ?? ""}`.trimEnd();
}

function privateBytes(sample: ProcessSample | undefined): number {
  return sample === undefined ? 0 : sample.anonBytes + sample.swapBytes;
}
