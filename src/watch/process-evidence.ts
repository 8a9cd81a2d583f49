// What is known of a process when it is judged as a whole.

import type { ProcessSample } from "../model/sample.ts";
import type { MeasuredSeries, SeriesVerdict } from "../model/verdict.ts";

/** A holder that changed, judged on its own. */
export interface HolderEvidence {
  /** As in `Holder.path`. */
  readonly path: string;
  readonly growth: SeriesVerdict;
  /** Between the first and the last snapshot. */
  readonly grownBytes: number;
  /** `grownBytes` / growth of all live bytes; above 1 when others shrank. */
  readonly shareOfGrowth: number;
  /** Nothing limits its size: no maximum, no length that it was made with. */
  readonly isUnbounded: boolean;
  /** It is held from a root, so a full collection leaves it. False for garbage. */
  readonly survivesCollection: boolean;
  /** Only a call that is under way holds it, and nothing shows that it had held any of it before. */
  readonly isInFlight: boolean;
}

export interface ProcessEvidence {
  /** In order of time. */
  readonly samples: readonly ProcessSample[];
  /** Bytes of all live Python objects but those in flight, one value per snapshot; null with fewer than two snapshots. */
  readonly liveBytes: MeasuredSeries | null;
  /** Bytes of garbage cycles, one value per snapshot. */
  readonly garbageBytes: MeasuredSeries | null;
  readonly holders: readonly HolderEvidence[];
  /** As in `SeriesContext`. */
  readonly unsettledUntilMs: number;
}
