// `top`: what holds the memory - by holder, by type, by module.

import type { TopReport, TypeUsage } from "../../model/heap-reports.ts";
import { printable } from "../../base/format-printable.ts";
import { qualifiedName } from "../analysis/edges.ts";
import type { HeapAnalysis } from "../analyse.ts";
import { holdersOf } from "../holders/holders-of.ts";
import { settleOwners } from "../holders/ownership.ts";
import { modulesByUsage } from "../holders/modules-of.ts";

export interface TopOptions {
  /** Longest list of each of the three kinds; default 30. */
  readonly limit?: number;
}

const DEFAULT_LIMIT = 30;

export function topOf(analysis: HeapAnalysis, { limit = DEFAULT_LIMIT }: TopOptions = {}): TopReport {
  const { snapshot, garbage } = analysis;
  const { meta } = snapshot;
  const { nativeRoots } = analysis.rooted;
  const heap = settleOwners(analysis);
  return {
    schema: "deadweight/top@1",
    python: meta.python,
    pid: meta.pid,
    nodes: snapshot.nodes.count - 1,
    liveBytes: meta.liveBytes,
    exactness: meta.exactness,
    pauseMs: meta.pauseMs,
    byHolder: holdersOf(heap, { limit }).map(({ node: _node, nodes: _nodes, ...usage }) => usage),
    byType: typesByUsage(analysis).slice(0, limit),
    byModule: modulesByUsage(analysis).slice(0, limit),
    garbage: {
      count: garbage.count,
      shallowBytes: garbage.shallowBytes,
      groups: garbage.groups.slice(0, limit).map(({ example: _example, ...group }) => group),
    },
    native: {
      objects: nativeRoots.length,
      retainedBytes: nativeRoots.reduce((sum, root) => sum + heap.retainedBytes[root]!, 0),
      heldBytes: nativeRoots.reduce((sum, root) => sum + heap.heldBytes[root]!, 0),
    },
    collector: meta.collector,
    warnings: meta.warnings,
  };
}

/** All types, most bytes of their own first: the column that adds up to the heap. */
export function typesByUsage({ snapshot, typeTotals }: HeapAnalysis): readonly TypeUsage[] {
  const { counts, shallowBytes, retainedBytes } = typeTotals;
  return snapshot.types
    .map((type, row) => ({
      name: printable(qualifiedName(type)),
      count: counts[row]!,
      shallowBytes: shallowBytes[row]!,
      retainedBytes: retainedBytes[row]!,
    }))
    .filter((usage) => usage.count > 0)
    .sort((a, b) => b.shallowBytes - a.shallowBytes || a.name.localeCompare(b.name));
}
