// The dominator tree as a person can look at it: what would be freed with what, from the roots down. Places that hold much
// keep their names; what is small is folded by type, so that millions of objects become some thousand rows.

import type { NodeIx } from "../../base/brand.ts";
import { addressOf, formatAddress } from "../analysis/addresses.ts";
import { printable } from "../../base/format-printable.ts";
import type { RetentionRow } from "../../model/page-reports.ts";
import { NO_NODE, type RefGraph } from "../../graph/ref-graph.ts";
import { reverse } from "../../graph/reverse.ts";
import { qualifiedName, shallowBytesOf } from "../analysis/edges.ts";
import { dominatorOf, parentOf, type HeapAnalysis } from "../analyse.ts";
import { moduleFileOf } from "../holders/module-files.ts";
import { shorten } from "../paths/path-of.ts";
import { GARBAGE_TEXT } from "../paths/roots.ts";
import type { Trail } from "../paths/trail.ts";
import { trailOf } from "../paths/trails.ts";

export interface RetentionOptions {
  /** Share of the heap from which on an object has a row of its own; default 1/2000. */
  readonly leastShare?: number;
}

const LEAST_SHARE = 1 / 2000;
/** Rows further down are counted for the one above: a chain of a million links is one row in any picture. */
const DEEPEST = 100;
const SEVERAL_ROOTS = "<held by several roots>";

/** O(nodes) time and 8 bytes per node, beside the names of at most 1/leastShare objects per level. */
export function retentionTree(analysis: HeapAnalysis, options: RetentionOptions = {}): RetentionRow {
  const { nodeCount } = analysis.snapshot.refs;
  const { leastShare = LEAST_SHARE } = options;
  const folding: Folding = {
    analysis,
    dominated: dominatedLists(analysis.tree.idom),
    leastBytes: Math.max(1, analysis.retainedBytes[nodeCount]! * leastShare),
    typeLabels: [],
  };
  const root = draft("", 0);
  const work: Work[] = [{ row: root, nodes: [nodeCount] }];
  for (let next = work.pop(); next !== undefined; next = work.pop()) work.push(...unfold(folding, next));
  addGarbage(folding, root);
  return finish(root);
}

/** A row's own objects with the labels of all rows above it, outermost first. */
export interface RetentionStack {
  readonly rows: readonly RetentionRow[];
  readonly bytes: number;
  readonly count: number;
}

/** Every row that has objects of its own, as a stack; in depth-first order. */
export function* retentionStacks(
  row: RetentionRow,
  above: readonly RetentionRow[] = [],
): Generator<RetentionStack, void, undefined> {
  for (const each of row.below) {
    const rows = [...above, each];
    if (each.ownCount > 0) yield { rows, bytes: each.ownBytes, count: each.ownCount };
    yield* retentionStacks(each, rows);
  }
}

interface Folding {
  readonly analysis: HeapAnalysis;
  /** Row `d` lists what `d` immediately dominates; the last row is the virtual root. */
  readonly dominated: RefGraph;
  readonly leastBytes: number;
  /** By type row, filled as they are needed. */
  readonly typeLabels: string[];
}

/** A row under construction. */
interface Draft {
  readonly label: string;
  readonly depth: number;
  file: string | null;
  line: number | null;
  address: string | null;
  ownBytes: number;
  ownCount: number;
  readonly below: Map<string, Draft>;
}

/** Objects of a row whose dominated objects are still to be placed. */
interface Work {
  readonly row: Draft;
  readonly nodes: readonly number[];
}

function draft(label: string, depth: number): Draft {
  return { label, depth, file: null, line: null, address: null, ownBytes: 0, ownCount: 0, below: new Map() };
}

/** The dominator tree turned round: a graph with one edge per node, from it to its dominator, reversed. */
function dominatedLists(idom: Uint32Array): RefGraph {
  const edgeStart = new Uint32Array(idom.length + 2);
  for (let node = 0; node <= idom.length; node++) edgeStart[node] = node;
  edgeStart[idom.length + 1] = idom.length;
  return reverse({ nodeCount: idom.length + 1, edgeStart, edgeTarget: idom });
}

/** Places what the objects of a row dominate; returns what that leaves to do. */
function unfold({ dominated, ...folding }: Folding, { row, nodes }: Work): Iterable<Work> {
  const { edgeStart, edgeTarget } = dominated;
  const opened = new Map<Draft, number[]>();
  for (const node of nodes) {
    const end = edgeStart[node + 1]!;
    for (let at = edgeStart[node]!; at < end; at++) {
      const child = edgeTarget[at]!;
      if (child === 0) continue;
      const place = rowFor(folding, row, child as NodeIx);
      place.ownBytes += shallowBytesOf(folding.analysis.snapshot, child as NodeIx);
      place.ownCount += 1;
      if (edgeStart[child] === edgeStart[child + 1]) continue;
      const list = opened.get(place);
      if (list === undefined) opened.set(place, [child]);
      else list.push(child);
    }
  }
  return [...opened].map(([place, inside]) => ({ row: place, nodes: inside }));
}

type Naming = Omit<Folding, "dominated">;

function rowFor(folding: Naming, row: Draft, node: NodeIx): Draft {
  const { analysis, leastBytes } = folding;
  if (row.depth >= DEEPEST) return row;
  return analysis.retainedBytes[node]! >= leastBytes ? namedRow(analysis, row, node) : typeRow(folding, row, node);
}

/** A step without words (`__dict__`, the contents of a cell) belongs to the row above. */
function namedRow(analysis: HeapAnalysis, row: Draft, node: NodeIx): Draft {
  const trail = trailOf(analysis, node);
  const dominator = dominatorOf(analysis, node);
  const isStep = dominator !== null && parentOf(analysis, node) === dominator;
  if (isStep && (trail.edge === null || trail.replaces)) return row;
  const place = below(row, isStep ? trail.edge! : shorten(trail.text));
  Object.assign(place, placeInSource(analysis, trail));
  // Places of one name under one row are few: the first stands for them.
  place.address ??= formatAddress(addressOf(analysis.snapshot.nodes, node));
  return place;
}

function placeInSource(analysis: HeapAnalysis, trail: Trail): Pick<Draft, "file" | "line"> {
  const file = trail.file ?? (trail.module === null ? null : moduleFileOf(analysis, trail.module));
  return { file, line: trail.line };
}

/** Links of a chain, and boxes in boxes, are one row. */
function typeRow({ analysis, typeLabels }: Naming, row: Draft, node: NodeIx): Draft {
  const type = analysis.snapshot.nodes.type[node]!;
  const label = (typeLabels[type] ??= printable(qualifiedName(analysis.snapshot.types[type]!)));
  if (row.depth > 0 && row.label === label) return row;
  return below(row.depth === 0 ? below(row, SEVERAL_ROOTS) : row, label);
}

function below(row: Draft, label: string): Draft {
  const known = row.below.get(label);
  if (known !== undefined) return known;
  const made = draft(label, row.depth + 1);
  row.below.set(label, made);
  return made;
}

/** What nothing reaches has no dominator: one row for each type of it. */
function addGarbage({ analysis, typeLabels }: Folding, root: Draft): void {
  if (analysis.garbage.count === 0) return;
  const garbage = below(root, GARBAGE_TEXT);
  const { parent } = analysis.rooted;
  for (let node = 1; node < parent.length; node++) {
    if (parent[node] !== NO_NODE) continue;
    const row = typeRow({ analysis, typeLabels, leastBytes: 0 }, garbage, node as NodeIx);
    row.ownBytes += shallowBytesOf(analysis.snapshot, node as NodeIx);
    row.ownCount += 1;
  }
}

/** Sums up and sorts; at most DEEPEST calls deep. */
function finish(row: Draft): RetentionRow {
  const { label, file, line, address, ownBytes, ownCount } = row;
  const rows = [...row.below.values()].map(finish);
  rows.sort((a, b) => b.retainedBytes - a.retainedBytes || (a.label < b.label ? -1 : 1));
  const retainedBytes = rows.reduce((sum, each) => sum + each.retainedBytes, ownBytes);
  return { label, file, line, address, ownBytes, ownCount, retainedBytes, below: rows };
}
