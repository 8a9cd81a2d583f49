// Columns with one row per edge: nine tenths of a file, so this is where its size is decided. Same contract as in
// node-columns.ts: continue at `from`, return the next row, carry nothing over.
//
// A target is either one of a few that everything points to (None, True, a class, a shared name), or a neighbour of what
// was written before. The first kind is remembered in a small table; the second is a distance. See bench/method.md for
// the encodings this one beat.

import type { Snapshot } from "../snapshot.ts";
import type { Columns } from "./columns.ts";
import { type ByteReader, type ByteWriter, MAX_VARINT_BYTES, unzigzag, zigzag } from "./varint.ts";

const RECENT_SLOTS = 256;
/** Knuth's multiplicative hash: 2^32 / golden ratio. */
const HASH_FACTOR = 0x9e3779b1;

function recentSlot(target: number): number {
  return Math.imul(target, HASH_FACTOR) >>> 24;
}

/** The node whose edges include row `edge`: the last one that starts at or before it. */
function sourceOf(edgeStart: Uint32Array, edge: number): number {
  let low = 0;
  let high = edgeStart.length - 1;
  while (low + 1 < high) {
    const middle = (low + high) >>> 1;
    if (edgeStart[middle]! <= edge) low = middle;
    else high = middle;
  }
  return low;
}

export function encodeTargets({ refs }: Snapshot, from: number, out: ByteWriter): number {
  const { edgeStart, edgeTarget } = refs;
  const recent = new Uint32Array(RECENT_SLOTS);
  let source = sourceOf(edgeStart, from);
  let previous = source;
  let edge = from;
  for (; edge < edgeTarget.length && out.room >= MAX_VARINT_BYTES; edge++) {
    while (edgeStart[source + 1]! <= edge) previous = ++source;
    const target = edgeTarget[edge]!;
    const slot = recentSlot(target);
    if (recent[slot] === target) {
      out.byte(0);
      out.byte(slot);
    } else {
      out.varint(zigzag(target - previous) + 1);
      recent[slot] = target;
      previous = target;
    }
  }
  return edge;
}

export function decodeTargets({ edgeStart, edgeTarget }: Columns, from: number, input: ByteReader): number {
  const recent = new Uint32Array(RECENT_SLOTS);
  const lastSource = edgeStart.length - 2;
  let source = sourceOf(edgeStart, from);
  let previous = source;
  let edge = from;
  for (; edge < edgeTarget.length && input.position < input.length; edge++) {
    while (source < lastSource && edgeStart[source + 1]! <= edge) previous = ++source;
    const code = input.varint();
    if (code === 0) {
      edgeTarget[edge] = recent[input.byte()]!;
    } else {
      previous = (previous + unzigzag(code - 1)) | 0;
      edgeTarget[edge] = previous;
      recent[recentSlot(previous)] = previous;
    }
  }
  return edge;
}

/** Attributes have the top bit of a label set; rotated to the bottom they stay one byte, and 0 stays 0. */
function rotateLabel(label: number): number {
  return ((label << 1) | (label >>> 15)) & 0xffff;
}

function unrotateLabel(rotated: number): number {
  return (rotated >>> 1) | ((rotated & 1) << 15);
}

export function encodeLabels({ edgeLabel }: Snapshot, from: number, out: ByteWriter): number {
  let edge = from;
  while (edge < edgeLabel.length && out.room >= 2 * MAX_VARINT_BYTES) {
    const label = edgeLabel[edge]!;
    out.varint(rotateLabel(label));
    const runStart = edge++;
    if (label !== 0) continue;
    while (edge < edgeLabel.length && edgeLabel[edge] === 0) edge++;
    out.varint(edge - runStart - 1);
  }
  return edge;
}

/** A run that leaves the column is reported as one row too many. */
export function decodeLabels({ edgeLabel }: Columns, from: number, input: ByteReader): number {
  let edge = from;
  while (edge < edgeLabel.length && input.position < input.length) {
    const rotated = input.varint();
    if (rotated !== 0) edgeLabel[edge++] = unrotateLabel(rotated);
    else edge += input.varint() + 1; // zeros are there already: a fresh column is all zeros
  }
  return edge;
}
