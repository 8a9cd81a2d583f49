// From addresses to rows: the columns of a snapshot out of what a dump said, object by object.

import { OVERSIZE } from "../../base/uint32.ts";
import { AddressIndex } from "../inside/address-index.ts";
import { POSITIONAL_LABEL, type TextTable, UNNAMED_LABEL } from "../snapshot.ts";
import type { ObjectTable } from "./object-table.ts";

/** Columns over nodes and references, and texts, as a snapshot has them. */
export interface LinkedObjects {
  readonly index: AddressIndex;
  readonly type: Uint16Array;
  readonly shallowBytes: Uint32Array;
  readonly oversize: ReadonlyMap<number, number>;
  readonly edgeStart: Uint32Array;
  readonly edgeTarget: Uint32Array;
  readonly edgeLabel: Uint16Array;
  readonly texts: TextTable;
  /** References that lead to no object of the file. */
  readonly lost: number;
}

/** An object that stands in the file twice is taken as it was first. O(objects log objects + references). */
export function linkObjects(table: ObjectTable): LinkedObjects {
  const index = new AddressIndex(table.address.view().slice());
  const source = sourceRows(table, index);
  const { count } = index;
  const type = new Uint16Array(count);
  const shallowBytes = new Uint32Array(count);
  const oversize = new Map<number, number>();
  const edgeStart = new Uint32Array(count + 1);
  for (let node = 1; node < count; node++) {
    const row = source[node]!;
    const bytes = table.bytes.at(row);
    type[node] = table.type.at(row);
    shallowBytes[node] = Math.min(bytes, OVERSIZE);
    if (bytes >= OVERSIZE) oversize.set(node, bytes);
    edgeStart[node + 1] = edgeStart[node]! + lastTarget(table, row) - table.firstTarget.at(row);
  }
  const edges = copyEdges(table, index, source, edgeStart);
  return { index, type, shallowBytes, oversize, edgeStart, ...edges, texts: textsByNode(table, index) };
}

/** Row of the file for each node; -1 for the placeholder. */
function sourceRows(table: ObjectTable, index: AddressIndex): Int32Array {
  const source = new Int32Array(index.count).fill(-1);
  for (let row = 0; row < table.address.length; row++) {
    const node = index.rowOf(table.address.at(row));
    if (source[node] === -1) source[node] = row;
  }
  return source;
}

function lastTarget(table: ObjectTable, row: number): number {
  return row + 1 < table.firstTarget.length ? table.firstTarget.at(row + 1) : table.target.length;
}

function copyEdges(
  table: ObjectTable,
  index: AddressIndex,
  source: Int32Array,
  edgeStart: Uint32Array,
): Pick<LinkedObjects, "edgeTarget" | "edgeLabel" | "lost"> {
  const edgeTarget = new Uint32Array(edgeStart[index.count]!);
  const edgeLabel = new Uint16Array(edgeTarget.length);
  let lost = 0;
  for (let node = 1; node < index.count; node++) {
    const row = source[node]!;
    const end = lastTarget(table, row);
    for (let from = table.firstTarget.at(row), to = edgeStart[node]!; from < end; from++, to++) {
      edgeTarget[to] = index.rowOf(table.target.at(from));
      edgeLabel[to] = table.label.at(from);
      if (edgeTarget[to] === 0) lost += 1;
    }
  }
  return { edgeTarget, edgeLabel, lost };
}

function textsByNode({ address, textRow, textStart, utf8 }: ObjectTable, index: AddressIndex): TextTable {
  const rows = textRow.length;
  const nodes = Uint32Array.from(textRow.view(), (row) => index.rowOf(address.at(row)));
  const order = Uint32Array.from(nodes.keys()).sort((a, b) => nodes[a]! - nodes[b]! || a - b);
  const kept = order.filter((at, i) => i === 0 || nodes[at] !== nodes[order[i - 1]!]);
  const endOf = (at: number): number => (at + 1 < rows ? textStart.at(at + 1) : utf8.length);
  const start = new Uint32Array(kept.length + 1);
  for (const [i, at] of kept.entries()) start[i + 1] = start[i]! + endOf(at) - textStart.at(at);
  const bytes = new Uint8Array(start[kept.length]!);
  const all = utf8.view();
  for (const [i, at] of kept.entries()) bytes.set(all.subarray(textStart.at(at), endOf(at)), start[i]);
  return { node: kept.map((at) => nodes[at]!), start, utf8: bytes };
}

/**
 * Pairs of a dict with an odd number of references: the tool left one value out. Where `left` finds its key, the key goes to
 * the end, and the others are pairs again; otherwise none of them has a place.
 */
export function settleOddMappings(
  { type, edgeStart, edgeTarget, edgeLabel }: LinkedObjects,
  isMapping: (type: number) => boolean,
  left: (key: number) => boolean,
): void {
  for (let node = 1; node < type.length; node++) {
    const start = edgeStart[node]!;
    const end = edgeStart[node + 1]!;
    if ((end - start) % 2 === 0 || edgeLabel[end - 1] !== POSITIONAL_LABEL || !isMapping(type[node]!)) continue;
    let at = start;
    while (at < end && !left(edgeTarget[at]!)) at += 2;
    if (at >= end) edgeLabel.fill(UNNAMED_LABEL, start, end);
    else {
      const key = edgeTarget[at]!;
      edgeTarget.copyWithin(at, at + 1, end);
      edgeTarget[end - 1] = key;
      edgeLabel[end - 1] = UNNAMED_LABEL;
    }
  }
}
