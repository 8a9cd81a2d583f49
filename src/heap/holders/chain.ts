// Linked chains: an object that keeps another of its kind, which keeps another... A version with the version before it, a
// function that wraps the function it replaced. No container has them, so their links are counted by following them.

import type { NodeIx } from "../../base/brand.ts";
import { fieldTarget, roleOf, typeRowOf } from "../analysis/edges.ts";
import { parentOf, type HeapAnalysis } from "../analyse.ts";
import type { Snapshot, TypeRole } from "../snapshot.ts";

/** Shorter ones are a structure that a person wrote: a class in a class, a function with three decorators. */
export const SHORTEST_CHAIN = 8;
/** Steps between two links: an object, its `__dict__`, a tuple or a list in it. */
const WAY_BETWEEN = 3;
/** What has more references is a collection, and no link. */
const MOST_REFERENCES = 64;
const LINK_ROLES: ReadonlySet<TypeRole> = new Set<TypeRole>([
  "plain",
  "function",
  "exception",
  "tuple",
  "list",
  "dict",
]);

/** How many links hang on `node`, itself included: 1 for what is no chain. Stops counting at `most`; O(links). */
export function linksOf(analysis: HeapAnalysis, node: NodeIx, most: number = Number.POSITIVE_INFINITY): number {
  let links = 1;
  for (let at = nextLink(analysis, node); at !== null && links < most; at = nextLink(analysis, at)) links += 1;
  return links;
}

/** Whether `node` begins a chain, or lies in one with enough links left. */
export function isChain(analysis: HeapAnalysis, node: NodeIx): boolean {
  return linksOf(analysis, node, SHORTEST_CHAIN) >= SHORTEST_CHAIN;
}

/** Where the chain begins that `node` lies in; `node` itself when that is none. O(links). */
export function headOfChain(analysis: HeapAnalysis, node: NodeIx): NodeIx {
  let head = node;
  for (let above = linkAbove(analysis, head); above !== null; above = linkAbove(analysis, head)) head = above;
  return isChain(analysis, head) ? head : node;
}

function linkAbove(analysis: HeapAnalysis, node: NodeIx): NodeIx | null {
  const { snapshot } = analysis;
  if (!LINK_ROLES.has(roleOf(snapshot, node))) return null;
  let at = parentOf(analysis, node);
  for (let depth = 0; depth < WAY_BETWEEN && at !== null; depth++) {
    if (isSameKind(snapshot, node, at)) return at;
    at = isBetween(snapshot, at) ? parentOf(analysis, at) : null;
  }
  return null;
}

/** The first of its kind that is reached through `node`, by the path that names it. */
function nextLink(analysis: HeapAnalysis, node: NodeIx): NodeIx | null {
  const { snapshot, rooted } = analysis;
  const { edgeStart, edgeTarget } = snapshot.refs;
  if (!LINK_ROLES.has(roleOf(snapshot, node))) return null;
  let level: NodeIx[] = [node];
  for (let depth = 0; depth < WAY_BETWEEN && level.length > 0; depth++) {
    const below: NodeIx[] = [];
    for (const from of level) {
      const end = edgeStart[from + 1]!;
      if (end - edgeStart[from]! > MOST_REFERENCES) continue;
      for (let edge = edgeStart[from]!; edge < end; edge++) {
        const target = edgeTarget[edge]! as NodeIx;
        if (target === 0 || rooted.parent[target] !== from) continue;
        if (isSameKind(snapshot, node, target)) return target;
        if (isBetween(snapshot, target)) below.push(target);
      }
    }
    level = below;
  }
  return null;
}

/** Objects of one class with something in them; functions with the same code. */
function isSameKind(snapshot: Snapshot, node: NodeIx, other: NodeIx): boolean {
  const { edgeStart } = snapshot.refs;
  if (typeRowOf(snapshot, node).canonical !== typeRowOf(snapshot, other).canonical) return false;
  if (edgeStart[other] === edgeStart[other + 1]) return false;
  if (roleOf(snapshot, node) !== "function") return true;
  const code = fieldTarget(snapshot, node, "__code__");
  return code !== null && code === fieldTarget(snapshot, other, "__code__");
}

/** What a link is made of, besides the link itself. */
function isBetween(snapshot: Snapshot, node: NodeIx): boolean {
  const { role } = typeRowOf(snapshot, node);
  return role === "dict" || role === "tuple" || role === "list" || role === "cell" || role === "plain";
}
