// Columns with one row per node. Every function continues at row `from`, stops when the block is full or used up, and
// returns the next row; nothing carries over from block to block.

import { OVERSIZE } from "../../base/uint32.ts";
import type { Snapshot } from "../snapshot.ts";
import type { Columns } from "./columns.ts";
import { type ByteReader, type ByteWriter, MAX_VARINT_BYTES, MAX_WIDE_VARINT_BYTES } from "./varint.ts";

/** In `shallowBytes`: the size is in `oversize`. */
/** Objects sit on multiples of 16: rotating a distance by 4 bits makes most of them one byte, and loses none. */
const ALIGNMENT_BITS = 4;

export function encodeAddresses({ nodes }: Snapshot, from: number, out: ByteWriter): number {
  const { addressLow, count } = nodes;
  let row = from;
  for (let previous = 0; row < count && out.room >= MAX_VARINT_BYTES; row++) {
    const low = addressLow[row]!;
    const distance = low - previous;
    out.varint((distance >>> ALIGNMENT_BITS) | (distance << (32 - ALIGNMENT_BITS)));
    previous = low;
  }
  return row;
}

export function decodeAddresses({ addressLow }: Columns, from: number, input: ByteReader): number {
  let row = from;
  for (let previous = 0; row < addressLow.length && input.position < input.length; row++) {
    const rotated = input.varint();
    previous = (previous + ((rotated << ALIGNMENT_BITS) | (rotated >>> (32 - ALIGNMENT_BITS)))) | 0;
    addressLow[row] = previous;
  }
  return row;
}

export function encodeTypes({ nodes }: Snapshot, from: number, out: ByteWriter): number {
  const { type, count } = nodes;
  let row = from;
  for (; row < count && out.room >= MAX_VARINT_BYTES; row++) out.varint(type[row]!);
  return row;
}

export function decodeTypes({ type }: Columns, from: number, input: ByteReader): number {
  let row = from;
  for (; row < type.length && input.position < input.length; row++) type[row] = Math.min(input.varint(), 0xffff);
  return row;
}

export function encodeSizes({ nodes }: Snapshot, from: number, out: ByteWriter): number {
  const { shallowBytes, oversize, count } = nodes;
  let row = from;
  for (; row < count && out.room >= MAX_WIDE_VARINT_BYTES; row++) {
    const size = shallowBytes[row]!;
    if (size === OVERSIZE) out.wideVarint(oversize.get(row) ?? OVERSIZE);
    else out.varint(size);
  }
  return row;
}

export function decodeSizes({ shallowBytes, oversize }: Columns, from: number, input: ByteReader): number {
  let row = from;
  for (; row < shallowBytes.length && input.position < input.length; row++) {
    const size = input.wideVarint();
    if (size >= OVERSIZE) oversize.set(row, size);
    shallowBytes[row] = Math.min(size, OVERSIZE);
  }
  return row;
}

export function encodeDegrees({ refs }: Snapshot, from: number, out: ByteWriter): number {
  const { edgeStart, nodeCount } = refs;
  let row = from;
  for (; row < nodeCount && out.room >= MAX_VARINT_BYTES; row++) out.varint(edgeStart[row + 1]! - edgeStart[row]!);
  return row;
}

export function decodeDegrees({ edgeStart }: Columns, from: number, input: ByteReader): number {
  const last = edgeStart.length - 1;
  let row = from;
  for (; row < last && input.position < input.length; row++) edgeStart[row + 1] = edgeStart[row]! + input.varint();
  return row;
}
