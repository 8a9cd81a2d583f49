// Where new objects went: each is counted for the object that was there before and leads to it. Those are the containers
// that grow.

import type { NodeIx } from "../../base/brand.ts";
import { NO_NODE } from "../../graph/ref-graph.ts";
import { topByValue } from "../../graph/top-by-value.ts";
import { roleOf } from "../analysis/edges.ts";
import { parentOf } from "../analyse.ts";
import { visibleOwner } from "../holders/accumulation.ts";
import { headOfChain } from "../holders/chain.ts";
import { elementsOf, heaviestType } from "../holders/mostly.ts";
import { ownerOf, type OwnedHeap } from "../holders/ownership.ts";

export interface GrowingContainer {
  readonly node: NodeIx;
  /** Bytes of new objects it keeps, and what they keep. */
  readonly newBytes: number;
  /** The type that brought most bytes among what was added directly. */
  readonly mostly: { readonly type: string; readonly count: number } | null;
}

const MOST_CONTAINERS = 100;

/** The containers of `later` that gained most; `existed` says which of its nodes are old. */
export function growingContainers(later: OwnedHeap, existed: Uint8Array): readonly GrowingContainer[] {
  const added = newTops(later, existed);
  const homes = added.map((top) => ownerOf(later, top as NodeIx) ?? 0);
  const bytes = new Float64Array(later.snapshot.nodes.count);
  for (let at = 0; at < added.length; at++) bytes[homes[at]!]! += later.heldBytes[added[at]!]!;
  bytes[0] = 0;
  const grown = topByValue(bytes, MOST_CONTAINERS, (node) => bytes[node]! > 0);
  const addedTo = groupByHome(added, homes, grown);
  return [...grown].map((home) => ({
    node: nameable(later, home as NodeIx),
    newBytes: bytes[home]!,
    mostly: heaviestType(later, addedElements(later, existed, home as NodeIx, addedTo.get(home) ?? []), home as NodeIx),
  }));
}

/** New elements of a collection, so that a dict's keys do not outvote its values; all that was added otherwise. */
export function addedElements(
  later: OwnedHeap,
  existed: Uint8Array,
  home: NodeIx,
  added: readonly number[],
): Uint32Array {
  const elements = elementsOf(later.snapshot, home).filter((element) => element !== 0 && existed[element] === 0);
  return elements.length > 0 ? elements : Uint32Array.from(added);
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

/** New nodes that an old one (or a root) leads to: what they own came with them. */
export function newTops({ snapshot, rooted: { parent } }: OwnedHeap, existed: Uint8Array): Uint32Array {
  const { nodeCount } = snapshot.refs;
  const isTop = (node: number): boolean => {
    const before = parent[node]!;
    return existed[node] === 0 && before !== NO_NODE && (before >= nodeCount || existed[before] === 1);
  };
  const tops: number[] = [];
  for (let node = 1; node < nodeCount; node++) if (isTop(node)) tops.push(node);
  return Uint32Array.from(tops);
}

/** A cache stands for its dict, an instance for its `__dict__`, the first link of a chain for all. */
export function nameable(later: OwnedHeap, node: NodeIx): NodeIx {
  const owner = parentOf(later, node);
  if (owner !== null && roleOf(later.snapshot, owner) === "lru-cache") return owner;
  return headOfChain(later, visibleOwner(later, node));
}
