// Tables that have a row for some nodes only: reference excess and texts. Same contract as in node-columns.ts.

import type { Snapshot } from "../snapshot.ts";
import type { Columns } from "./columns.ts";
import { type ByteReader, type ByteWriter, MAX_VARINT_BYTES, unzigzag, zigzag } from "./varint.ts";

export function encodeExcess({ excess }: Snapshot, from: number, out: ByteWriter): number {
  let row = from;
  for (let previous = 0; row < excess.node.length && out.room >= 2 * MAX_VARINT_BYTES; row++) {
    const node = excess.node[row]!;
    out.varint(node - previous);
    out.varint(zigzag(excess.excess[row]!));
    previous = node;
  }
  return row;
}

export function decodeExcess({ excessNode, excess }: Columns, from: number, input: ByteReader): number {
  let row = from;
  for (let previous = 0; row < excessNode.length && input.position < input.length; row++) {
    previous = (previous + input.varint()) | 0;
    excessNode[row] = previous;
    excess[row] = unzigzag(input.varint());
  }
  return row;
}

export function encodeTexts({ texts }: Snapshot, from: number, out: ByteWriter): number {
  let row = from;
  for (let previous = 0; row < texts.node.length && out.room >= 2 * MAX_VARINT_BYTES; row++) {
    const node = texts.node[row]!;
    out.varint(node - previous);
    out.varint(texts.start[row + 1]! - texts.start[row]!);
    previous = node;
  }
  return row;
}

export function decodeTexts({ textNode, textStart }: Columns, from: number, input: ByteReader): number {
  let row = from;
  for (let previous = 0; row < textNode.length && input.position < input.length; row++) {
    previous = (previous + input.varint()) | 0;
    textNode[row] = previous;
    textStart[row + 1] = textStart[row]! + input.varint();
  }
  return row;
}

export function encodeTextBytes({ texts }: Snapshot, from: number, out: ByteWriter): number {
  return from + out.copy(texts.utf8.subarray(from, from + out.room));
}

export function decodeTextBytes({ textUtf8 }: Columns, from: number, input: ByteReader): number {
  const part = input.take(textUtf8.length - from);
  textUtf8.set(part, from);
  return from + part.length;
}
