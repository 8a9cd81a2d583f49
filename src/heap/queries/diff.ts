// `diff`: what grew between snapshots, as a report.

import type { DiffReport, HolderGrowth } from "../../model/heap-reports.ts";
import { reachableBytes } from "../holders/holders-of.ts";
import { compareHeaps, grownPlaces, type NamedHeap, takenAtMs } from "./compare.ts";
import { growthOfTypes, sameNameWarning } from "./type-growth.ts";

export interface DiffOptions {
  /** Longest list; default 30. */
  readonly limit?: number;
}

const DEFAULT_LIMIT = 30;

/** Compares at least two snapshots. */
export function diffOf(given: readonly NamedHeap[], { limit = DEFAULT_LIMIT }: DiffOptions = {}): DiffReport {
  const comparison = compareHeaps(given);
  const { analyses, heaps, sameProcess } = comparison;
  const holders = grownPlaces(comparison)
    .map(({ growth }) => growth)
    .filter((growth) => growth.verdict.strength !== "none");
  const types = growthOfTypes(analyses, reachableBytes(analyses.at(-1)!)).slice(0, limit);
  return {
    schema: "deadweight/diff@1",
    sameProcess,
    snapshots: heaps.map(({ file, analysis: { snapshot } }) => ({
      file,
      takenAtMs: snapshot.meta.takenAtMs,
      nodes: snapshot.nodes.count - 1,
      liveBytes: snapshot.meta.liveBytes,
    })),
    holders: holders.sort(byStrength).slice(0, limit).sort(byGrowth),
    types,
    warnings: [
      ...orderWarning(given, sameProcess),
      ...warningsOf(heaps, sameProcess),
      ...sameNameWarning(analyses.at(-1)!, types),
    ],
  };
}

/** Whether a gate should fail: only on a holder whose growth is no accident. Types alone name no culprit. */
export function hasStrongGrowth(report: DiffReport): boolean {
  return report.holders.some((growth) => growth.verdict.strength === "strong");
}

const STRENGTH = { strong: 0, weak: 1, none: 2 } as const;

/** The surest, where the list is too short for all; those that stay are in the order of what is printed. */
function byStrength(a: HolderGrowth, b: HolderGrowth): number {
  return STRENGTH[a.verdict.strength] - STRENGTH[b.verdict.strength] || byGrowth(a, b);
}

function byGrowth(a: HolderGrowth, b: HolderGrowth): number {
  return b.heldGrowthBytes - a.heldGrowthBytes || a.holder.path.localeCompare(b.holder.path);
}

function warningsOf(heaps: readonly NamedHeap[], sameProcess: boolean): string[] {
  const warnings = heaps.flatMap(({ file, analysis }) =>
    analysis.snapshot.meta.warnings.map((warning) => `${file}: ${warning}`),
  );
  if (!sameProcess) {
    warnings.push(
      "The snapshots are of different processes (or of one that was restarted): holders are matched by name, and what differs from run to run looks like growth.",
    );
  }
  return warnings;
}

/** Clocks of different processes may be those of different machines: there the order that was given is kept. */
function orderWarning(given: readonly NamedHeap[], sameProcess: boolean): string[] {
  if (given.every((heap, at) => at === 0 || takenAtMs(heap) >= takenAtMs(given[at - 1]!))) return [];
  return [
    sameProcess
      ? "The snapshots were not given in the order in which they were taken; they are compared oldest first all the same."
      : "The snapshots were not given in the order in which they were taken, and are compared as given.",
  ];
}
