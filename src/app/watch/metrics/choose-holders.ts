// Which holders become labels of metrics. A time series database keeps every label it has ever seen, so their number is
// bounded over the whole watch, not only at one moment.

import type { HolderChoice } from "../../../report/metric-families.ts";
import type { WatchReport } from "../../../model/watch-report.ts";

/** A holder that was chosen stays. Growing ones come first; caches count, too. */
export function createHolderChoice(most: number): (report: WatchReport) => HolderChoice {
  const chosen = new Set<string>();
  return ({ sums, processes }) => {
    const growing = sums.filter(({ shape }) => shape === "growing" || shape === "filling");
    const caches = processes.flatMap((each) => each.caches);
    for (const { fingerprint } of [...growing, ...caches]) if (chosen.size < most) chosen.add(fingerprint);
    return (fingerprint) => chosen.has(fingerprint);
  };
}
