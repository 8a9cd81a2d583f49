// What stands around an object: the way to it from a root, who else refers to it, and what it holds, as far as a drawing can
// bear. Everything that is left out is counted, so that a drawing never looks complete when it is not.

import type { EdgeIx, NodeIx } from "../../base/brand.ts";
import { printable } from "../../base/format-printable.ts";
import { ok, type Result } from "../../base/result.ts";
import { referrersOf } from "../../graph/referrers.ts";
import { topByValue } from "../../graph/top-by-value.ts";
import { addressOf, formatAddress } from "../analysis/addresses.ts";
import { bestEdge, placeOf, shallowBytesOf, typeNameOf } from "../analysis/edges.ts";
import type { HeapAnalysis } from "../analyse.ts";
import type { Neighbour, NeighbourEdge } from "../../model/page-reports.ts";
import { settleOwners, type OwnedHeap } from "../holders/ownership.ts";
import { sizeOfContainer } from "../paths/path-of.ts";
import { chainTo, trailOf } from "../paths/trails.ts";
import { keyWords } from "../paths/words.ts";
import { canonicalTypes } from "../analysis/type-totals.ts";
import { select, type Selector, type SelectorError } from "./selector.ts";

export interface Neighbourhood {
  readonly nodes: readonly Neighbour[];
  readonly edges: readonly NeighbourEdge[];
  /** Objects the selector stands for; the largest of them are subjects. */
  readonly matched: number;
}

const MOST_SUBJECTS = 5;
const MOST_REFERRERS = 6;
/** Large objects first, a few of each: who refers to ten thousand strings is not drawn by a thousand of them. */
const MOST_TARGETS = 8;

/** At most about `limit` objects: subjects and their paths always, then what they hold, the largest first. */
export function neighbourhoodOf(
  analysis: HeapAnalysis,
  selector: Selector,
  limit: number,
): Result<Neighbourhood, SelectorError> {
  const heap = settleOwners(analysis);
  const selection = select(heap, selector);
  if (!selection.ok) return selection;
  const { value } = selection;
  const matched = value.kind === "nodes" ? value.nodes : instancesOf(heap, new Set<number>(value.types));
  const subjects = largest(heap, matched, MOST_SUBJECTS);
  const shown = new Set<NodeIx>();
  const onPath = new Set<string>();
  const referrers = new Map<NodeIx, Uint32Array>();
  for (const subject of subjects) addWay(heap, subject, shown, onPath, referrers);
  addTargets(heap, subjects, shown, limit);
  const nodes = [...shown].map((node) => neighbour(heap, node, shown, new Set(subjects), referrers));
  return ok({ nodes, edges: edgesAmong(heap, shown, onPath), matched: matched.length });
}

function instancesOf({ snapshot }: HeapAnalysis, types: ReadonlySet<number>): readonly NodeIx[] {
  const found: NodeIx[] = [];
  for (const [node, type] of canonicalTypes(snapshot).entries())
    if (node > 0 && types.has(type)) found.push(node as NodeIx);
  return found;
}

function largest(heap: OwnedHeap, nodes: readonly NodeIx[], count: number): readonly NodeIx[] {
  const values = Float64Array.from(nodes, (node) => heap.heldBytes[node]!);
  return [...topByValue(values, count)].map((at) => nodes[at]!);
}

/** The path from a root, and some of the other referrers. */
function addWay(
  heap: OwnedHeap,
  subject: NodeIx,
  shown: Set<NodeIx>,
  onPath: Set<string>,
  referrers: Map<NodeIx, Uint32Array>,
): void {
  const chain = chainTo(heap, subject);
  for (const [at, node] of chain.entries()) {
    shown.add(node);
    if (at > 0) onPath.add(`${chain[at - 1]} ${node}`);
  }
  const all = new Uint32Array(new Set(referrersOf(heap.snapshot.refs, subject)));
  referrers.set(subject, all);
  for (const node of largest(heap, [...all] as NodeIx[], MOST_REFERRERS)) shown.add(node);
}

/** Breadth first from the subjects, the largest targets of each. */
function addTargets(heap: OwnedHeap, subjects: readonly NodeIx[], shown: Set<NodeIx>, limit: number): void {
  const { edgeStart, edgeTarget } = heap.snapshot.refs;
  const queue = [...subjects];
  for (let at = 0; at < queue.length && shown.size < limit; at++) {
    const node = queue[at]!;
    const targets = distinct(edgeTarget.subarray(edgeStart[node], edgeStart[node + 1]));
    const fresh = targets.filter((target) => target !== 0 && !shown.has(target) && heap.trunk[target] === 0);
    for (const target of largest(heap, fresh, Math.min(MOST_TARGETS, limit - shown.size))) {
      shown.add(target);
      queue.push(target);
    }
  }
}

function neighbour(
  heap: OwnedHeap,
  node: NodeIx,
  shown: ReadonlySet<NodeIx>,
  subjects: ReadonlySet<NodeIx>,
  referrers: ReadonlyMap<NodeIx, Uint32Array>,
): Neighbour {
  const { snapshot } = heap;
  const { edgeStart, edgeTarget } = snapshot.refs;
  const targets = distinct(edgeTarget.subarray(edgeStart[node], edgeStart[node + 1]));
  const isHidden = (other: number): boolean => other !== 0 && !shown.has(other as NodeIx);
  const isSubject = subjects.has(node);
  const isRoot = heap.rooted.parent[node]! >= snapshot.refs.nodeCount;
  return {
    node,
    type: printable(typeNameOf(snapshot, node)),
    address: formatAddress(addressOf(snapshot.nodes, node)),
    entries: sizeOfContainer(heap, node),
    shallowBytes: shallowBytesOf(snapshot, node),
    heldBytes: heap.heldBytes[node]!,
    name: isSubject || isRoot ? trailOf(heap, node).text : null,
    isSubject,
    hiddenTargets: targets.filter(isHidden).length,
    hiddenReferrers: referrers.get(node)?.filter(isHidden).length ?? null,
  };
}

/** One edge for each pair, the one that reads best. */
function edgesAmong({ snapshot }: OwnedHeap, shown: ReadonlySet<NodeIx>, onPath: ReadonlySet<string>): NeighbourEdge[] {
  const { edgeStart, edgeTarget } = snapshot.refs;
  return [...shown].flatMap((from) => {
    const among = edgeTarget.subarray(edgeStart[from], edgeStart[from + 1]).filter((to) => shown.has(to as NodeIx));
    return distinct(among).map((to) => ({
      from,
      to,
      label: edgeWords(snapshot, from, to),
      isPath: onPath.has(`${from} ${to}`),
    }));
  });
}

/** Each once, ascending. A set of a million objects would take ten times as long. */
function distinct(nodes: Uint32Array): NodeIx[] {
  const sorted = nodes.slice().sort();
  return Array.from(sorted.filter((node, at) => at === 0 || node !== sorted[at - 1])) as NodeIx[];
}

function edgeWords(snapshot: OwnedHeap["snapshot"], from: NodeIx, to: NodeIx): string {
  const edge = bestEdge(snapshot, from, to);
  if (edge === null) return "";
  const place = placeOf(snapshot, from, edge satisfies EdgeIx);
  switch (place.kind) {
    case "element":
      return `[${place.index}]`;
    case "value":
      return `[${keyWords(snapshot, place.key)}]`;
    case "key":
      return "key";
    case "field":
      return place.name.startsWith("__") ? printable(place.name) : `.${printable(place.name)}`;
    case "member":
    case "unnamed":
      return "";
  }
}
