// The columns of a snapshot while they are being filled from a file: allocated once, from the totals in the header.

import type { FileHeader } from "./format.ts";

/** Columns as a decoder writes them. Sizes of 4 GiB and more go to `oversize`. */
export interface Columns {
  readonly type: Uint16Array;
  readonly shallowBytes: Uint32Array;
  readonly oversize: Map<number, number>;
  readonly addressLow: Uint32Array;
  readonly edgeStart: Uint32Array;
  readonly edgeTarget: Uint32Array;
  readonly edgeLabel: Uint16Array;
  readonly excessNode: Uint32Array;
  readonly excess: Int32Array;
  readonly textNode: Uint32Array;
  readonly textStart: Uint32Array;
  readonly textUtf8: Uint8Array;
}

/** Throws a RangeError when the machine has no room for them. */
export function allocateColumns(header: FileHeader): Columns {
  return {
    type: new Uint16Array(header.nodes),
    shallowBytes: new Uint32Array(header.nodes),
    oversize: new Map(),
    addressLow: new Uint32Array(header.nodes),
    edgeStart: new Uint32Array(header.nodes + 1),
    edgeTarget: new Uint32Array(header.edges),
    edgeLabel: new Uint16Array(header.edges),
    excessNode: new Uint32Array(header.excess),
    excess: new Int32Array(header.excess),
    textNode: new Uint32Array(header.texts),
    textStart: new Uint32Array(header.texts + 1),
    textUtf8: new Uint8Array(header.textBytes),
  };
}

/** Memory the columns of a header take. */
export function columnBytes(header: FileHeader): number {
  return header.nodes * 14 + 4 + header.edges * 6 + header.excess * 8 + header.texts * 8 + 4 + header.textBytes;
}
