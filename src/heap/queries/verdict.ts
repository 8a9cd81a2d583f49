// How sure may one be that something grows? A series of K exchangeable snapshots rises every time with chance 1/K!; among
// thousands of holders that happens by accident until K = 7 (research: runtime-anchors E). Two snapshots prove little.
//
// strong: rises in each of >= 6 steps (K >= 7); or rises in every step and is large, both in itself and for its holder;
//         never for a cache that is still below its bound.
// weak:   grew on balance, in more than half of the steps.
// `diff` exits with 1 for strong verdicts on holders only.

import { formatBytesGrowth } from "../../base/format-bytes.ts";
import { formatPercent } from "../../base/format-percent.ts";
import type { GrowthVerdict } from "../../model/heap-reports.ts";

/** One thing followed over the snapshots. */
export interface Series {
  /** What is compared step by step: entries, or objects, or bytes. */
  readonly values: readonly number[];
  readonly bytes: readonly number[];
  /** Bytes of the whole heap in the last snapshot. */
  readonly heapBytes: number;
  /** A bounded cache that is not full yet. */
  readonly filling: boolean;
}

/** Snapshots from which an unbroken rise is no accident any more. */
const ENOUGH_SNAPSHOTS = 7;
const LARGE_BYTES = 4 * 1024 * 1024;
const LARGE_SHARE_OF_HEAP = 0.05;
const LARGE_SHARE_OF_ITSELF = 0.5;

export function judge(series: Series): GrowthVerdict {
  const { values } = series;
  const steps = values.length - 1;
  const rises = values.filter((value, at) => at > 0 && value > values[at - 1]!).length;
  const chance = values.length > 2 ? 1 / factorial(values.length) : null;
  const verdict = { rises, steps, chance };
  if (values.at(-1)! <= values[0]! || rises * 2 <= steps) {
    return { ...verdict, strength: "none", because: `rose in ${rises} of ${steps} steps` };
  }
  if (series.filling) return { ...verdict, strength: "weak", because: "a bounded cache that is still filling" };
  if (rises < steps) return { ...verdict, strength: "weak", because: `rose in ${rises} of ${steps} steps, not in all` };
  return { ...verdict, ...unbroken(series, chance) };
}

/** A rise in every step. */
function unbroken(series: Series, chance: number | null): Pick<GrowthVerdict, "strength" | "because"> {
  if (series.values.length >= ENOUGH_SNAPSHOTS) {
    return { strength: "strong", because: `rose in every one of ${series.values.length - 1} steps` };
  }
  const growth = series.bytes.at(-1)! - series.bytes[0]!;
  if (isLarge(series, growth)) {
    return {
      strength: "strong",
      because: `rose in every step, by ${formatBytesGrowth(growth)} in all: large for the heap and for itself`,
    };
  }
  const accident =
    chance === null
      ? "two snapshots cannot tell growth from chance"
      : `chance alone gives that to ${formatPercent(chance)} of all holders`;
  return { strength: "weak", because: `rose in every step, but ${accident}; take ${ENOUGH_SNAPSHOTS} snapshots` };
}

function isLarge({ bytes, heapBytes }: Series, growth: number): boolean {
  return (
    growth >= LARGE_BYTES && growth >= heapBytes * LARGE_SHARE_OF_HEAP && growth >= bytes[0]! * LARGE_SHARE_OF_ITSELF
  );
}

function factorial(n: number): number {
  return n <= 1 ? 1 : n * factorial(n - 1);
}
