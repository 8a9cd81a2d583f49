// Finds where memory accumulates, as Eclipse MAT does: from a named place down to what it owns while one named part keeps
// most of it. A structure (an instance, a record) is opened when its named parts explain it; a collection is only left when
// a single element holds nearly everything. Neither is opened when that would leave something large unmentioned.

import type { NodeIx } from "../../base/brand.ts";
import { entriesOf, roleOf, typeRowOf } from "../analysis/edges.ts";
import { mappingEntries } from "../analysis/modules.ts";
import { textOf } from "../analysis/texts.ts";
import { NO_NODE } from "../../graph/ref-graph.ts";
import { dominatorOf, parentOf, type HeapAnalysis } from "../analyse.ts";
import type { Trail } from "../paths/trail.ts";
import { trailOf } from "../paths/trails.ts";
import type { Snapshot, TypeRole, TypeRow } from "../snapshot.ts";
import { ownerOf, type OwnedHeap } from "./ownership.ts";
import { isChain } from "./chain.ts";
import { fieldBetween, isProgramText } from "./trunk.ts";

/** Parts must keep this share of the whole for it to be passed over in favour of its parts. */
const EXPLAINED = 0.8;
/** Parts below this share are not worth a line of their own. */
const WORTH_MENTIONING = 0.01;
const DEEPEST = 64;
const LARGEST_RECORD = 16;
/** Names that a person chose; `k17` was made by a program. */
const PLAIN_WORD = /^[A-Za-z_]+$/;

const STRUCTURES: ReadonlySet<TypeRole> = new Set<TypeRole>([
  "plain",
  "cell",
  "frame",
  "generator",
  "coroutine",
  "traceback",
  "exception",
  "method",
  "function",
  "type",
  "module",
  "property",
  "thread-local",
  "context",
  "context-values",
]);

/** Objects of one class in each other are a chain, named by its beginning: exceptions by `__context__`, links by `next`. */
const LINKED: ReadonlySet<TypeRole> = new Set<TypeRole>(["plain", "exception"]);

/** What counts for each owner and holds at least the floor, by owner; what has no owner by NO_NODE. */
export type LargeChildren = ReadonlyMap<number, readonly NodeIx[]>;

export function largeChildren(heap: OwnedHeap, floorBytes: number): LargeChildren {
  const children = new Map<number, NodeIx[]>();
  for (let row = 1; row < heap.heldBytes.length; row++) {
    const node = row as NodeIx;
    if (heap.heldBytes[node]! < floorBytes || heap.trunk[node] === 1) continue;
    const owner = ownerOf(heap, node) ?? NO_NODE;
    const siblings = children.get(owner);
    if (siblings === undefined) children.set(owner, [node]);
    else siblings.push(node);
  }
  return children;
}

/** Where to look, and what is too large to be passed over. */
export interface Search {
  readonly heap: OwnedHeap;
  readonly children: LargeChildren;
  /** Anything that holds this much is in the list: itself, or what it belongs to. */
  readonly listedBytes: number;
}

/** The accumulation points below `start`, itself included. */
export function accumulationPoints(search: Search, start: NodeIx): NodeIx[] {
  const found: NodeIx[] = [];
  descend(search, start, new Set(), 0, found);
  return found;
}

function descend(search: Search, node: NodeIx, passed: ReadonlySet<number>, depth: number, found: NodeIx[]): void {
  const { heap } = search;
  const types = new Set(passed);
  if (LINKED.has(roleOf(heap.snapshot, node))) types.add(canonicalType(heap.snapshot, node));
  const parts = depth < DEEPEST ? namedParts(search, node, types) : [];
  if (parts.length === 0) {
    found.push(visibleOwner(heap, node));
    return;
  }
  for (const part of parts) descend(search, part, types, depth + 1, found);
}

/** The parts that explain `node` well enough to be listed in its place; none when it is the accumulation point. */
function namedParts({ heap, children, listedBytes }: Search, node: NodeIx, passed: ReadonlySet<number>): NodeIx[] {
  const { snapshot, heldBytes, retainedBytes } = heap;
  const whole = heldBytes[node]!;
  const isOpen = isStructure(heap, node);
  const role = roleOf(snapshot, node);
  if (role === "lru-cache" || (role === "function" && isChain(heap, node))) return [];
  const large = children.get(node) ?? [];
  const smallest = Math.min(listedBytes, whole * (isOpen ? WORTH_MENTIONING : EXPLAINED));
  const parts = large.filter(
    (part) => heldBytes[part]! >= smallest && isWorthOpening(heap, part, isOpen, passed) && trailOf(heap, part).named,
  );
  // 1. Together they are nearly all of it; in a collection one of them alone, and not merely as the first to reach what all share.
  const explained = isOpen
    ? parts.reduce((sum, part) => sum + heldBytes[part]!, 0)
    : parts.reduce((most, part) => Math.max(most, retainedBytes[part]!), 0);
  if (explained < whole * EXPLAINED) return [];
  // 2. Nothing large is left behind.
  return large.every((part) => heldBytes[part]! < listedBytes || parts.includes(part)) ? parts : [];
}

/** Not a plain value inside a collection, and not the next link of a linked list. */
function isWorthOpening(
  { snapshot }: HeapAnalysis,
  part: NodeIx,
  inStructure: boolean,
  passed: ReadonlySet<number>,
): boolean {
  if (isProgramText(snapshot, part) || passed.has(canonicalType(snapshot, part))) return false;
  return inStructure || snapshot.refs.edgeStart[part] !== snapshot.refs.edgeStart[part + 1];
}

/** Something with a fixed set of named parts. */
export function isStructure(analysis: HeapAnalysis, node: NodeIx): boolean {
  const { snapshot } = analysis;
  const type = typeRowOf(snapshot, node);
  if (STRUCTURES.has(type.role) && (type.shape === "fields" || type.role === "context-values")) return true;
  if (type.shape !== "mapping") return false;
  const owner = parentOf(analysis, node);
  if (owner !== null && fieldBetween(snapshot, owner, node) === "__dict__") return true;
  // `threading.local` keeps its attributes in a dict of dicts, one for each thread.
  if (owner !== null && roleOf(snapshot, owner) === "thread-local") return true;
  return isRecord(snapshot, node);
}

/** A small dict used like an object: a few keys that are plain words, for values that are not all of one class. */
function isRecord(snapshot: Snapshot, node: NodeIx): boolean {
  const entries = entriesOf(snapshot, node) ?? 0;
  if (entries === 0 || entries > LARGEST_RECORD) return false;
  const types = new Set<TypeRow>();
  for (const { key, value } of mappingEntries(snapshot, node)) {
    const text = textOf(snapshot.texts, key);
    if (text === null || !PLAIN_WORD.test(text)) return false;
    types.add(snapshot.types[canonicalType(snapshot, value)]!);
  }
  const [first] = types;
  return types.size > 1 || entries === 1 || (first !== undefined && first.shape !== "fields");
}

/** A `__dict__` is not shown: its instance stands for it. */
export function visibleOwner(analysis: HeapAnalysis, node: NodeIx): NodeIx {
  for (let at: NodeIx = node; ; ) {
    if (isShown(trailOf(analysis, at))) return at;
    const owner = dominatorOf(analysis, at) === null ? null : parentOf(analysis, at);
    if (owner === null) return node;
    at = owner;
  }
}

function isShown(trail: Trail): boolean {
  return trail.edge !== null;
}

function canonicalType(snapshot: Snapshot, node: NodeIx): number {
  return typeRowOf(snapshot, node).canonical;
}
