// Where new objects went: each is counted for the nearest object that was there before and keeps it alive. Those are the
// containers that grow.

import type { NodeIx } from "../../base/brand.ts";
import { NO_NODE } from "../../graph/ref-graph.ts";
import { topByValue } from "../../graph/top-by-value.ts";
import { roleOf } from "../analysis/edges.ts";
import { parentOf, type HeapAnalysis } from "../analyse.ts";
import { visibleOwner } from "../holders/accumulation.ts";
import { elementsOf, mostFrequent } from "../holders/mostly.ts";
import { markTrunk } from "../holders/trunk.ts";

export interface GrowingContainer {
  readonly node: NodeIx;
  /** Bytes of new objects it keeps, and what they keep. */
  readonly newBytes: number;
  /** The most frequent type among what was added directly. */
  readonly mostly: { readonly type: string; readonly count: number } | null;
}

const MOST_CONTAINERS = 100;

/** The containers of `later` that gained most; `existed` says which of its nodes are old. */
export function growingContainers(later: HeapAnalysis, existed: Uint8Array): readonly GrowingContainer[] {
  const trunk = markTrunk(later);
  const added = newTops(later, existed);
  const homes = added.map((top) => homeOf(later, existed, trunk, top as NodeIx));
  const bytes = new Float64Array(later.snapshot.nodes.count);
  for (let at = 0; at < added.length; at++) bytes[homes[at]!]! += later.retainedBytes[added[at]!]!;
  bytes[0] = 0;
  const grown = topByValue(bytes, MOST_CONTAINERS, (node) => bytes[node]! > 0);
  const addedTo = groupByHome(added, homes, grown);
  return [...grown].map((home) => ({
    node: nameable(later, home as NodeIx),
    newBytes: bytes[home]!,
    mostly: mostlyAdded(later, existed, home as NodeIx, addedTo.get(home) ?? []),
  }));
}

/** New elements of a collection, so that a dict's keys do not outvote its values; all that was added otherwise. */
function mostlyAdded(
  later: HeapAnalysis,
  existed: Uint8Array,
  home: NodeIx,
  added: readonly number[],
): GrowingContainer["mostly"] {
  const elements = elementsOf(later.snapshot, home).filter((element) => existed[element] === 0);
  return mostFrequent(later.snapshot, elements.length > 0 ? elements : Uint32Array.from(added));
}

function groupByHome(
  added: Uint32Array,
  homes: Uint32Array,
  wanted: Uint32Array,
): ReadonlyMap<number, readonly number[]> {
  const groups = new Map<number, number[]>([...wanted].map((home) => [home, []]));
  for (let at = 0; at < added.length; at++) groups.get(homes[at]!)?.push(added[at]!);
  return groups;
}

/** New nodes whose dominator is old (or the virtual root): what they dominate came with them. */
function newTops({ snapshot, tree: { idom } }: HeapAnalysis, existed: Uint8Array): Uint32Array {
  const { nodeCount } = snapshot.refs;
  const isTop = (node: number): boolean => {
    const above = idom[node]!;
    return node !== 0 && existed[node] === 0 && above !== NO_NODE && (above === nodeCount || existed[above] === 1);
  };
  const tops: number[] = [];
  for (let node = 1; node < nodeCount; node++) if (isTop(node)) tops.push(node);
  return Uint32Array.from(tops);
}

/** The old dominator; where that is only program structure (several places share the object), the old object on the path. */
function homeOf(later: HeapAnalysis, existed: Uint8Array, trunk: Uint8Array, top: NodeIx): number {
  const above = later.tree.idom[top]!;
  if (trunk[above] === 0) return above;
  let at = parentOf(later, top);
  while (at !== null && existed[at] === 0) at = parentOf(later, at);
  return at === null || trunk[at] === 1 ? 0 : at;
}

/** A cache stands for its dict, an instance for its `__dict__`. */
function nameable(later: HeapAnalysis, node: NodeIx): NodeIx {
  const owner = parentOf(later, node);
  if (owner !== null && roleOf(later.snapshot, owner) === "lru-cache") return owner;
  return visibleOwner(later, node);
}
