// Growth by type: what there is more of, whoever holds it. Types are matched by name.

import { printable } from "../../base/format-printable.ts";
import type { TypeGrowth } from "../../model/heap-reports.ts";
import { qualifiedName } from "../analysis/edges.ts";
import type { HeapAnalysis } from "../analyse.ts";
import { judge } from "./verdict.ts";

interface Totals {
  readonly count: number;
  readonly bytes: number;
}

/** Types with more instances in the last snapshot than in the first, most bytes first. */
export function growthOfTypes(analyses: readonly HeapAnalysis[], heapBytes: number): TypeGrowth[] {
  const totals = analyses.map(totalsByName);
  return [...totals.at(-1)!.keys()]
    .map((name) =>
      growthOfType(
        name,
        totals.map((byName) => byName.get(name) ?? { count: 0, bytes: 0 }),
        heapBytes,
      ),
    )
    .filter((growth) => growth.verdict.strength !== "none")
    .sort((a, b) => b.shallowGrowthBytes - a.shallowGrowthBytes || a.name.localeCompare(b.name));
}

function growthOfType(name: string, totals: readonly Totals[], heapBytes: number): TypeGrowth {
  const counts = totals.map((total) => total.count);
  const bytes = totals.map((total) => total.bytes);
  return {
    name: printable(name),
    counts,
    shallowBytes: bytes,
    countGrowth: counts.at(-1)! - counts[0]!,
    shallowGrowthBytes: bytes.at(-1)! - bytes[0]!,
    verdict: judge({ values: counts, bytes, heapBytes, filling: false }),
  };
}

/** One sentence about the listed types that are several classes of one name, which count together; none when there are none. */
export function sameNameWarning({ snapshot, typeTotals }: HeapAnalysis, listed: readonly TypeGrowth[]): string[] {
  const classes = new Map<string, number>(listed.map(({ name }) => [name, 0]));
  for (const [row, type] of snapshot.types.entries()) {
    const name = printable(qualifiedName(type));
    const known = classes.get(name);
    if (known !== undefined && typeTotals.counts[row]! > 0) classes.set(name, known + 1);
  }
  const shared = [...classes].filter(([, count]) => count > 1).map(([name, count]) => `${name} (${count})`);
  return shared.length === 0 ? [] : [`Different classes of the same name are counted together: ${shared.join(", ")}.`];
}

/** Two classes of one name (made in a function) count together. */
function totalsByName({ snapshot, typeTotals }: HeapAnalysis): ReadonlyMap<string, Totals> {
  const byName = new Map<string, Totals>();
  for (const [row, type] of snapshot.types.entries()) {
    const count = typeTotals.counts[row]!;
    if (count === 0) continue;
    const name = qualifiedName(type);
    const known = byName.get(name) ?? { count: 0, bytes: 0 };
    byName.set(name, { count: known.count + count, bytes: known.bytes + typeTotals.shallowBytes[row]! });
  }
  return byName;
}
