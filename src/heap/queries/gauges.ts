// The containers of a heap whose sizes are worth following from outside: those with a name first, even the empty ones (that is
// how a leak begins), then the largest of the others.

import type { NodeIx } from "../../base/brand.ts";
import type { Gauge, GaugeKind } from "../../model/gauge.ts";
import { addressOf } from "../analysis/addresses.ts";
import { entriesOf, qualifiedName, roleOf, shallowBytesOf, typeRowOf } from "../analysis/edges.ts";
import { isGarbage, parentOf } from "../analyse.ts";
import { ownerOf, type OwnedHeap } from "../holders/ownership.ts";
import { fieldBetween } from "../holders/trunk.ts";
import type { Snapshot, TypeRole, TypeRow } from "../snapshot.ts";
import { boundAround } from "./gauge-bound.ts";

/** Instances between a container and the name that leads to it: `app.service.pool.queue` has two. */
const DEEPEST_NAME = 4;
const UNNAMED = 255;
/** Attributes of one object are written in its class; a `__dict__` with more holds data. */
const LARGEST_ATTRIBUTES = 64;
const DEFAULT_LIMIT = 50_000;

/** What leads on to a container by a name of the program rather than by a key or an index. */
const STRUCTURES: ReadonlySet<TypeRole> = new Set<TypeRole>([
  "plain",
  "cell",
  "frame",
  "generator",
  "coroutine",
  "method",
  "exception",
  "traceback",
  "thread-local",
  "context",
]);

/**
 * At most `limit` gauges, most worth following first: by nearness to a name, then by entries, then by address, so that one
 * heap always gives the same. Left out: garbage, internals of the interpreter, namespaces of classes, and the attributes of
 * plain objects. O(nodes), and O(containers log containers) where there are more than `limit`.
 */
export function pickGauges(heap: OwnedHeap, limit: number = DEFAULT_LIMIT): Gauge[] {
  const kinds = heap.snapshot.types.map((_, at) => kindOfType(heap.snapshot, at));
  const internals = createInternals(heap);
  const named: Candidate[] = [];
  const others = new Uint32Array(heap.snapshot.nodes.count);
  let otherCount = 0;
  for (let row = 1; row < heap.snapshot.nodes.count; row++) {
    const kind = kinds[heap.snapshot.nodes.type[row]!]!;
    const node = row as NodeIx;
    if (kind === null || isGarbage(heap, node) || internals.has(node) || isPartOfProgram(heap, node)) continue;
    const depth = depthOfName(heap, node);
    if (depth !== UNNAMED) named.push({ node, depth, entries: sizeOf(heap, kind, node) });
    else if (sizeOf(heap, kind, node) > 0) others[otherCount++] = row;
  }
  named.sort((a, b) => a.depth - b.depth || b.entries - a.entries || a.node - b.node);
  const picked = named.slice(0, limit).map(({ node }) => node);
  const rest = largest(heap, kinds, others.subarray(0, otherCount), limit - picked.length);
  return [...picked, ...rest].flatMap((node) => gaugeAt(heap, kinds[heap.snapshot.nodes.type[node]!]!, node));
}

interface Candidate {
  readonly node: NodeIx;
  readonly depth: number;
  readonly entries: number;
}

type Kinds = readonly (GaugeKind | null)[];

/** Subclasses are of the kind of their base. A frozenset cannot change. */
function kindOfType(snapshot: Snapshot, at: number): GaugeKind | null {
  const type = snapshot.types[at]!;
  if (type.role === "lru-cache") return "lru-cache";
  if (type.role === "context-values") return null;
  if (type.shape === "mapping") return "dict";
  if (type.role === "list" || type.role === "deque") return type.role;
  // Up to 3.12 its items are in a list, which is followed.
  if (type.name === "SimpleQueue" && type.shape === "sequence") return "simple-queue";
  if (type.shape === "set") return hasBaseNamed(snapshot, type, "frozenset") ? null : "set";
  if (type.role !== "plain") return null;
  if (hasBaseNamed(snapshot, type, "bytearray")) return "bytearray";
  return hasBaseNamed(snapshot, type, "array.array") ? "array" : null;
}

const DEEPEST_BASE = 50;

function hasBaseNamed({ types }: Snapshot, start: TypeRow, name: string): boolean {
  let type: TypeRow | undefined = start;
  for (let depth = 0; type !== undefined && depth < DEEPEST_BASE; depth++) {
    if (qualifiedName(type) === name) return true;
    type = type.base < 0 ? undefined : types[type.base];
  }
  return false;
}

/** Namespaces of classes and functions, attributes of objects, and what other gauges show. Modules' namespaces do grow. */
function isPartOfProgram(heap: OwnedHeap, node: NodeIx): boolean {
  const { snapshot } = heap;
  const parent = parentOf(heap, node);
  if (parent === null) return false;
  const role = roleOf(snapshot, parent);
  // The dict of an lru cache is read for the cache.
  if (role === "lru-cache") return true;
  if (role === "type" || role === "function" || role === "property") return true;
  const isSmall = (entriesOf(snapshot, node) ?? 0) < LARGEST_ATTRIBUTES;
  return isSmall && role !== "module" && isAttributesOfObject(heap, node);
}

/** Objects that lead by names to the container, or UNNAMED when a collection is among them. */
function depthOfName(heap: OwnedHeap, node: NodeIx): number {
  let at = node;
  for (let depth = 0; depth <= DEEPEST_NAME; ) {
    const owner = ownerOf(heap, at);
    if (owner === null) return depth;
    const role = roleOf(heap.snapshot, owner);
    if (STRUCTURES.has(role)) depth += 1;
    // The tree of a context is only the way to its variables.
    else if (role !== "context-values" && !isAttributesOfObject(heap, owner)) return UNNAMED;
    at = owner;
  }
  return UNNAMED;
}

/** Collections are not asked: they have too many edges for that, and no attributes worth it. */
function isAttributesOfObject(heap: OwnedHeap, node: NodeIx): boolean {
  const { snapshot } = heap;
  const parent = parentOf(heap, node);
  if (parent === null || typeRowOf(snapshot, node).shape !== "mapping") return false;
  return typeRowOf(snapshot, parent).shape === "fields" && fieldBetween(snapshot, parent, node) === "__dict__";
}

/** What only the interpreter's own words lead to: interned strings, codec tables. Paths share their ends, so each is walked once. */
function createInternals({ snapshot, rooted }: OwnedHeap): { has(node: NodeIx): boolean } {
  const { nodeCount } = snapshot.refs;
  const known = new Uint8Array(nodeCount);
  const [outside, inside] = [1, 2];
  return {
    has(node) {
      let end: number = node;
      while (known[end] === 0 && rooted.parent[end]! < nodeCount) end = rooted.parent[end]!;
      const origin = rooted.originOf.get(end);
      // What the state holds by a name is worth following, and nothing below it.
      if (end === node && origin?.kind === "interpreter" && origin.part !== null) return false;
      if (known[end] === 0) known[end] = origin?.kind === "interpreter" ? inside : outside;
      const answer = known[end]!;
      for (let at: number = node; known[at] === 0; at = rooted.parent[at]!) known[at] = answer;
      return answer === inside;
    },
  };
}

function sizeOf({ snapshot, lruOf }: OwnedHeap, kind: GaugeKind, node: NodeIx): number {
  if (kind === "lru-cache") return lruOf.get(node)?.entries ?? 0;
  return entriesOf(snapshot, node) ?? shallowBytesOf(snapshot, node);
}

/** The `count` with most entries, earlier rows first among equals. */
function largest(heap: OwnedHeap, kinds: Kinds, rows: Uint32Array, count: number): NodeIx[] {
  if (count <= 0) return [];
  const { type } = heap.snapshot.nodes;
  const sizes = Float64Array.from(rows, (row) => sizeOf(heap, kinds[type[row]!]!, row as NodeIx));
  const floor = rows.length > count ? sizes.toSorted()[rows.length - count]! : 0;
  const kept = Array.from(rows.keys()).filter((at) => sizes[at]! >= floor);
  kept.sort((a, b) => sizes[b]! - sizes[a]! || rows[a]! - rows[b]!);
  return kept.slice(0, count).map((at) => rows[at]! as NodeIx);
}

/** None when the type object is not in the heap: nothing would tell a dead container from a living one. */
function gaugeAt(heap: OwnedHeap, kind: GaugeKind | null, node: NodeIx): Gauge[] {
  const { snapshot, lruOf } = heap;
  const type = snapshot.types[typeRowOf(snapshot, node).canonical]!.node;
  if (kind === null || type === 0) return [];
  return [
    {
      kind,
      address: addressOf(snapshot.nodes, node),
      typeAddress: addressOf(snapshot.nodes, type),
      node,
      entries: sizeOf(heap, kind, node),
      bound: lruOf.get(node)?.maxsize ?? null,
      boundAt: kind === "lru-cache" ? null : boundAround(heap, node),
    },
  ];
}
