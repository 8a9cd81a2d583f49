// Holds a snapshot against the truth that the target told about the same heap. Counts every kind of difference, and
// keeps the ones we make on purpose apart from the ones that would be bugs:
//   sizes   see explain-size.ts
//   edges   tp_traverse skips strings and other leaves that are really held, and many C types have none at all; an
//           lru_cache wrapper visits what its links hold, and a ctypes class what its StgDict holds, where we go through
//           the links and the StgDict

import type { NodeIx } from "../../../src/base/brand.ts";
import { ATTRIBUTE_LABEL, type NodeTable, type Snapshot, type TypeRow } from "../../../src/heap/snapshot.ts";
import { type DifferenceTable, differenceTable } from "./difference-table.ts";
import { explainSize, type SizeDifference } from "./explain-size.ts";
import { addressOfNode, nodeAt } from "./node-address.ts";
import type { HeapTruth, TrueObjects, TrueType } from "./truth.ts";

export interface ObjectComparison {
  readonly compared: number;
  /** In the truth, not in the snapshot. */
  readonly missing: number;
  readonly typeMismatches: number;
  readonly sizesEqual: number;
  /** Differing for a reason that explain-size.ts knows. */
  readonly sizesExplained: number;
  /** How often each reason was given. */
  readonly explanations: ReadonlyMap<string, number>;
  readonly ourBytes: number;
  readonly trueBytes: number;
}

export interface EdgeComparison {
  readonly objects: number;
  /** Objects without missed and without extra edges. */
  readonly exact: number;
  readonly referents: number;
  /** The truth has it, we do not: a bug. */
  readonly missed: number;
  /** Missed, but reached through the links of the same lru_cache or the StgDict of the same ctypes class. */
  readonly indirect: number;
  /** We have it, tp_traverse does not visit it, and it is a container. */
  readonly extra: number;
  /** The same, but it is a string or untracked, or the holder's type has no tp_traverse: legitimate. */
  readonly extraLeaves: number;
  /** The same, but it is the object's own class, which 3.8 does not visit. */
  readonly extraClasses: number;
}

export interface TruthComparison {
  readonly gc: ObjectComparison;
  readonly leaves: ObjectComparison;
  /** Share of compared objects (gc and leaves) with the size of sys.getsizeof. */
  readonly sizeShare: number;
  /** The same, the explained ones counted as equal. */
  readonly explainedSizeShare: number;
  readonly randomSample: EdgeComparison;
  readonly typeSample: EdgeComparison;
  /** One sentence per lru_cache that differs. */
  readonly cacheDifferences: readonly string[];
  readonly cachesCompared: number;
  /** What neither a root nor an excess reference reaches; must be what was planted. */
  readonly unreachable: { readonly objects: number; readonly bytes: number };
  /** Every type with a difference, most differences first. */
  readonly byType: DifferenceTable;
}

/** Compares everything the truth tells. */
export function compareWithTruth(snapshot: Snapshot, truth: HeapTruth): TruthComparison {
  const byType = differenceTable();
  const gc = compareObjects(snapshot, truth, truth.gc, byType);
  const leaves = compareObjects(snapshot, truth, truth.leaves, byType);
  const found = gc.compared - gc.missing + leaves.compared - leaves.missing;
  const equal = gc.sizesEqual + leaves.sizesEqual;
  const explained = gc.sizesExplained + leaves.sizesExplained;
  const rows = truth.sample.id.length;
  const skipped = skippedByTraverse(snapshot, truth);
  return {
    gc,
    leaves,
    sizeShare: equal / found,
    explainedSizeShare: (equal + explained) / found,
    randomSample: compareEdges(snapshot, truth, skipped, 0, truth.sample.randomCount, byType),
    typeSample: compareEdges(snapshot, truth, skipped, truth.sample.randomCount, rows, byType),
    cacheDifferences: compareCaches(snapshot, truth),
    cachesCompared: truth.caches.length,
    unreachable: unreachableIn(snapshot),
    byType,
  };
}

function compareObjects(
  snapshot: Snapshot,
  truth: HeapTruth,
  objects: TrueObjects,
  byType: DifferenceTable,
): ObjectComparison {
  const counts = {
    compared: objects.id.length,
    missing: 0,
    typeMismatches: 0,
    sizesEqual: 0,
    sizesExplained: 0,
    ourBytes: 0,
    trueBytes: 0,
  };
  const explanations = new Map<string, number>();
  const typeNames = snapshot.types.map(writtenName);
  objects.id.forEach((id, i) => {
    const type = truth.types.get(objects.type[i]!);
    const name = type?.name ?? "?";
    byType.note(name, "objects");
    const node = nodeAt(snapshot.nodes, id);
    if (node === null) {
      counts.missing += 1;
      byType.note(name, "missing", `0x${id.toString(16)}`);
      return;
    }
    if (!isOfType(snapshot, typeNames, node, type)) {
      counts.typeMismatches += 1;
      byType.note(name, "wrong type", typeNames[snapshot.nodes.type[node]!] ?? "?");
    }
    const ours = shallowBytes(snapshot.nodes, node);
    const theirs = objects.size[i]!;
    counts.ourBytes += ours;
    counts.trueBytes += theirs;
    if (ours === theirs) {
      counts.sizesEqual += 1;
      return;
    }
    const reason = type === undefined ? null : explainSize(differenceOf(snapshot, truth.minor, node, type, theirs));
    if (reason === null) {
      byType.note(name, "wrong size", `${ours} for ${theirs}`);
      return;
    }
    counts.sizesExplained += 1;
    explanations.set(reason, (explanations.get(reason) ?? 0) + 1);
  });
  return { ...counts, explanations };
}

function differenceOf(snapshot: Snapshot, minor: number, node: NodeIx, type: TrueType, theirs: number): SizeDifference {
  const { refs, edgeLabel, nodes, types } = snapshot;
  const labels = edgeLabel.subarray(refs.edgeStart[node], refs.edgeStart[node + 1]);
  return {
    minor,
    type,
    surplus: shallowBytes(nodes, node) - theirs,
    attributes: labels.filter((label) => label >= ATTRIBUTE_LABEL).length,
    heldBytes: targetsOf(snapshot, node)
      .filter((target) => types[nodes.type[target]!]?.role === "bytes")
      .map((target) => shallowBytes(nodes, target)),
  };
}

function isOfType(snapshot: Snapshot, names: readonly string[], node: NodeIx, type: TrueType | undefined): boolean {
  const row = snapshot.types[snapshot.nodes.type[node]!];
  const canonical = snapshot.types[row?.canonical ?? -1];
  if (row === undefined || canonical === undefined || type === undefined) return false;
  if (canonical.node === 0) return names[row.canonical] === type.name;
  return addressOfNode(snapshot.nodes, canonical.node) === type.id;
}

function writtenName(type: TypeRow): string {
  return type.module === "builtins" ? type.name : `${type.module}.${type.name}`;
}

function shallowBytes({ shallowBytes: column, oversize }: NodeTable, node: NodeIx): number {
  const bytes = column[node]!;
  return bytes === 0xffffffff ? (oversize.get(node) ?? bytes) : bytes;
}

/** Per node, whether tp_traverse may leave it out: what the collector does not track, and strings. */
function skippedByTraverse(snapshot: Snapshot, truth: HeapTruth): Uint8Array {
  const skipped = new Uint8Array(snapshot.nodes.count).fill(1);
  for (const id of truth.gc.id) skipped[nodeAt(snapshot.nodes, id) ?? 0] = 0;
  return skipped;
}

function compareEdges(
  snapshot: Snapshot,
  truth: HeapTruth,
  skipped: Uint8Array,
  from: number,
  to: number,
  byType: DifferenceTable,
): EdgeComparison {
  const counts = {
    objects: 0,
    exact: 0,
    referents: 0,
    missed: 0,
    indirect: 0,
    extra: 0,
    extraLeaves: 0,
    extraClasses: 0,
  };
  const names = snapshot.types.map(writtenName);
  for (let row = from; row < to; row++) {
    const node = nodeAt(snapshot.nodes, truth.sample.id[row]!);
    if (node === null) continue;
    const name = names[snapshot.nodes.type[node]!] ?? "?";
    const theirs = new Set(truth.sample.target.subarray(truth.sample.start[row], truth.sample.start[row + 1]));
    const ours = new Set(targetsOf(snapshot, node));
    const addresses = new Set([...ours].map((target) => addressOfNode(snapshot.nodes, target)));
    const missed = [...theirs].filter((id) => !addresses.has(id) && !truth.ownIds.has(id));
    const indirect = missed.filter((id) => isIndirect(snapshot, names, node, id));
    const surplus = [...ours].filter((target) => !theirs.has(addressOfNode(snapshot.nodes, target)));
    const classes = surplus.filter((target) => isClassOf(snapshot, node, target));
    const isUntraversed = !hasTraverse(snapshot, truth, node);
    const leaves = surplus.filter((target) => (isUntraversed || skipped[target] === 1) && !classes.includes(target));
    const extra = surplus.filter((target) => !leaves.includes(target) && !classes.includes(target));
    counts.objects += 1;
    counts.referents += theirs.size;
    counts.missed += missed.length - indirect.length;
    counts.indirect += indirect.length;
    counts.extra += extra.length;
    counts.extraLeaves += leaves.length;
    counts.extraClasses += classes.length;
    if (missed.length === indirect.length && extra.length === 0) counts.exact += 1;
    byType.note(name, "sampled");
    for (const id of missed)
      if (!indirect.includes(id)) byType.note(name, "missed edge", typeNameAt(snapshot, names, id));
    for (const target of extra) byType.note(name, "extra edge", names[snapshot.nodes.type[target]!] ?? "?");
  }
  return counts;
}

function targetsOf({ refs }: Snapshot, node: number): readonly NodeIx[] {
  return Array.from(refs.edgeTarget.subarray(refs.edgeStart[node], refs.edgeStart[node + 1])).filter(
    (target) => target !== 0,
  ) as NodeIx[];
}

function typeNameAt(snapshot: Snapshot, names: readonly string[], id: number): string {
  const node = nodeAt(snapshot.nodes, id);
  return node === null ? `0x${id.toString(16)}, not in the snapshot` : (names[snapshot.nodes.type[node]!] ?? "?");
}

function isClassOf(snapshot: Snapshot, node: NodeIx, target: NodeIx): boolean {
  const row = snapshot.types[snapshot.nodes.type[node]!];
  return row !== undefined && snapshot.types[row.canonical]?.node === target;
}

/** Up to 3.12 a ctypes class visits what its `__dict__`, a StgDict, holds in C fields. */
function isIndirect(snapshot: Snapshot, names: readonly string[], node: NodeIx, id: number): boolean {
  if (isThroughLinks(snapshot, node, id)) return true;
  const wanted = nodeAt(snapshot.nodes, id);
  return targetsOf(snapshot, node)
    .filter((target) => names[snapshot.nodes.type[target]!]?.endsWith("StgDict"))
    .some((target) => wanted !== null && targetsOf(snapshot, target).includes(wanted));
}

const HAVE_GC = 1 << 14;

function hasTraverse(snapshot: Snapshot, truth: HeapTruth, node: NodeIx): boolean {
  const row = snapshot.types[snapshot.nodes.type[node]!];
  const type = snapshot.types[row?.canonical ?? -1];
  const known = type === undefined ? undefined : truth.types.get(addressOfNode(snapshot.nodes, type.node));
  return known === undefined || (known.flags & HAVE_GC) !== 0;
}

/** wrapper -> cache dict -> link -> key or result. */
function isThroughLinks(snapshot: Snapshot, wrapper: NodeIx, id: number): boolean {
  if (snapshot.types[snapshot.nodes.type[wrapper]!]?.role !== "lru-cache") return false;
  const wanted = nodeAt(snapshot.nodes, id);
  const roleOf = (node: NodeIx): string | undefined => snapshot.types[snapshot.nodes.type[node]!]?.role;
  return targetsOf(snapshot, wrapper)
    .filter((target) => roleOf(target) === "dict")
    .flatMap((dict) => targetsOf(snapshot, dict).filter((target) => roleOf(target) === "lru-link"))
    .some((link) => wanted !== null && targetsOf(snapshot, link).includes(wanted));
}

function compareCaches(snapshot: Snapshot, truth: HeapTruth): readonly string[] {
  const byNode = new Map(snapshot.lruCaches.map((row) => [row.node, row]));
  return truth.caches.flatMap(({ id, name, hits, misses, maxsize, currsize }) => {
    const node = nodeAt(snapshot.nodes, id);
    const row = node === null ? undefined : byNode.get(node);
    if (row === undefined) return [`${name}: not found`];
    const ours = JSON.stringify([row.hits, row.misses, row.maxsize, row.entries]);
    const theirs = JSON.stringify([hits, misses, maxsize, currsize]);
    return ours === theirs ? [] : [`${name}: ${ours} for ${theirs} (hits, misses, maxsize, entries)`];
  });
}

function unreachableIn(snapshot: Snapshot): TruthComparison["unreachable"] {
  const reached = new Uint8Array(snapshot.nodes.count);
  reached[0] = 1;
  const pending: NodeIx[] = snapshot.roots.map(({ node }) => node);
  // What has more references than the graph shows is held by native code.
  snapshot.excess.node.forEach((node, i) => {
    if (snapshot.excess.excess[i]! > 0) pending.push(node as NodeIx);
  });
  for (const node of pending) reached[node] = 1;
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    for (const target of targetsOf(snapshot, node)) {
      if (reached[target] === 1) continue;
      reached[target] = 1;
      pending.push(target);
    }
  }
  let objects = 0;
  let bytes = 0;
  reached.forEach((isReached, node) => {
    if (isReached === 1) return;
    objects += 1;
    bytes += shallowBytes(snapshot.nodes, node as NodeIx);
  });
  return { objects, bytes };
}
