// Which named places hold how much. Every byte counts for one holder at most: for the one that alone keeps it alive, or, when
// several keep it alive together, as shared for the one through which it is reached first.

import type { NodeIx } from "../../base/brand.ts";
import type { HolderUsage } from "../../model/heap-reports.ts";
import type { Holder } from "../../model/holder.ts";
import { qualifiedName, shallowBytesOf, typeRowOf } from "../analysis/edges.ts";
import { parentOf, type HeapAnalysis } from "../analyse.ts";
import { NO_NODE } from "../../graph/ref-graph.ts";
import { ROOT_TIERS } from "../snapshot.ts";
import { sizeOfContainer } from "../paths/path-of.ts";
import { GARBAGE_TEXT, NATIVE_TEXT } from "../paths/roots.ts";
import { accumulationPoints, isStructure, largeChildren, type LargeChildren } from "./accumulation.ts";
import { holderOf } from "./holder-of.ts";
import { mostlyOf } from "./mostly.ts";
import { sharedBytesByPlace } from "./shared.ts";
import { isProgramText, markTrunk } from "./trunk.ts";

/** A line of `top`, and where it is in the heap. */
export interface HeldUsage extends HolderUsage {
  /** The object at the end of the path; the largest one when several objects share the name. 0 for garbage. */
  readonly node: NodeIx;
}

export interface HolderOptions {
  /** Longest list; default 200. */
  readonly limit?: number;
}

/** Places below this share of the heap are not looked at. */
const FLOOR_SHARE = 1 / 5000;
/** A docstring is no holder; a string of this share of the heap is. */
const LEAF_SHARE = 1 / 100;
const DEFAULT_LIMIT = 200;

/** Largest first, by what they retain and share. */
export function holdersOf(analysis: HeapAnalysis, { limit = DEFAULT_LIMIT }: HolderOptions = {}): readonly HeldUsage[] {
  // 1. Where program structure ends, and the large objects just beyond it.
  const trunk = markTrunk(analysis);
  const floor = Math.max(1, reachableBytes(analysis) * FLOOR_SHARE);
  const children = largeChildren(analysis, floor);
  const seeds = seedsBeyond(analysis, trunk, children);
  // 2. From each, down to where the memory accumulates.
  const places = new Set(seeds.flatMap((seed) => accumulationPoints(analysis, children, seed)));
  // 3. What no place keeps alone.
  const shared = sharedBytesByPlace(analysis, trunk, places);
  // 4. Names for the largest; places with one name are one holder.
  const largest = [...places]
    .sort((a, b) => weight(analysis, shared, b) - weight(analysis, shared, a) || a - b)
    .slice(0, limit * 4);
  const usages = mergeByName(largest.map((node) => usageOf(analysis, node, shared.get(node) ?? 0)));
  // 5. What has no name.
  const nameless = [...nativeUsage(analysis), ...garbageUsage(analysis)];
  return [...usages, ...nameless].sort(byWeight).slice(0, limit);
}

/** All bytes a holder could hold. */
export function reachableBytes(analysis: HeapAnalysis): number {
  return analysis.retainedBytes[analysis.snapshot.refs.nodeCount]!;
}

function heapBytes(analysis: HeapAnalysis): number {
  return Math.max(1, reachableBytes(analysis) + analysis.garbage.shallowBytes);
}

function weight(analysis: HeapAnalysis, shared: ReadonlyMap<number, number>, node: NodeIx): number {
  return analysis.retainedBytes[node]! + (shared.get(node) ?? 0);
}

function byWeight(a: HeldUsage, b: HeldUsage): number {
  return (
    b.retainedBytes + b.sharedBytes - (a.retainedBytes + a.sharedBytes) || a.holder.path.localeCompare(b.holder.path)
  );
}

/** Large children of the trunk that are not trunk themselves, single strings and numbers only when very large; what only native code holds is counted apart. */
function seedsBeyond(analysis: HeapAnalysis, trunk: Uint8Array, children: LargeChildren): NodeIx[] {
  const { edgeStart } = analysis.snapshot.refs;
  const leafFloor = reachableBytes(analysis) * LEAF_SHARE;
  const isSeed = (node: NodeIx): boolean =>
    (edgeStart[node] !== edgeStart[node + 1] || analysis.retainedBytes[node]! >= leafFloor) &&
    trunk[node] === 0 &&
    !isProgramText(analysis.snapshot, node) &&
    !isNativeRoot(analysis, node) &&
    !isElement(analysis, trunk, node);
  return [...children].flatMap(([above, nodes]) => (trunk[above] === 0 ? [] : nodes.filter(isSeed)));
}

/** Reached as an element of a collection beyond the trunk, but not kept by it alone: shared, not a place of its own. */
function isElement(analysis: HeapAnalysis, trunk: Uint8Array, node: NodeIx): boolean {
  const parent = parentOf(analysis, node);
  return parent !== null && trunk[parent] === 0 && !isStructure(analysis, parent);
}

const NATIVE_TIER = ROOT_TIERS.indexOf("native");

function isNativeRoot(analysis: HeapAnalysis, node: NodeIx): boolean {
  return analysis.rooted.parent[node] === analysis.snapshot.refs.nodeCount + NATIVE_TIER;
}

function usageOf(analysis: HeapAnalysis, node: NodeIx, sharedBytes: number): HeldUsage {
  const retainedBytes = analysis.retainedBytes[node]!;
  return {
    holder: holderOf(analysis, node),
    count: analysis.retainedCounts[node]!,
    shallowBytes: shallowBytesOf(analysis.snapshot, node),
    retainedBytes,
    share: retainedBytes / heapBytes(analysis),
    entries: sizeOfContainer(analysis, node),
    mostly: mostlyOf(analysis, node),
    sharedBytes,
    node,
  };
}

/** A thousand closures of one function are one place in the source. */
function mergeByName(usages: readonly HeldUsage[]): HeldUsage[] {
  const merged = new Map<string, HeldUsage>();
  for (const usage of usages) {
    const known = merged.get(usage.holder.path);
    merged.set(usage.holder.path, known === undefined ? usage : sum(known, usage));
  }
  return [...merged.values()];
}

function sum(larger: HeldUsage, smaller: HeldUsage): HeldUsage {
  return {
    ...larger,
    count: larger.count + smaller.count,
    shallowBytes: larger.shallowBytes + smaller.shallowBytes,
    retainedBytes: larger.retainedBytes + smaller.retainedBytes,
    share: larger.share + smaller.share,
    entries: larger.entries === null || smaller.entries === null ? null : larger.entries + smaller.entries,
    sharedBytes: larger.sharedBytes + smaller.sharedBytes,
  };
}

/** What only native code holds, by type: single objects have no name to tell them apart. */
function nativeUsage(analysis: HeapAnalysis): HeldUsage[] {
  const byType = new Map<number, NodeIx[]>();
  for (const root of analysis.rooted.nativeRoots) {
    if (analysis.tree.idom[root] === NO_NODE || !isNativeRoot(analysis, root as NodeIx)) continue;
    const type = typeRowOf(analysis.snapshot, root as NodeIx).canonical;
    const nodes = byType.get(type) ?? [];
    nodes.push(root as NodeIx);
    byType.set(type, nodes);
  }
  return [...byType].map(([type, nodes]) =>
    nativeUsageOfType(analysis, qualifiedName(analysis.snapshot.types[type]!), nodes),
  );
}

function nativeUsageOfType(analysis: HeapAnalysis, type: string, nodes: readonly NodeIx[]): HeldUsage {
  const total = (of: (node: NodeIx) => number): number => nodes.reduce((bytes, node) => bytes + of(node), 0);
  const retainedBytes = total((node) => analysis.retainedBytes[node]!);
  return {
    holder: nameless(`${NATIVE_TEXT.slice(0, -1)} to ${type}>`, "native", type),
    count: total((node) => analysis.retainedCounts[node]!),
    shallowBytes: total((node) => shallowBytesOf(analysis.snapshot, node)),
    retainedBytes,
    share: retainedBytes / heapBytes(analysis),
    entries: nodes.length,
    mostly: { type, count: nodes.length },
    sharedBytes: 0,
    node: nodes[0]!,
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
      node: 0 as NodeIx,
    },
  ];
}

function nameless(path: string, kind: Holder["kind"], type: string): Holder {
  return { path, kind, module: null, name: null, type, file: null, line: null };
}
