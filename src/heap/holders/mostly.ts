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
  if (roleOf(snapshot, node) === "lru-cache") {
    const entries = fieldTarget(snapshot, node, "cache");
    return entries === null ? null : mostFrequent(snapshot, elementsOf(snapshot, entries));
  }
  if (typeRowOf(snapshot, node).shape === "fields") return mostFrequent(snapshot, dominatedBy(analysis.tree, node));
  return mostFrequent(snapshot, elementsOf(snapshot, node));
}

/** Elements of a sequence or set, values of a mapping; results in place of the links of a cache. None for other objects. */
export function elementsOf(snapshot: Snapshot, node: NodeIx): Uint32Array {
  const { edgeStart, edgeTarget } = snapshot.refs;
  const { shape } = typeRowOf(snapshot, node);
  if (shape === "fields") return new Uint32Array(0);
  const first = firstPositionalEdge(snapshot, node);
  let end = edgeStart[node + 1]!;
  while (end > first && snapshot.edgeLabel[end - 1] !== POSITIONAL_LABEL) end--;
  if (shape !== "mapping") return edgeTarget.slice(first, end);
  const values = new Uint32Array((end - first) >> 1);
  for (let at = 0; at < values.length; at++)
    values[at] = resultOfLink(snapshot, edgeTarget[first + 2 * at + 1]! as NodeIx);
  return values;
}

function resultOfLink(snapshot: Snapshot, value: NodeIx): NodeIx {
  return roleOf(snapshot, value) === "lru-link" ? (fieldTarget(snapshot, value, "result") ?? value) : value;
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
