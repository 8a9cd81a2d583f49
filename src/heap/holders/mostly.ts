// What a holder is full of: the most frequent type among its elements, or among the objects it dominates directly.

import type { NodeIx } from "../../base/brand.ts";
import { dominatedBy } from "../../graph/dominated-children.ts";
import { fieldTarget, firstPositionalEdge, qualifiedName, roleOf, typeRowOf } from "../analysis/edges.ts";
import type { HeapAnalysis } from "../analyse.ts";
import { POSITIONAL_LABEL, type Snapshot } from "../snapshot.ts";
import { printable } from "../../base/format-printable.ts";

interface TypeCount {
  readonly type: string;
  readonly count: number;
}

/** Null for objects that hold nothing. */
export function mostlyOf(analysis: HeapAnalysis, node: NodeIx): TypeCount | null {
  const { snapshot } = analysis;
  if (roleOf(snapshot, node) === "lru-cache") return mostlyResults(analysis, node);
  const { shape } = typeRowOf(snapshot, node);
  if (shape === "fields") return mostFrequent(snapshot, dominatedBy(analysis.tree, node));
  return mostFrequent(snapshot, elementsOf(snapshot, node, shape === "mapping"));
}

/** The results of a cache, behind its links. */
function mostlyResults(analysis: HeapAnalysis, node: NodeIx): TypeCount | null {
  const { snapshot } = analysis;
  const entries = fieldTarget(snapshot, node, "cache");
  if (entries === null) return null;
  const values = elementsOf(snapshot, entries, true).map((value) =>
    roleOf(snapshot, value as NodeIx) === "lru-link" ? (fieldTarget(snapshot, value as NodeIx, "result") ?? 0) : value,
  );
  return mostFrequent(snapshot, values);
}

function elementsOf(snapshot: Snapshot, node: NodeIx, isMapping: boolean): Uint32Array {
  const { edgeStart, edgeTarget } = snapshot.refs;
  const first = firstPositionalEdge(snapshot, node);
  let end = edgeStart[node + 1]!;
  while (end > first && snapshot.edgeLabel[end - 1] !== POSITIONAL_LABEL) end--;
  const elements = edgeTarget.subarray(first, end);
  return isMapping ? elements.filter((_, at) => at % 2 === 1) : elements;
}

/** The most frequent type among `nodes`, the first in the type table of several. */
export function mostFrequent(snapshot: Snapshot, nodes: Uint32Array): TypeCount | null {
  const counts = new Uint32Array(snapshot.types.length);
  for (const node of nodes) {
    if (node !== 0) counts[snapshot.types[snapshot.nodes.type[node]!]!.canonical]!++;
  }
  let best = 0;
  for (let type = 1; type < counts.length; type++) if (counts[type]! > counts[best]!) best = type;
  return counts[best]! === 0 ? null : { type: printable(qualifiedName(snapshot.types[best]!)), count: counts[best]! };
}
