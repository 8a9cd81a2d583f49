// The k best paths that keep a node alive. The best one is that of `reach`; every other leaves it somewhere: at some node
// it comes in through another referrer, and from there on up it is again the best path of that referrer.
//
// D. Eppstein, "Finding the k shortest paths", SIAM J. Computing 28(2), 1998 (sidetracks from a shortest-path tree);
// restricted to simple paths by extending, but not reporting, those that cross themselves.

import { NO_NODE, type RefGraph } from "./ref-graph.ts";
import type { Reach } from "./reach.ts";

/** A path that follows the best path of `head`, and then `below` from position `from` to its end, the subject. */
interface Candidate {
  readonly cost: number;
  readonly head: number;
  readonly below: readonly number[];
  readonly from: number;
}

/** A path of a lower tier costs less than any of a higher one. */
const TIER_COST = 2 ** 32;

/** Best first, of equal costs the one found first; of bounded length. */
class Candidates {
  readonly #sorted: Candidate[] = [];
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Whether a candidate of this cost would be kept. */
  accepts(cost: number): boolean {
    return this.#sorted.length < this.#limit || cost < this.#sorted[this.#sorted.length - 1]!.cost;
  }

  add(candidate: Candidate): void {
    let at = this.#sorted.length;
    while (at > 0 && this.#sorted[at - 1]!.cost > candidate.cost) at--;
    this.#sorted.splice(at, 0, candidate);
    if (this.#sorted.length > this.#limit) this.#sorted.pop();
  }

  takeBest(): Candidate | undefined {
    return this.#sorted.shift();
  }
}

/**
 * Up to `k` distinct paths to `node`, each from a root down to the node, best first: by tier of the root, then by length;
 * none visits a node twice or runs through a root. Empty for unreachable nodes. `referrers` is `reverse(graph)`, `found`
 * the result of `reach`. Deterministic. Time: k times the referrers of the nodes on a path; memory is touched only
 * for nodes looked at. `costs`, when given, is kept from an earlier call with the same `found`. At most 16 * k + 64 open candidates are kept, which can lose a path only among more cycles than that.
 */
export function shortestPathsTo(
  referrers: RefGraph,
  found: Reach,
  node: number,
  k: number,
  costs: PathCosts = new PathCosts(found, referrers.nodeCount),
): Uint32Array[] {
  const paths: Uint32Array[] = [];
  if (found.parent[node] === NO_NODE) return paths;
  const limit = 16 * k + 64;
  const candidates = new Candidates(limit);
  candidates.add({ cost: costs.of(node), head: node, below: [], from: 0 });
  for (let tries = 0; tries < 4 * limit && paths.length < k; tries++) {
    const best = candidates.takeBest();
    if (best === undefined) break;
    const path = complete(best, found, referrers.nodeCount);
    if (new Set(path).size === path.length) paths.push(Uint32Array.from(path));
    const head = path.length - 1 - (best.below.length - best.from);
    addDetours(candidates, path, head, referrers, found, costs);
  }
  return paths;
}

/** Cost of the best path to a node, remembered: 0 = not known yet. */
export class PathCosts {
  readonly #parent: Uint32Array;
  readonly #nodeCount: number;
  readonly #known: Float64Array;

  constructor(found: Reach, nodeCount: number) {
    this.#parent = found.parent;
    this.#nodeCount = nodeCount;
    this.#known = new Float64Array(nodeCount);
  }

  /** Nodes on the path, plus the tier of its root; infinite for unreachable nodes. */
  of(node: number): number {
    const way: number[] = [];
    let at = node;
    while (at < this.#nodeCount && this.#known[at] === 0) {
      way.push(at);
      at = this.#parent[at]!;
    }
    if (at === NO_NODE) return Number.POSITIVE_INFINITY;
    let cost = at < this.#nodeCount ? this.#known[at]! : (at - this.#nodeCount) * TIER_COST;
    for (let up = way.length - 1; up >= 0; up--) this.#known[way[up]!] = ++cost;
    return cost;
  }
}

/** The whole path, root first. */
function complete(candidate: Candidate, found: Reach, nodeCount: number): number[] {
  const path: number[] = [];
  for (let at = candidate.head; at < nodeCount; at = found.parent[at]!) path.push(at);
  path.reverse();
  for (let at = candidate.from; at < candidate.below.length; at++) path.push(candidate.below[at]!);
  return path;
}

/** Adds the paths that leave `path` at or above `head`, from there upward while what is below stays simple. */
function addDetours(
  candidates: Candidates,
  path: readonly number[],
  head: number,
  referrers: RefGraph,
  found: Reach,
  costs: PathCosts,
): void {
  const below = new Set(path.slice(head + 1));
  for (let at = head; at >= 0; at--) {
    const node = path[at]!;
    if (below.has(node)) return;
    below.add(node);
    // A root in the middle ends the path; only the subject itself is also looked at from above.
    if (at === 0 && path.length > 1) return;
    let previous = NO_NODE;
    for (let edge = referrers.edgeStart[node]!; edge < referrers.edgeStart[node + 1]!; edge++) {
      const referrer = referrers.edgeTarget[edge]!;
      if (referrer === previous || referrer === found.parent[node] || below.has(referrer)) continue;
      previous = referrer;
      const cost = costs.of(referrer) + path.length - at;
      if (cost < Number.POSITIVE_INFINITY && candidates.accepts(cost)) {
        candidates.add({ cost, head: referrer, below: path, from: at });
      }
    }
  }
}
