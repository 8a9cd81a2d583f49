// Follows edges and keeps the name up to date: the one place where the naming rules are applied.

import { InternalError } from "../../base/invariant.ts";
import type { EdgeIx, NodeIx } from "../../base/brand.ts";
import { bestEdge, placeOf } from "../analysis/edges.ts";
import { isGarbage, parentOf, type HeapAnalysis } from "../analyse.ts";
import { NAMING_RULES } from "./naming-rules.ts";
import { garbageTrail, rootTrail } from "./roots.ts";
import type { Hop, Trail } from "./trail.ts";

/** A node on a path with the name it has there. */
export interface Waypoint {
  readonly node: NodeIx;
  readonly trail: Trail;
}

/** Nodes from a root (or from the outermost known garbage) to `node`, both included. */
export function chainTo(analysis: HeapAnalysis, node: NodeIx): NodeIx[] {
  const chain: NodeIx[] = [];
  for (let at: NodeIx | null = node; at !== null; at = parentOf(analysis, at)) chain.push(at);
  return chain.reverse();
}

/** The name at each node of a chain whose first node is a root. */
export function trailsAlong(analysis: HeapAnalysis, chain: readonly NodeIx[]): Waypoint[] {
  const first = chain[0];
  if (first === undefined) return [];
  const waypoints: Waypoint[] = [{ node: first, trail: startTrail(analysis, first) }];
  for (let at = 1; at < chain.length; at++) {
    const trail = follow(analysis, waypoints[at - 1]!.trail, chain[at - 2] ?? null, chain[at - 1]!, chain[at]!);
    waypoints.push({ node: chain[at]!, trail });
  }
  return waypoints;
}

/** The name of a node by its shortest path. */
export function trailOf(analysis: HeapAnalysis, node: NodeIx): Trail {
  return trailsAlong(analysis, chainTo(analysis, node)).at(-1)!.trail;
}

export function startTrail(analysis: HeapAnalysis, root: NodeIx): Trail {
  return isGarbage(analysis, root) ? garbageTrail() : rootTrail(analysis, root);
}

/** Continues a name from `from` to `to` over the edge that reads best. */
export function follow(analysis: HeapAnalysis, trail: Trail, before: NodeIx | null, from: NodeIx, to: NodeIx): Trail {
  const edge = bestEdge(analysis.snapshot, from, to);
  if (edge === null) throw new InternalError("internal: two nodes of a path are not connected");
  return followEdge(analysis, trail, before, from, edge, false);
}

/** Continues a name over one edge. */
export function followEdge(
  analysis: HeapAnalysis,
  trail: Trail,
  before: NodeIx | null,
  from: NodeIx,
  edge: EdgeIx,
  folded: boolean,
): Trail {
  const to = analysis.snapshot.refs.edgeTarget[edge]! as NodeIx;
  const hop: Hop = { before, from, edge, to, place: placeOf(analysis.snapshot, from, edge), folded };
  for (const rule of NAMING_RULES) {
    const next = rule(analysis, trail, hop);
    if (next !== null) return next;
  }
  throw new InternalError("internal: no naming rule for an edge");
}
