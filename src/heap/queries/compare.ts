// Two or more heaps side by side: which named places and containers grew, each followed back to the first heap. In one process
// containers are recognised by their address, over a restart by their name.

import type { NodeIx } from "../../base/brand.ts";
import { invariant } from "../../base/invariant.ts";
import type { HolderGrowth } from "../../model/heap-reports.ts";
import type { HeapAnalysis } from "../analyse.ts";
import { roleOf } from "../analysis/edges.ts";
import { holderOf } from "../holders/holder-of.ts";
import { holdersOf, reachableBytes, type HeldUsage } from "../holders/holders-of.ts";
import { mostlyOf } from "../holders/mostly.ts";
import { ownerOf, settleOwners, type OwnedHeap } from "../holders/ownership.ts";
import { pathOf, sizeOfContainer } from "../paths/path-of.ts";
import { addedTo, type Inside } from "./additions.ts";
import { growingContainers, type GrowingContainer } from "./growth.ts";
import { counterpart, existedBefore, isSameProcess } from "./match.ts";
import { piledUp } from "./piled-up.ts";
import { isPassing, withoutSideTables } from "./side-effects.ts";
import { resolvePath } from "./resolve-path.ts";
import { judge } from "./verdict.ts";

/** One snapshot of a comparison. */
export interface NamedHeap {
  readonly file: string;
  readonly analysis: HeapAnalysis;
}

const HOLDERS_COMPARED = 1000;
const CANDIDATES = 100;
/** A nested container is named instead of its holder when it explains this share of the holder's growth. */
const EXPLAINED = 0.8;

/** A place and what became of it. */
export interface GrownPlace {
  /** In the last heap; 0 for a line that stands for several objects, such as garbage. */
  readonly node: NodeIx;
  /** All objects of the last heap that bear the name; none for garbage. */
  readonly nodes: readonly NodeIx[];
  readonly growth: HolderGrowth;
}

/** Heaps in the order in which they were taken, if that can be known. */
export interface Comparison {
  readonly heaps: readonly NamedHeap[];
  readonly analyses: readonly OwnedHeap[];
  readonly first: OwnedHeap;
  readonly last: OwnedHeap;
  readonly sameProcess: boolean;
  readonly usages: readonly ReadonlyMap<string, HeldUsage>[];
}

/**
 * Compares at least two snapshots. Those of one process are put in the order in which they were taken: growth has one
 * direction, and a wrong order would turn a leak into "nothing grew".
 */
export function compareHeaps(given: readonly NamedHeap[]): Comparison {
  invariant(given.length >= 2, "a comparison has at least two snapshots");
  const sameProcess = given.every(
    ({ analysis }, at) => at === 0 || isSameProcess(given[at - 1]!.analysis.snapshot, analysis.snapshot),
  );
  const heaps = sameProcess ? given.toSorted((a, b) => takenAtMs(a) - takenAtMs(b)) : given;
  const analyses = heaps.map(({ analysis }) => settleOwners(analysis));
  const [first, last] = [analyses[0]!, analyses.at(-1)!];
  return { heaps, analyses, first, last, sameProcess, usages: analyses.map(usagesByPath) };
}

/** What grew in the last heap, most bytes first; places that did not are among them. */
export function grownPlaces(comparison: Comparison): readonly GrownPlace[] {
  const places = candidatesOf(comparison)
    .slice(0, CANDIDATES)
    .map((candidate) => ({ candidate, growth: growthOf(comparison, candidate) }));
  const largestBytes = Math.max(0, ...places.map(({ growth }) => growth.heldGrowthBytes));
  const worthwhile = places.filter(
    ({ candidate, growth }) => candidate.usage !== null || !isPassing(growth, largestBytes),
  );
  return withoutSideTables(
    worthwhile.map(({ candidate, growth }) => ({
      node: candidate.node,
      nodes: candidate.usage?.nodes ?? [candidate.node],
      growth,
    })),
  );
}

/** What became of one object of the last heap, whether it is worth a line or not. */
export function growthAt(comparison: Comparison, node: NodeIx): HolderGrowth {
  return growthOf(comparison, { node, usage: null, mostly: null, grownBytes: 0, inside: null });
}

export function takenAtMs({ analysis }: NamedHeap): number {
  return analysis.snapshot.meta.takenAtMs;
}

/** A place of the last snapshot that may have grown. */
interface Candidate {
  readonly node: NodeIx;
  readonly usage: HeldUsage | null;
  readonly mostly: HolderGrowth["mostly"];
  readonly grownBytes: number;
  /** The containers inside that grew in its stead. */
  readonly inside: Inside | null;
}

function usagesByPath(analysis: OwnedHeap): ReadonlyMap<string, HeldUsage> {
  return new Map(holdersOf(analysis, { limit: HOLDERS_COMPARED }).map((usage) => [usage.holder.path, usage]));
}

/** Holders and growing containers of the last snapshot, most growth first; none inside another. */
function candidatesOf(comparison: Comparison): Candidate[] {
  const { first, last, sameProcess, usages } = comparison;
  const before = usages[0]!;
  const held = new Map<NodeIx, Candidate>();
  for (const usage of usages.at(-1)!.values()) {
    const earlier = before.get(usage.holder.path);
    const grownBytes = usage.heldBytes - (earlier?.heldBytes ?? 0);
    held.set(usage.node, { node: usage.node, usage, mostly: mostlyAdded(usage, earlier), grownBytes, inside: null });
  }
  if (sameProcess) enterGrowth(last, held, existedBefore(first.snapshot, last.snapshot));
  return [...held.values()].sort((a, b) => b.grownBytes - a.grownBytes);
}

/** What new objects say: what was added to the listed holders, and which containers grew beside them. */
function enterGrowth(last: OwnedHeap, held: Map<NodeIx, Candidate>, existed: Uint8Array): void {
  const places = new Map<NodeIx, NodeIx>();
  for (const { node, usage } of held.values()) for (const each of usage?.nodes ?? []) places.set(each, node);
  for (const [node, { bytes, mostly, inside }] of addedTo(last, existed, places)) {
    const candidate = held.get(node)!;
    // A place that is new itself, such as a chain with a new head, got more than what old objects show.
    if (bytes < candidate.grownBytes * EXPLAINED) continue;
    held.set(node, { ...candidate, mostly: mostly ?? candidate.mostly, inside });
  }
  const outer = outerOf(last, places.keys());
  for (const container of growingContainers(last, existed))
    if (!outer.has(container.node)) enterContainer(last, held, places, outer, container);
}

/** What there is more of than before, as far as two totals can say. */
function mostlyAdded({ mostly }: HeldUsage, before: HeldUsage | undefined): HolderGrowth["mostly"] {
  if (mostly === null || before?.mostly?.type !== mostly.type) return mostly;
  return { type: mostly.type, count: Math.max(0, mostly.count - before.mostly.count) };
}

/** A growing container inside a listed holder takes its place when it explains it, and is left out otherwise. */
function enterContainer(
  last: OwnedHeap,
  held: Map<NodeIx, Candidate>,
  places: ReadonlyMap<NodeIx, NodeIx>,
  outer: Set<NodeIx>,
  { node, newBytes, mostly }: GrowingContainer,
): void {
  const same = held.get(places.get(node) ?? node);
  if (same !== undefined) {
    held.set(same.node, { ...same, grownBytes: Math.max(same.grownBytes, newBytes) });
    return;
  }
  const around = holderAround(last, held, places, node);
  if (around !== null) {
    if (newBytes < around.grownBytes * EXPLAINED || !pathOf(last, node).trail.named) return;
    held.delete(around.node);
  }
  addOwners(last, node, outer);
  held.set(node, { node, usage: null, mostly, grownBytes: newBytes, inside: null });
}

/** Everything around the listed holders: naming it too would count the same growth twice. */
function outerOf(last: OwnedHeap, nodes: Iterable<NodeIx>): Set<NodeIx> {
  const outer = new Set<NodeIx>();
  for (const node of nodes) if (node !== 0) addOwners(last, node, outer);
  return outer;
}

function addOwners(last: OwnedHeap, node: NodeIx, outer: Set<NodeIx>): void {
  for (let at = ownerOf(last, node); at !== null && !outer.has(at); at = ownerOf(last, at)) outer.add(at);
}

function holderAround(
  last: OwnedHeap,
  held: ReadonlyMap<NodeIx, Candidate>,
  places: ReadonlyMap<NodeIx, NodeIx>,
  node: NodeIx,
): Candidate | null {
  for (let at = ownerOf(last, node); at !== null; at = ownerOf(last, at)) {
    const candidate = held.get(places.get(at) ?? at);
    if (candidate !== undefined) return candidate;
  }
  return null;
}

interface Reading {
  readonly count: number;
  readonly retainedBytes: number;
  readonly heldBytes: number;
  readonly entries: number | null;
}
const ABSENT: Reading = { count: 0, retainedBytes: 0, heldBytes: 0, entries: null };

function growthOf(comparison: Comparison, candidate: Candidate): HolderGrowth {
  const { analyses, last } = comparison;
  const { node, inside } = candidate;
  const place = candidate.usage?.holder ?? holderOf(last, node);
  const mostly = candidate.mostly ?? (node === 0 ? null : mostlyOf(last, node));
  const piled = piledUp(analyses, { node, holder: place, mostly, inside });
  const readings = analyses.map((_, at): Reading => {
    const reading = readingOf(comparison, at, candidate, place.path);
    return piled === null ? reading : { ...reading, entries: piled.entries[at]! };
  });
  const retainedBytes = readings.map((reading) => reading.retainedBytes);
  const heldBytes = readings.map((reading) => reading.heldBytes);
  const counts = readings.map((reading) => reading.count);
  return {
    holder: piled?.holder ?? place,
    counts,
    retainedBytes,
    heldBytes,
    entries: readings.map((reading) => reading.entries),
    countGrowth: counts.at(-1)! - counts[0]!,
    retainedGrowthBytes: retainedBytes.at(-1)! - retainedBytes[0]!,
    heldGrowthBytes: heldBytes.at(-1)! - heldBytes[0]!,
    mostly: counted(comparison, candidate, piled?.mostly ?? mostly, readings),
    verdict: judge({
      values: tellingValues(readings),
      bytes: heldBytes,
      heapBytes: reachableBytes(last),
      filling: isFilling(last, node),
    }),
    steps: node === 0 ? [] : [...pathOf(last, node).steps, ...(piled?.steps ?? [])],
  };
}

/**
 * Where all entries are of one type, there are as many more of it as there are entries: a new object at the address of one
 * that was freed would look like an old one.
 */
function counted(
  { last }: Comparison,
  { node, inside }: Candidate,
  mostly: HolderGrowth["mostly"],
  readings: readonly Reading[],
): HolderGrowth["mostly"] {
  const container = inside?.example ?? node;
  const all = mostly === null || container === 0 ? null : mostlyOf(last, container);
  if (mostly === null || all?.type !== mostly.type || all.count !== sizeOfContainer(last, container)) return mostly;
  return { type: mostly.type, count: Math.max(0, (readings.at(-1)!.entries ?? 0) - (readings[0]!.entries ?? 0)) };
}

/** The same place in another snapshot: by name among the holders, by address, by name anywhere. */
function readingOf(
  { analyses, sameProcess, usages }: Comparison,
  at: number,
  candidate: Candidate,
  path: string,
): Reading {
  const analysis = analyses[at]!;
  const usage = usages[at]!.get(path);
  if (usage !== undefined && candidate.usage !== null) return usage;
  if (candidate.node === 0) return ABSENT;
  const last = analyses.at(-1)!;
  const same = sameProcess ? counterpart(last, candidate.node, analysis) : null;
  if (same !== null && holderOf(analysis, same).path === path) return readingAt(analysis, same);
  const named = resolvePath(analysis, path);
  // A line may stand for all that bear its name; a single container is not recognised by a name that others bear, too.
  return named.length > 1 && candidate.usage === null ? ABSENT : sumOf(named.map((node) => readingAt(analysis, node)));
}

function sumOf(readings: readonly Reading[]): Reading {
  return readings.reduce(
    (sum, { count, retainedBytes, heldBytes, entries }) => ({
      count: sum.count + count,
      retainedBytes: sum.retainedBytes + retainedBytes,
      heldBytes: sum.heldBytes + heldBytes,
      entries: entries === null ? sum.entries : (sum.entries ?? 0) + entries,
    }),
    ABSENT,
  );
}

function readingAt(analysis: OwnedHeap, node: NodeIx): Reading {
  return {
    count: analysis.heldCounts[node]!,
    retainedBytes: analysis.retainedBytes[node]!,
    heldBytes: analysis.heldBytes[node]!,
    entries: sizeOfContainer(analysis, node),
  };
}

/** Entries when they change: they count what the program put in. Objects otherwise, bytes when even those stay. */
function tellingValues(readings: readonly Reading[]): readonly number[] {
  const entries = readings.map((reading) => reading.entries ?? 0);
  if (readings.at(-1)!.entries !== null && isVaried(entries)) return entries;
  const counts = readings.map((reading) => reading.count);
  return isVaried(counts) ? counts : readings.map((reading) => reading.heldBytes);
}

function isVaried(values: readonly number[]): boolean {
  return values.some((value) => value !== values[0]);
}

function isFilling({ snapshot, lruOf }: HeapAnalysis, node: NodeIx): boolean {
  if (node === 0 || roleOf(snapshot, node) !== "lru-cache") return false;
  const maxsize = lruOf.get(node)?.maxsize ?? null;
  return maxsize !== null;
}
