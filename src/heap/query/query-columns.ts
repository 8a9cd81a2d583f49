// What a query can compare, as functions of a node. A column that costs something is made when the query names it.

import type { NodeIx } from "../../base/brand.ts";
import { printable } from "../../base/format-printable.ts";
import { inDegrees } from "../../graph/in-degrees.ts";
import { NO_NODE } from "../../graph/ref-graph.ts";
import type { QueryFieldName } from "../../model/query-report.ts";
import { qualifiedName, shallowBytesOf } from "../analysis/edges.ts";
import { textOf } from "../analysis/texts.ts";
import { isGarbage } from "../analyse.ts";
import { moduleGroups } from "../holders/modules-of.ts";
import type { OwnedHeap } from "../holders/ownership.ts";
import { sizeOfContainer } from "../paths/path-of.ts";

export type NumberColumn = (node: NodeIx) => number;

export interface QueryColumns {
  /** NaN where an object has no such number: no comparison holds for it. */
  readonly number: (field: QueryFieldName) => NumberColumn;
  /** Both spellings of each type, by type row. */
  readonly typeNames: readonly (readonly string[])[];
  readonly modules: () => { readonly names: readonly string[]; readonly groupOf: Uint32Array };
  readonly text: (node: NodeIx) => string | null;
  readonly isGarbage: (node: NodeIx) => boolean;
}

export function queryColumns(heap: OwnedHeap): QueryColumns {
  const { snapshot, retainedBytes, retainedCounts, heldBytes } = heap;
  const { edgeStart } = snapshot.refs;
  const degrees = (): Uint32Array => (heap.late.inDegrees ??= inDegrees(snapshot.refs));
  const depths = once(() => depthsOf(heap.rooted.parent));
  const modules: QueryColumns["modules"] = () => (heap.late.modules ??= moduleGroups(heap));
  const columns: Readonly<Record<QueryFieldName, () => NumberColumn>> = {
    entries: () => (node) => sizeOfContainer(heap, node) ?? Number.NaN,
    size: () => (node) => shallowBytesOf(snapshot, node),
    retained: () => (node) => retainedBytes[node]!,
    objects: () => (node) => retainedCounts[node]!,
    held: () => (node) => heldBytes[node]!,
    references: () => (node) => edgeStart[node + 1]! - edgeStart[node]!,
    referrers: () => {
      const counts = degrees();
      return (node) => counts[node]!;
    },
    depth: () => {
      const steps = depths();
      return (node) => (steps[node] === NO_NODE ? Number.NaN : steps[node]!);
    },
    type: () => () => Number.NaN,
    module: () => () => Number.NaN,
    text: () => () => Number.NaN,
    garbage: () => () => Number.NaN,
  };
  return {
    number: (field) => columns[field](),
    typeNames: snapshot.types.map((type) => [printable(type.name), printable(qualifiedName(type))]),
    modules,
    text: (node) => textOf(snapshot.texts, node),
    isGarbage: (node) => isGarbage(heap, node),
  };
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null;
  return () => (made ??= { value: make() }).value;
}

/** Steps from a root; NO_NODE for garbage. Every node is visited once. */
function depthsOf(parent: Uint32Array): Uint32Array {
  const UNKNOWN = NO_NODE - 1;
  const depths = new Uint32Array(parent.length).fill(UNKNOWN);
  const way: number[] = [];
  for (let node = 0; node < parent.length; node++) {
    let at = node;
    while (at < parent.length && depths[at] === UNKNOWN) {
      way.push(at);
      at = parent[at]!;
    }
    // Beyond the nodes stand the kinds of roots, and NO_NODE.
    let depth = at < parent.length ? depths[at]! : at === NO_NODE ? NO_NODE : -1;
    while (way.length > 0) {
      if (depth !== NO_NODE) depth += 1;
      depths[way.pop()!] = depth;
    }
  }
  return depths;
}
