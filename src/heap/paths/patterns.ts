// Paths of many objects at once, with positions and keys folded to [*]: where are all the Sessions kept?
// Each pattern is a trail with a number; a node's pattern follows from its parent's, so shared beginnings are named once.

import type { EdgeIx, NodeIx } from "../../base/brand.ts";
import { typeRowOf } from "../analysis/edges.ts";
import { parentOf, type HeapAnalysis } from "../analyse.ts";
import type { Snapshot } from "../snapshot.ts";
import { followEdge, startTrail } from "./trails.ts";
import type { Trail } from "./trail.ts";

/** Number of a pattern in `PatternIndex.trails`. */
export type PatternIx = number;

const NO_EDGE = 0xffffffff;
/** Deeper paths (linked lists, trees) keep the pattern they have reached. */
const DEEPEST = 24;

export class PatternIndex {
  readonly trails: Trail[] = [];
  readonly #analysis: HeapAnalysis;
  readonly #parentEdge: Uint32Array;
  /** Pattern of each node plus one; 0 = not known yet. */
  readonly #known: Uint32Array;
  readonly #numbers = new Map<string, PatternIx>();
  readonly #depths: number[] = [];

  constructor(analysis: HeapAnalysis) {
    this.#analysis = analysis;
    this.#parentEdge = parentEdges(analysis);
    this.#known = new Uint32Array(analysis.snapshot.nodes.count);
  }

  patternOf(node: NodeIx): PatternIx {
    const way: NodeIx[] = [];
    let at: NodeIx | null = node;
    while (at !== null && this.#known[at] === 0) {
      way.push(at);
      at = parentOf(this.#analysis, at);
    }
    while (way.length > 0) {
      const next = way.pop()!;
      this.#known[next] = this.#extend(next) + 1;
    }
    return this.#known[node]! - 1;
  }

  #extend(node: NodeIx): PatternIx {
    const parent = parentOf(this.#analysis, node);
    if (parent === null) return this.#number(startTrail(this.#analysis, node), 0);
    const above = this.#known[parent]! - 1;
    const edge = this.#parentEdge[node]!;
    if (this.#depths[above]! >= DEEPEST || edge === NO_EDGE) return above;
    const before = parentOf(this.#analysis, parent);
    const trail = followEdge(this.#analysis, this.trails[above]!, before, parent, edge as EdgeIx, true);
    return this.#number(foldRepeats(trail), this.#depths[above]! + 1);
  }

  #number(trail: Trail, depth: number): PatternIx {
    const key = `${trail.place} ${trail.text}`;
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    this.trails.push(trail);
    this.#depths.push(depth);
    this.#numbers.set(key, this.trails.length - 1);
    return this.trails.length - 1;
  }
}

/** `.next.next.next` and all longer ones are `.next.next…`: one pattern for a linked list. */
function foldRepeats(trail: Trail): Trail {
  const repeated = /^(.*?)((?:\.\w+|\[\*\]){1,2})\2(?:\2|…)$/.exec(trail.text);
  return repeated === null ? trail : { ...trail, text: `${repeated[1]}${repeated[2]}${repeated[2]}…` };
}

/** The edge through which each node hangs on its parent: a value rather than a key. One pass over all edges. */
function parentEdges({ snapshot, rooted: { parent } }: HeapAnalysis): Uint32Array {
  const { edgeStart, edgeTarget, nodeCount } = snapshot.refs;
  const found = new Uint32Array(nodeCount).fill(NO_EDGE);
  for (let node = 1; node < nodeCount; node++) {
    const end = edgeStart[node + 1]!;
    const isMapping = isMappingNode(snapshot, node as NodeIx);
    for (let edge = edgeStart[node]!, position = 0; edge < end; edge++) {
      const isKey = isMapping && snapshot.edgeLabel[edge] === 0 && position++ % 2 === 0;
      const target = edgeTarget[edge]!;
      if (parent[target] === node && (found[target] === NO_EDGE || !isKey)) found[target] = edge;
    }
  }
  return found;
}

function isMappingNode(snapshot: Snapshot, node: NodeIx): boolean {
  return typeRowOf(snapshot, node).shape === "mapping";
}
