// Decides which roots are real. Interpreter words found by scanning are often stale (free lists, old stack slots): they count
// only when they account exactly for the references that the refcount shows and the graph does not. What is unreached after
// that and still has such a reference, or never dies, is held by native code; what has none is garbage that the collector
// has not collected yet.

import type { NodeIx } from "../../base/brand.ts";
import { NO_NODE, type RefGraph } from "../../graph/ref-graph.ts";
import { reach } from "../../graph/reach.ts";
import {
  IMMORTAL_EXCESS,
  ROOT_TIERS,
  type ExcessTable,
  type Root,
  type RootOrigin,
  type RootTier,
  type Snapshot,
} from "../snapshot.ts";
import { positionOf } from "./bisect.ts";

export interface RootedGraph {
  /** As in graph/reach.ts: another node, `nodeCount + tier` for roots, NO_NODE for garbage. */
  readonly parent: Uint32Array;
  /** Every accepted root once, in the order of tiers. */
  readonly roots: Uint32Array;
  /** Why a root is one; nodes in `roots` that are missing here are native. */
  readonly originOf: ReadonlyMap<number, RootOrigin>;
  /** Nodes that only native code holds. */
  readonly nativeRoots: Uint32Array;
}

const NATIVE_TIER: number = ROOT_TIERS.indexOf("native");
const INTERPRETER_TIER: number = ROOT_TIERS.indexOf("interpreter");
const NO_ROOTS = new Uint32Array(0);

/** What can be said about the roots before the graph is searched. */
export interface RootCandidates {
  /** In the order of tiers. */
  readonly accepted: Uint32Array;
  /** Roots where nothing else reaches them: native code must be holding them. */
  readonly held: Uint32Array;
}

export function rootCandidates({ roots, excess }: Pick<Snapshot, "roots" | "excess">): RootCandidates {
  const accepted = acceptedRoots(roots, excess);
  return { accepted: distinct(tiersOf(accepted)), held: heldByNative(accepted, excess) };
}

/** Searches from the roots tier by tier, then from what native code must be holding. */
export function searchFromRoots(snapshot: Snapshot): RootedGraph {
  const accepted = acceptedRoots(snapshot.roots, snapshot.excess);
  const tiers = tiersOf(accepted);
  const { parent } = reach(snapshot.refs, tiers);
  const nativeRoots = heldByNative(accepted, snapshot.excess).filter((node) => parent[node] === NO_NODE);
  continueSearch(snapshot.refs, parent, nativeRoots, snapshot.refs.nodeCount + NATIVE_TIER);
  return { parent, roots: distinct([...tiers, nativeRoots]), originOf: originsByNode(accepted), nativeRoots };
}

function tiersOf(accepted: readonly Root[]): readonly Uint32Array[] {
  return ROOT_TIERS.map((tier) => (tier === "native" ? NO_ROOTS : rootsOfTier(accepted, tier)));
}

function heldByNative(accepted: readonly Root[], { node, excess }: ExcessTable): Uint32Array {
  const exceeding = node.filter((candidate, at) => candidate !== 0 && excess[at]! > 0);
  return distinct([rootsOfTier(accepted, "native"), exceeding]);
}

/** The graph and how its nodes were reached. */
interface Reached {
  readonly snapshot: Pick<Snapshot, "refs">;
  readonly rooted: RootedGraph;
}

/** Only native code holds it. */
export function isNativeRoot({ rooted, snapshot }: Reached, node: number): boolean {
  return rooted.parent[node] === snapshot.refs.nodeCount + NATIVE_TIER;
}

/** Given to `atexit.register`, and nothing with a better name leads to it. */
export function isExitCallback({ rooted, snapshot }: Reached, node: number): boolean {
  if (rooted.parent[node] !== snapshot.refs.nodeCount + INTERPRETER_TIER) return false;
  return rooted.originOf.get(node)?.kind === "exit-callback";
}

/** References that the graph does not show: refcount - in-degree. 0 for immortal objects, whose refcount says nothing. */
export function excessOf(excess: ExcessTable, node: NodeIx): number {
  const at = positionOf(excess.node, node);
  const found = at < 0 ? 0 : excess.excess[at]!;
  return found === IMMORTAL_EXCESS ? 0 : found;
}

/** All certain roots, and the interpreter's words where nothing but they can be what the refcount counts. */
function acceptedRoots(roots: readonly Root[], excess: ExcessTable): Root[] {
  const words = new Map<NodeIx, Words>();
  for (const { node, tier, origin } of roots) if (isWord(tier, origin)) addWord(words, node, origin);
  return roots.filter(({ node, tier, origin }) => {
    if (node === 0 || !isWord(tier, origin)) return node !== 0;
    const missing = excessOf(excess, node);
    return isOwned(origin) ? missing > 0 : isCovered(missing, words.get(node)!);
  });
}

/** A word that was found by scanning. A callback of `atexit` and a named member were read as such: they own what they lead to. */
function isWord(tier: RootTier, origin: RootOrigin): boolean {
  if (origin.kind === "interpreter" && origin.part !== null) return false;
  return tier === "interpreter" && origin.kind !== "exit-callback";
}

/** The interpreter's words that lead to one object. */
interface Words {
  /** Those of fields that own what they lead to. */
  owned: number;
  /** Those that may be stale or borrowed. */
  count: number;
  /** The stack or struct that has all of the latter; null when there are several. */
  place: string | null;
}

function addWord(words: Map<NodeIx, Words>, node: NodeIx, origin: RootOrigin): void {
  const place = placeKey(origin);
  const known = words.get(node) ?? { owned: 0, count: 0, place };
  words.set(node, known);
  if (isOwned(origin)) {
    known.owned += 1;
    return;
  }
  known.count += 1;
  if (known.count === 1) known.place = place;
  else if (known.place !== place) known.place = null;
}

/** PyThreadState.dict and .context (Include/cpython/pystate.h): never stale, never borrowed. */
function isOwned(origin: RootOrigin): boolean {
  return origin.kind === "thread" && (origin.part === "dict" || origin.part === "context");
}

/** Of several words in one place some may be stale, as old slots of a stack are: it is the same place whichever they are. */
function isCovered(missing: number, { owned, count, place }: Words): boolean {
  const left = missing - owned;
  return left > 0 && (left === count || (place !== null && left < count));
}

function placeKey(origin: RootOrigin): string {
  switch (origin.kind) {
    case "frame":
    case "frame-local":
      return `frame ${origin.thread} ${origin.frame}`;
    case "thread":
      return `thread ${origin.thread} ${origin.part}`;
    default:
      return origin.kind;
  }
}

function rootsOfTier(roots: readonly Root[], tier: RootTier): Uint32Array {
  return Uint32Array.from(roots.filter((root) => root.tier === tier).map((root) => root.node));
}

/** Breadth-first from `roots` through what is still unreached; few nodes, so plain. */
function continueSearch(graph: RefGraph, parent: Uint32Array, roots: Uint32Array, mark: number): void {
  const queue: number[] = [];
  for (const root of roots) {
    parent[root] = mark;
    queue.push(root);
  }
  for (let head = 0; head < queue.length; head++) {
    const node = queue[head]!;
    const end = graph.edgeStart[node + 1]!;
    for (let edge = graph.edgeStart[node]!; edge < end; edge++) {
      const target = graph.edgeTarget[edge]!;
      if (parent[target] !== NO_NODE) continue;
      parent[target] = node;
      queue.push(target);
    }
  }
}

function distinct(tiers: readonly Uint32Array[]): Uint32Array {
  const seen = new Set<number>();
  for (const roots of tiers) for (const root of roots) seen.add(root);
  return Uint32Array.from(seen);
}

function originsByNode(roots: readonly Root[]): Map<number, RootOrigin> {
  const best = new Map<number, Root>();
  for (const root of roots) {
    const known = best.get(root.node);
    if (known === undefined || readsBetter(root, known)) best.set(root.node, root);
  }
  return new Map([...best].map(([node, root]) => [node, root.origin]));
}

/** The lower tier; among frames a named local, and the caller's rather than the callee's: it lives longer. */
function readsBetter(root: Root, known: Root): boolean {
  const tiers = ROOT_TIERS.indexOf(root.tier) - ROOT_TIERS.indexOf(known.tier);
  if (tiers !== 0) return tiers < 0;
  if (root.origin.kind !== "frame-local") return false;
  if (known.origin.kind !== "frame-local") return true;
  return root.origin.thread === known.origin.thread && root.origin.frame > known.origin.frame;
}
