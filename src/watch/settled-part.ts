// Where warm-up ends. What happens before is not judged: imports, pools and caches grow in every program that has just started.

import { numberAt } from "../base/statistics/number-at.ts";
import type { TimedValues } from "./timed-values.ts";
import { since, spanOf } from "./timed-values.ts";

/** Share of the record that is taken for warm-up (research: runtime-anchors E). */
const WARM_UP_SHARE = 0.3;
/** With fewer samples than this each counts: they are snapshots, or the watch has only begun. */
export const FEW_SAMPLES = 20;

export interface SettledPart {
  /** Everything since modules and code were last loaded. */
  readonly whole: TimedValues;
  /** What is judged: `whole` without the warm-up share of the record. */
  readonly settled: TimedValues;
}

/** Cuts warm-up off. O(n). */
export function settledPart(record: TimedValues, unsettledUntilMs: number): SettledPart {
  const whole = since(record, unsettledUntilMs / 1000);
  if (record.times.length < FEW_SAMPLES) return { whole, settled: whole };
  return { whole, settled: since(whole, numberAt(record.times, 0) + WARM_UP_SHARE * spanOf(record)) };
}
