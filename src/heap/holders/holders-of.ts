// Which named places hold how much. Every byte counts for one holder at most; see ownership.ts.

import type { NodeIx } from "../../base/brand.ts";
import type { HolderUsage } from "../../model/heap-reports.ts";
import type { Holder } from "../../model/holder.ts";
import { qualifiedName, shallowBytesOf, typeRowOf } from "../analysis/edges.ts";
import { isExitCallback, isNativeRoot } from "../analysis/roots.ts";
import type { HeapAnalysis } from "../analyse.ts";
import { NO_NODE } from "../../graph/ref-graph.ts";
import { sizeOfContainer } from "../paths/path-of.ts";
import { GARBAGE_TEXT, nativeTextOf } from "../paths/roots.ts";
import { accumulationPoints, largeChildren, type LargeChildren } from "./accumulation.ts";
import { exitCallbackUsage } from "./exit-callbacks.ts";
import { foldAlike } from "./fold-alike.ts";
import { holderOf } from "./holder-of.ts";
import { mostlyOf } from "./mostly.ts";
import { ownerOf, sharedBytesOf, type OwnedHeap } from "./ownership.ts";
import { isProgramText } from "./trunk.ts";

/** A line of `top`, and where it is in the heap. */
export interface HeldUsage extends HolderUsage {
  /** The object at the end of the path; the largest one when several objects share the name. 0 for garbage. */
  readonly node: NodeIx;
  /** All objects that bear the name; none for garbage. */
  readonly nodes: readonly NodeIx[];
}

export interface HolderOptions {
  /** Longest list; default 200. */
  readonly limit?: number;
}

/** Places below this share of the heap are not looked at. */
const FLOOR_SHARE = 1 / 5000;
/** What holds this share of the heap is in the list, as a line or inside one. A docstring is no holder; a string this large is. */
const LISTED_SHARE = 1 / 100;
const DEFAULT_LIMIT = 200;

/** Largest first, by what they hold. */
export function holdersOf(heap: OwnedHeap, { limit = DEFAULT_LIMIT }: HolderOptions = {}): readonly HeldUsage[] {
  // 1. Where program structure ends, and the large objects just beyond it.
  const floor = Math.max(1, reachableBytes(heap) * FLOOR_SHARE);
  const listedBytes = Math.max(floor, reachableBytes(heap) * LISTED_SHARE);
  const children = largeChildren(heap, floor);
  const seeds = seedsBeyond(heap, children, listedBytes);
  // 2. From each, down to where the memory accumulates.
  const search = { heap, children, listedBytes };
  const places = outermost(heap, new Set(seeds.flatMap((seed) => accumulationPoints(search, seed))));
  // 3. Names for the largest; places with one name, or nearly, are one holder.
  const largest = places.sort((a, b) => heap.heldBytes[b]! - heap.heldBytes[a]! || a - b).slice(0, limit * 4);
  const usages = foldAlike(largest.map((node) => usageOf(heap, node)));
  // 4. What has no name of its own.
  const nameless = [...exitCallbackUsage(heap, heapBytes(heap)), ...nativeUsage(heap), ...garbageUsage(heap)];
  return [...usages, ...nameless].sort(bySize).slice(0, limit);
}

/** All bytes a holder could hold. */
export function reachableBytes(analysis: HeapAnalysis): number {
  return analysis.retainedBytes[analysis.snapshot.refs.nodeCount]!;
}

function heapBytes(analysis: HeapAnalysis): number {
  return Math.max(1, reachableBytes(analysis) + analysis.garbage.shallowBytes);
}

function bySize(a: HeldUsage, b: HeldUsage): number {
  return b.heldBytes - a.heldBytes || a.holder.path.localeCompare(b.holder.path);
}

/** Large objects without an owner, single strings and numbers only when very large; what only native code holds is counted apart. */
function seedsBeyond(heap: OwnedHeap, children: LargeChildren, listedBytes: number): NodeIx[] {
  const { edgeStart } = heap.snapshot.refs;
  const isSeed = (node: NodeIx): boolean =>
    (edgeStart[node] !== edgeStart[node + 1] || heap.heldBytes[node]! >= listedBytes) &&
    !isProgramText(heap.snapshot, node) &&
    !isNativeRoot(heap, node) &&
    !isExitCallback(heap, node);
  return (children.get(NO_NODE) ?? []).filter(isSeed);
}

/** Places that belong to no other: an instance stands for its `__dict__`, and may have been reached twice. */
function outermost(heap: OwnedHeap, places: ReadonlySet<NodeIx>): NodeIx[] {
  return [...places].filter((place) => {
    for (let at = ownerOf(heap, place); at !== null; at = ownerOf(heap, at)) if (places.has(at)) return false;
    return true;
  });
}

function usageOf(heap: OwnedHeap, node: NodeIx): HeldUsage {
  const heldBytes = heap.heldBytes[node]!;
  return {
    holder: holderOf(heap, node),
    count: heap.heldCounts[node]!,
    shallowBytes: shallowBytesOf(heap.snapshot, node),
    retainedBytes: heap.retainedBytes[node]!,
    sharedBytes: sharedBytesOf(heap, node),
    heldBytes,
    share: heldBytes / heapBytes(heap),
    entries: sizeOfContainer(heap, node),
    mostly: mostlyOf(heap, node),
    node,
    nodes: [node],
  };
}

/** What only native code holds, by type: single objects have no name to tell them apart. */
function nativeUsage(heap: OwnedHeap): HeldUsage[] {
  const byType = new Map<number, NodeIx[]>();
  for (const root of heap.rooted.nativeRoots) {
    if (heap.tree.idom[root] === NO_NODE || !isNativeRoot(heap, root)) continue;
    const type = typeRowOf(heap.snapshot, root as NodeIx).canonical;
    const nodes = byType.get(type) ?? [];
    nodes.push(root as NodeIx);
    byType.set(type, nodes);
  }
  return [...byType].map(([type, nodes]) => nativeUsageOfType(heap, qualifiedName(heap.snapshot.types[type]!), nodes));
}

function nativeUsageOfType(heap: OwnedHeap, type: string, nodes: readonly NodeIx[]): HeldUsage {
  const total = (of: (node: NodeIx) => number): number => nodes.reduce((bytes, node) => bytes + of(node), 0);
  const heldBytes = total((node) => heap.heldBytes[node]!);
  return {
    holder: nameless(nativeTextOf(type), "native", type),
    count: total((node) => heap.heldCounts[node]!),
    shallowBytes: total((node) => shallowBytesOf(heap.snapshot, node)),
    retainedBytes: total((node) => heap.retainedBytes[node]!),
    sharedBytes: total((node) => sharedBytesOf(heap, node)),
    heldBytes,
    share: heldBytes / heapBytes(heap),
    entries: nodes.length,
    mostly: { type, count: nodes.length },
    node: nodes[0]!,
    nodes,
  };
}

function garbageUsage(analysis: HeapAnalysis): HeldUsage[] {
  const { garbage } = analysis;
  if (garbage.count === 0) return [];
  const first = garbage.groups[0];
  return [
    {
      holder: nameless(GARBAGE_TEXT, "garbage-cycle", first?.types ?? "object"),
      count: garbage.count,
      shallowBytes: garbage.shallowBytes,
      retainedBytes: garbage.shallowBytes,
      share: garbage.shallowBytes / heapBytes(analysis),
      entries: null,
      mostly: garbage.mostly,
      sharedBytes: 0,
      heldBytes: garbage.shallowBytes,
      node: 0 as NodeIx,
      nodes: [],
    },
  ];
}

function nameless(path: string, kind: Holder["kind"], type: string): Holder {
  return { path, kind, module: null, name: null, type, file: null, line: null };
}
